// Package label turns a model's answers into labels for another model: the
// hard rule (13) and the soft rule (14) of the paper.
package label

import "fmt"

// Threshold is the paper's th (section 2, formulas (11) and (13)): an answer
// strictly greater than it is "dog".
const Threshold = 0.5

// Class is the model's own answer by (13):
//
//	1 (dog) if p > threshold, else 0 (cat)
//
// An answer equal to the threshold is a cat, and so is NaN.
func Class(p, threshold float64) int {
	if p > threshold {
		return 1
	}
	return 0
}

// Rule makes the label that a student learns from the prediction p in [0, 1]
// of its teacher. String is the rule's name, which ParseRule reads back.
type Rule interface {
	Label(p float64) float64
	String() string
}

var (
	_ Rule = Hard{}
	_ Rule = Soft{}
)

// Hard is rule (13): the label is the teacher's class, 0 or 1.
type Hard struct{}

// Label returns Class(p, Threshold) as a number.
func (Hard) Label(p float64) float64 { return float64(Class(p, Threshold)) }

// String returns "hard".
func (Hard) String() string { return "hard" }

// Soft is rule (14): the label is the teacher's prediction itself.
type Soft struct{}

// Label returns p.
func (Soft) Label(p float64) float64 { return p }

// String returns "soft".
func (Soft) String() string { return "soft" }

// ParseRule returns the rule of a name: "hard" or "soft".
func ParseRule(name string) (Rule, error) {
	for _, rule := range []Rule{Hard{}, Soft{}} {
		if rule.String() == name {
			return rule, nil
		}
	}
	return nil, fmt.Errorf("label: rule: got %q, want \"hard\" or \"soft\"", name)
}
