package recipe

import (
	"errors"
	"fmt"
	"math"
)

// Hinton is the name of the loss of Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network" (2015).
const Hinton = "hinton"

// Loss says what training minimizes. Its zero value is the cross-entropy (2) on the labels, which a rule of package distill may
// have made of a teacher's predictions: the paper's way. Hinton keeps the ground truth y and the teacher's logit v apart, and
// also divides the student's logit z by T:
//
//	alpha BCE(y, z) + (1 - alpha) T^2 BCE(sigmoid(v / T), z / T)
//
// T^2 keeps the gradients of both terms on one scale. At T = 1 the two ways agree, because the cross-entropy is linear in its
// label: the loss is then BCE(alpha y + (1 - alpha) p, z), rule (14) with the same alpha. They also agree at alpha = 1, where
// there is no teacher. Otherwise they lead to different students. Take alpha = 0 and a student that learns everything it is
// taught: by Hinton it has the teacher's own logit, z = v; by softened labels it has z = v / T, which is the same class but a
// less certain prediction.
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
