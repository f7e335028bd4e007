// Package distill turns a model's predictions into labels for another model. It has the paper's hard rule (13) and soft rule
// (14); the soft rule may also have a temperature and a share of the ground-truth label. Label smoothing stands beside them. A
// new rule is one file and one line in the list of rules.
package distill

import (
	"cmp"
	"errors"
	"fmt"
	"math"
)

// Threshold is the paper's th (section 2, formulas (11) and (13)): a prediction
// strictly greater than it is "dog".
const Threshold = 0.5

// Class is the model's own prediction by (13):
//
//	1 (dog) if p > threshold, else 0 (cat)
//
// A prediction equal to the threshold is a cat, and so is NaN.
func Class(p, threshold float64) int {
	if p > threshold {
		return 1
	}
	return 0
}

// Rule makes the label that a student learns from. p is the prediction of its teacher and truth the ground-truth label of the
// picture; both and the label lie in [0, 1]. A rule is a comparable struct of float64 options with names in JSON. String is its
// name, which ParseRule reads.
type Rule interface {
	Label(p, truth float64) float64
	NeedsTeacher() bool // false: p has no part in the label
	Validate() error    // every fault of the options
	String() string
}

// Hard is rule (13): the label is the teacher's class, 0 or 1.
type Hard struct{}

// Label returns Class(p, Threshold) as a number.
func (Hard) Label(p, _ float64) float64 { return float64(Class(p, Threshold)) }

// NeedsTeacher is true.
func (Hard) NeedsTeacher() bool { return true }

// Validate finds no fault: there are no options.
func (Hard) Validate() error { return nil }

// String returns "hard".
func (Hard) String() string { return "hard" }

// Soft is rule (14): the label is the teacher's prediction itself. The zero value is the paper's rule. The options are those of
// Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network" (2015), for a network with one output:
//
//	p_T = sigmoid(logit(p) / T),  y = alpha truth + (1 - alpha) p_T
//
// T above 1 draws predictions towards one half, T below 1 away from it. Neither changes the class by (13). Only the labels
// change here; recipe.Loss with Hinton's name divides the student's own logit by T as well.
type Soft struct {
	Temperature float64 `json:"temperature,omitempty"` // T > 0; 0 stands for 1
	Alpha       float64 `json:"alpha,omitempty"`       // share of the ground-truth label, [0, 1]
}

// Label returns the mix of the ground-truth label (the paper calls it hand label) and the softened p. The zero value returns p
// to the last bit. Predictions of 0 and 1 have no finite logit: they stay what they are, the limit at any temperature.
func (s Soft) Label(p, truth float64) float64 {
	return s.Alpha*truth + (1-s.Alpha)*s.softened(p)
}

func (s Soft) softened(p float64) float64 {
	if s.Temperature == 0 || s.Temperature == 1 || p == 0 || p == 1 {
		return p
	}
	logit := math.Log(p) - math.Log1p(-p)
	return 1 / (1 + math.Exp(-logit/s.Temperature))
}

// Same says whether two sets of options make the same labels: a temperature of 0 stands for 1.
func (s Soft) Same(other Soft) bool {
	return s.Alpha == other.Alpha && cmp.Or(s.Temperature, 1) == cmp.Or(other.Temperature, 1)
}

// NeedsTeacher is true.
func (Soft) NeedsTeacher() bool { return true }

// Validate returns every fault of the options.
func (s Soft) Validate() error {
	var errs []error
	if !(s.Temperature >= 0) || math.IsInf(s.Temperature, 1) {
		errs = append(errs, fmt.Errorf("temperature: got %v, want a number above 0 (or 0 for 1)", s.Temperature))
	}
	if !(s.Alpha >= 0 && s.Alpha <= 1) {
		errs = append(errs, fmt.Errorf("alpha: got %v, want in [0, 1]", s.Alpha))
	}
	return errors.Join(errs...)
}

// String returns "soft".
func (Soft) String() string { return "soft" }
