package images

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"distillation/kdlib/predictions"
)

// endings of what is read as a picture.
const endings = `\.(?:jpg|jpeg|jpe|jfif|png|webp|bmp)$`

// anyPicture is a picture of any name, taken apart.
var anyPicture = regexp.MustCompile(`(?is)^(.+)` + endings)

// pets are the classes of the layouts of Kaggle and Microsoft, by label.
var pets = predictions.CatDog

// At most nine digits, so that the number fits an int on every machine.
var (
	kaggleName    = regexp.MustCompile(`(?i)^(cat|dog)\.([0-9]{1,9})` + endings)
	microsoftName = regexp.MustCompile(`(?i)^(?:|.*/petimages/|petimages/)(cat|dog)/([0-9]{1,9})` + endings)
)

// pet recognises a slash-separated path of Kaggle's or Microsoft's layout.
func pet(name string) (p Picture, kaggle, ok bool) {
	m := kaggleName.FindStringSubmatch(path.Base(name))
	kaggle = m != nil
	if !kaggle {
		m = microsoftName.FindStringSubmatch(name)
	}
	if m == nil {
		return Picture{}, false, false
	}
	number, err := strconv.Atoi(m[2])
	if err != nil {
		return Picture{}, false, false
	}
	class := strings.ToLower(m[1])
	p = Picture{number: number, ID: fmt.Sprintf("%s.%d", class, number)}
	if class == pets[1] {
		p.Label = 1
	}
	return p, kaggle, true
}

// systemFolders are kept beside data by systems and servers, under names that do not begin with a dot.
var systemFolders = regexp.MustCompile(`(?i)^(?:__MACOSX|@eaDir|\$RECYCLE\.BIN|#recycle|System Volume Information|lost\+found|__pycache__)$`)

// hidden says whether a part of a path is no data: a hidden or system folder, or a hidden file (and with it ._x.jpg of macOS).
func hidden(part string) bool {
	return strings.HasPrefix(part, ".") && part != "." && part != ".." || systemFolders.MatchString(part)
}

// anyHidden is hidden for the parts of a clean, slash-separated path.
func anyHidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if hidden(part) {
			return true
		}
	}
	return false
}

// unsafePath says why a path of an archive must not be followed, or "".
func unsafePath(name string) string {
	slashed := slashes(name)
	switch {
	case strings.HasPrefix(slashed, "/"), len(slashed) > 1 && slashed[1] == ':':
		return "absolute path"
	case strings.Contains("/"+slashed+"/", "/../"):
		return `path with ".."`
	}
	return ""
}

// slashes has the path of a zip made on Windows with slashes.
func slashes(name string) string { return strings.ReplaceAll(name, `\`, "/") }
