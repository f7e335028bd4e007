package metrics

import "errors"

// Summary is how good predictions are on given labels.
type Summary struct {
	N           int     // objects
	Accuracy    float64 // (12), in [0, 1]
	Loss        float64 // (2), +Inf if a prediction was certain and wrong
	Uncertainty float64 // (15), in [0, 0.25] for the threshold 0.5
}

// Summarize computes all scores of predictions p on labels y.
func Summarize(p, y []float64, threshold float64) (Summary, error) {
	accuracy, err1 := AccuracyScore(p, y, threshold)
	loss, err2 := LogLoss(p, y)
	uncertainty, err3 := Uncertainty(p, threshold)
	return Summary{len(p), accuracy, loss, uncertainty}, errors.Join(err1, err2, err3)
}
