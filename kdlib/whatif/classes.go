package whatif

import (
	"path"
	"strings"

	"distillation/kdlib/label"
	"distillation/kdlib/pred"
)

// classesOf are the names of the labels 0 and 1 as the pictures' names tell them ("cat.0", "dog.7"): what all names of a class
// begin with, up to a dot; "0" and "1" where they tell nothing.
func classesOf(t pred.Table) [2]string {
	var starts [2]string
	var seen [2]bool
	for _, row := range t {
		class := label.Class(row.Label, label.Threshold)
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
