package images

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"distillation/kdlib/predictions"
)

// anyPicture is a picture of any name; a hidden file (and with it ._x.jpg of macOS) is none.
var anyPicture = regexp.MustCompile(`(?is)^([^.].*)\.(?:jpg|jpeg|png)$`)

// addFolders takes the files that belong to no layout for two folders of pictures, each a class.
func (s *Source) addFolders() error {
	entries := s.ignored
	folders, err := s.twoFolders(entries)
	if err != nil {
		return err
	}
	s.ignored = nil
	for label, folder := range folders {
		s.classes[label] = path.Base(folder)
	}
	for _, e := range entries {
		folder, stem, ok := inFolder(e.name)
		if !ok {
			s.ignored = append(s.ignored, e)
			continue
		}
		label := slices.Index(folders, folder)
		p := Picture{ID: s.classes[label] + "." + stem, Label: label, Path: e.name}
		if predictions.CheckID(p.ID) != nil {
			s.problems = append(s.problems, Problem{e.name, "a control character in its name"})
			continue
		}
		if err := s.accept(p, e.mode); err != nil {
			return err
		}
	}
	return nil
}

// twoFolders returns the paths of the folders that hold pictures, in the order of their labels; an error unless there are
// two, of two names.
func (s *Source) twoFolders(entries []entry) ([]string, error) {
	var folders []string
	for _, e := range entries {
		if folder, _, ok := inFolder(e.name); ok && !slices.Contains(folders, folder) {
			folders = append(folders, folder)
			if len(folders) == mostNamed {
				break
			}
		}
	}
	slices.SortFunc(folders, func(a, b string) int {
		return cmp.Or(cmp.Compare(classOf(a), classOf(b)), cmp.Compare(a, b))
	})
	switch total := len(entries) + len(s.problems); {
	case len(folders) == 0:
		return nil, fmt.Errorf("no pictures among %d files: want %s", total, layouts)
	case len(folders) != 2:
		return nil, fmt.Errorf("no cats and dogs among %d files, and pictures in the folders %q: want %s", total, folders, layouts)
	case classOf(folders[0]) == classOf(folders[1]):
		return nil, fmt.Errorf("pictures in the folders %q: want two names, which are the classes", folders)
	}
	return folders, nil
}

// mostNamed folders of pictures are looked for: enough to see that they are not two.
const mostNamed = 5

// classOf is what decides a folder's label.
func classOf(folder string) string { return strings.ToLower(path.Base(folder)) }

// inFolder takes the path of a picture in a folder apart: "faces/left/a.jpg" is "a" in "faces/left".
func inFolder(name string) (folder, stem string, ok bool) {
	clean := path.Clean(strings.ReplaceAll(name, `\`, "/")) // zips made on Windows
	folder = path.Dir(clean)
	m := anyPicture.FindStringSubmatch(path.Base(clean))
	if m == nil || folder == "." || resourceFork(clean) {
		return "", "", false
	}
	return folder, m[1], true
}
