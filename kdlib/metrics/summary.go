package metrics

import (
	"errors"
	"fmt"
)

// Summary is how good predictions are on given labels.
type Summary struct {
	N           int     // objects
	Accuracy    float64 // (12), in [0, 1]
	Loss        float64 // (2)
	Uncertainty float64 // (15), in [0, 0.25] for the threshold 0.5
	Clamped     int     // predictions without a logit that are certain and wrong: their loss is not known, see CrossEntropy
}

// ClampedNote says how many losses are not known; "" if all are.
func (s Summary) ClampedNote() string {
	if s.Clamped == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d predictions are 0 or 1, wrong, and without a logit: each counts with a loss of %d", s.Clamped, s.N, maxLoss)
}

// Summarize computes all scores of predictions p on labels y.
func Summarize(p, y []float64, threshold float64) (Summary, error) {
	return Predicted{P: p}.Summarize(y, threshold)
}

// Summarize computes all scores of the predictions on labels y.
func (a Predicted) Summarize(y []float64, threshold float64) (Summary, error) {
	accuracy, err1 := AccuracyScore(a.P, y, threshold)
	loss, err2 := a.LogLoss(y)
	uncertainty, err3 := Uncertainty(a.P, threshold)
	if err := errors.Join(err1, err2, err3); err != nil {
		return Summary{}, err
	}
	return Summary{len(a.P), accuracy, loss, uncertainty, a.clamped(y)}, nil
}
