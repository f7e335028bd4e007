package notebook

import (
	"distillation/kdlib/explain"
)

// Looks displays pictures and, beside each, where networks look: a row each, side x side pixels. Blue speaks for class 0, orange for
// class 1. An error stops the cell, as in Must.
func Looks(l *explain.Looks, side int, errs ...error) {
	Check(errs...)
	for _, p := range l.Pictures() {
		captions := []string{p.Captions[0]}
		for i, n := range l.Networks {
			captions = append(captions, n.Name+": "+p.Captions[i+1])
		}
		Pictures(p.Beside(side), captions)
	}
}
