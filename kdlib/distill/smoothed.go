package distill

import "fmt"

// Smoothed is Keras's label smoothing of the ground truth (BinaryCrossentropy's label_smoothing). It is the baseline for soft
// labels: it expresses doubt as they do, but the same doubt on every picture, and needs no teacher.
//
//	y = truth (1 - s) + s / 2
type Smoothed struct {
	Smoothing float64 `json:"smoothing,omitempty"` // s, [0, 1]; 0 leaves labels as they are
}

// Label smooths the ground-truth label; p has no part in it.
func (s Smoothed) Label(_, truth float64) float64 { return truth*(1-s.Smoothing) + s.Smoothing/2 }

// NeedsTeacher is false.
func (Smoothed) NeedsTeacher() bool { return false }

// Validate returns the fault of the option.
func (s Smoothed) Validate() error {
	if !(s.Smoothing >= 0 && s.Smoothing <= 1) {
		return fmt.Errorf("smoothing: got %v, want in [0, 1]", s.Smoothing)
	}
	return nil
}

// String returns "smoothed".
func (Smoothed) String() string { return "smoothed" }
