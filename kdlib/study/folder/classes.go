package folder

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"distillation/kdlib/distill"
	"distillation/kdlib/predictions"
)

// Classes are the names of the labels 0 and 1: those that the folder names, or else what the names of pictures tell, of any of
// the study's predictions.
func (r *Study) Classes(named predictions.Table) ([2]string, error) {
	classes, err := predictions.ReadClasses(r.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return classesOf(named), nil
	}
	return classes, err
}

// classesOf are the names of the labels 0 and 1 as the pictures' names tell them ("cat.0", "dog.7"): what all names of a class
// begin with, up to a dot; "0" and "1" where they tell nothing.
func classesOf(t predictions.Table) [2]string {
	var starts [2]string
	var seen [2]bool
	for _, row := range t {
		class := distill.Class(row.Label, distill.Threshold)
		if !seen[class] {
			starts[class], seen[class] = row.ID, true
		}
		starts[class] = commonStart(starts[class], row.ID)
	}
	names := [2]string{"0", "1"}
	for class, start := range starts {
		if dot := strings.LastIndexByte(start, '.'); dot > 0 {
			names[class] = path.Base(start[:dot]) // without the set of pictures that were split already
		}
	}
	return names
}

func commonStart(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return a[:n]
}
