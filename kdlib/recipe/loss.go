package recipe

import (
	"errors"
	"fmt"
	"math"
)

// Hinton is the name of the loss of Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network" (2015).
const Hinton = "hinton"

// Loss says what training makes small. Its zero value is the cross-entropy (2) on the labels, which a rule of package distill may
// have made of a teacher's predictions: the paper's way. Hinton takes the ground truth y and the teacher's logit v apart, and
// divides the student's logit z by T as well:
//
//	alpha BCE(y, z) + (1 - alpha) T^2 BCE(sigmoid(v / T), z / T)
//
// T^2 keeps the gradients of the two terms on one scale. The two ways are one at T = 1, because the cross-entropy is linear in
// its label: then the loss is BCE(alpha y + (1 - alpha) p, z), rule (14) with the same alpha. They are one at alpha = 1, too,
// which has no teacher. Otherwise they differ in what they lead to: with alpha = 0 a student that learns all it is taught has
// the teacher's own logit, z = v, by Hinton, and z = v / T by softened labels: the same class, but a less certain answer.
type Loss struct {
	Name        string  `json:"name"`
	Temperature float64 `json:"temperature"` // T > 0
	Alpha       float64 `json:"alpha"`       // share of the ground truth, [0, 1]
}

// Validate returns every fault of the loss.
func (l Loss) Validate() error {
	if l == (Loss{}) {
		return nil
	}
	var errs []error
	if l.Name != Hinton {
		errs = append(errs, fmt.Errorf("loss.name: got %q, want %q", l.Name, Hinton))
	}
	if !(l.Temperature > 0) || math.IsInf(l.Temperature, 1) {
		errs = append(errs, fmt.Errorf("loss.temperature: got %v, want a number above 0", l.Temperature))
	}
	if !(l.Alpha >= 0 && l.Alpha <= 1) {
		errs = append(errs, fmt.Errorf("loss.alpha: got %v, want in [0, 1]", l.Alpha))
	}
	return errors.Join(errs...)
}
