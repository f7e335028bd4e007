package recipe

import (
	"errors"
	"fmt"
	"slices"
)

// Stage is some epochs of a training that differ from its last ones: on pictures of another size, shifted farther. Small pictures
// first is progressive resizing (Howard and Gugger, "Deep learning for coders", 2020, chapter 7): most epochs cost a part of those on
// large pictures, and the weights carry over, since a ResNet ends in an average over all places.
type Stage struct {
	Epochs int     `json:"epochs"`
	Size   int     `json:"size"`  // width and height of the pictures that are learned from, and of those of the validation set
	Shift  float64 `json:"shift"` // in the place of Augment.Shift
}

// Stage returns the early stage of an epoch, which counts from 1. The epochs after all of them have none.
func (t Training) Stage(epoch int) (s Stage, early bool) {
	for _, s := range t.EarlyStages {
		if epoch <= s.Epochs {
			return s, true
		}
		epoch -= s.Epochs
	}
	return Stage{}, false
}

// EarlySizes lists the sizes of pictures of the early stages, each once.
func (t Training) EarlySizes() []int {
	var sizes []int
	for _, s := range t.EarlyStages {
		if !slices.Contains(sizes, s.Size) {
			sizes = append(sizes, s.Size)
		}
	}
	return sizes
}

// EarlySizes lists the sizes of pictures of the early stages of all models, each once.
func (s Study) EarlySizes() []int {
	sizes := slices.Concat(s.Teacher.EarlySizes(), s.Student.EarlySizes(), s.Chain.EarlySizes())
	slices.Sort(sizes)
	return slices.Compact(sizes)
}

// validateStages returns every fault of the early stages.
func (t Training) validateStages() error {
	var errs []error
	epochs := 0
	for i, s := range t.EarlyStages {
		epochs += s.Epochs
		if s.Epochs < 1 || s.Size < minSize || !(s.Shift >= 0 && s.Shift <= 1) {
			errs = append(errs, fmt.Errorf("early_stages: stage %d: got %d epochs at size %d with shift %v, want at least 1 epoch, a size of at least %d, a shift in [0, 1]",
				i+1, s.Epochs, s.Size, s.Shift, minSize))
		}
	}
	if len(t.EarlyStages) > 0 && epochs >= t.Epochs {
		errs = append(errs, fmt.Errorf("early_stages: got %d epochs, want fewer than all %d: the last stage is on the data's own size", epochs, t.Epochs))
	}
	return errors.Join(errs...)
}
