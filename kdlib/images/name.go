package images

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// layouts says which file names are understood; error messages repeat it.
const layouts = "cat.0.jpg, dog.12.jpg, ... in any folder (Kaggle), or PetImages/Cat/0.jpg, PetImages/Dog/12.jpg, ... (Microsoft), or exactly two folders of pictures"

// pets are the classes of the first two layouts, by label.
var pets = [2]string{"cat", "dog"}

// At most nine digits, so that the number fits an int on every machine.
var (
	kaggleName    = regexp.MustCompile(`(?i)^(cat|dog)\.([0-9]{1,9})\.(?:jpg|jpeg|png)$`)
	microsoftName = regexp.MustCompile(`(?i)^(?:|.*/petimages/|petimages/)(cat|dog)/([0-9]{1,9})\.(?:jpg|jpeg|png)$`)
)

// picture recognises a slash-separated path of one of the two layouts.
func picture(name string) (Picture, bool) {
	clean := path.Clean(strings.ReplaceAll(name, `\`, "/")) // zips made on Windows
	if resourceFork(clean) {
		return Picture{}, false
	}
	m := kaggleName.FindStringSubmatch(path.Base(clean))
	if m == nil {
		m = microsoftName.FindStringSubmatch(clean)
	}
	if m == nil {
		return Picture{}, false
	}
	number, err := strconv.Atoi(m[2])
	if err != nil {
		return Picture{}, false
	}
	p := Picture{Path: name, number: number}
	class := strings.ToLower(m[1])
	if class == pets[1] {
		p.Label = 1
	}
	p.ID = fmt.Sprintf("%s.%d", class, number)
	return p, true
}

// resourceFork recognises what macOS adds to archives beside a picture.
func resourceFork(clean string) bool { return strings.Contains(clean, "__MACOSX/") }

// unsafePath says why a path of an archive must not be followed, or "".
func unsafePath(name string) string {
	slashed := strings.ReplaceAll(name, `\`, "/")
	switch {
	case strings.HasPrefix(slashed, "/"), len(slashed) > 1 && slashed[1] == ':':
		return "absolute path"
	case strings.Contains("/"+slashed+"/", "/../"):
		return `path with ".."`
	}
	return ""
}
