package metrics

import (
	"fmt"
	"math"

	"distillation/kdlib/distill"
)

// CalibrationWidth is the width of bins that tables and figures use: ten, as is common since Guo et al., "On
// calibration of modern neural networks" (2017).
const CalibrationWidth = 0.1

// CalibrationBin holds the predictions in [Low, High); the last bin includes 1, as in a Histogram.
type CalibrationBin struct {
	Low, High float64
	Count     int     // predictions
	MeanP     float64 // their mean; NaN in an empty bin
	Dogs      float64 // the share of dogs among their pictures; NaN in an empty bin
}

// CalibrationCurve sorts predictions into bins of a width that divides 1: the reliability diagram.
func CalibrationCurve(p, y []float64, width float64) ([]CalibrationBin, error) {
	if err := check(p, y); err != nil {
		return nil, err
	}
	h, err := NewHistogram(p, width)
	if err != nil {
		return nil, err
	}
	sumP, sumY := make([]float64, len(h.Counts)), make([]float64, len(h.Counts))
	for i := range p {
		at := h.Bin(p[i])
		sumP[at] += p[i]
		sumY[at] += y[i]
	}
	bins := make([]CalibrationBin, len(h.Counts))
	for i, n := range h.Counts {
		bins[i] = CalibrationBin{Low: h.Edges[i], High: h.Edges[i+1], Count: n, MeanP: sumP[i] / float64(n), Dogs: sumY[i] / float64(n)}
	}
	return bins, nil
}

// ECE is the expected calibration error over bins, the mean distance between the predictions and how often pictures are dogs,
// weighted by the number of predictions:
//
//	ECE = sum over bins (n_b / n) |mean p - share of dogs|
//
// It measures the probability of "dog" over all of [0, 1], not the confidence in the own class over [0.5, 1], so that doubt
// about cats and doubt about dogs do not cancel. It lies in [0, 1] and depends on the bins. Where bins hold few predictions,
// chance alone makes it greater than 0: compare models on the same pictures and bins only.
func ECE(bins []CalibrationBin) float64 {
	n, sum := 0, 0.0
	for _, b := range bins {
		if b.Count > 0 {
			n += b.Count
			sum += float64(b.Count) * math.Abs(b.MeanP-b.Dogs)
		}
	}
	return sum / float64(n)
}

// BrierScore is the Brier score (Brier 1950), in [0, 1]: 0 for predictions that are all certain and right, 0.25
// for a model that always predicts one half.
//
//	(1/n) sum (p_i - y_i)^2
func BrierScore(p, y []float64) (float64, error) {
	if err := check(p, y); err != nil {
		return 0, err
	}
	sum := 0.0
	for i := range p {
		sum += (p[i] - y[i]) * (p[i] - y[i])
	}
	return sum / float64(len(p)), nil
}

// Overconfidence is mean confidence minus accuracy, both at the paper's threshold. It is above 0 if the model is surer than it
// is right, and below 0 if it doubts too much. The two may cancel over all predictions, so it can be 0 where ECE is not.
func Overconfidence(p, y []float64) (float64, error) {
	accuracy, err := AccuracyScore(p, y, distill.Threshold)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, v := range p {
		sum += max(v, 1-v)
	}
	return sum/float64(len(p)) - accuracy, nil
}

func check(p, y []float64) error {
	if len(p) != len(y) || len(p) == 0 {
		return fmt.Errorf("metrics: got %d predictions and %d labels, want as many of each, at least one", len(p), len(y))
	}
	for i := range p {
		if !(p[i] >= 0 && p[i] <= 1) || y[i] != 0 && y[i] != 1 {
			return fmt.Errorf("metrics: object %d: got prediction %v and label %v, want a number in [0, 1] and 0 or 1", i, p[i], y[i])
		}
	}
	return nil
}
