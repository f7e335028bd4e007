package analysis

import (
	"fmt"

	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
)

// Histogram counts a model's predictions on a set in bins of a width that divides 1.
func (r *Study) Histogram(model string, split predictions.Split, width float64) (metrics.Histogram, error) {
	predicted, err := r.Predictions(model, split)
	if err != nil {
		return metrics.Histogram{}, err
	}
	return metrics.NewHistogram(predicted.P(), width)
}

// BinNames are the bins of a histogram as tables name them, such as "[0, 0.05)".
func BinNames(h metrics.Histogram) []string {
	names := make([]string, len(h.Counts))
	for i := range names {
		closing := ")"
		if i == len(names)-1 {
			closing = "]"
		}
		names[i] = fmt.Sprintf("[%v, %v%s", h.Edges[i], h.Edges[i+1], closing)
	}
	return names
}

// Reliability is a model's calibration curve on ground-truth labels of a set.
func (r *Study) Reliability(model string, split predictions.Split, width float64) ([]metrics.CalibrationBin, error) {
	predicted, err := r.Predictions(model, split)
	if err != nil {
		return nil, err
	}
	bins, err := metrics.CalibrationCurve(predicted.P(), predicted.Labels(), width)
	if err != nil {
		return nil, fmt.Errorf("analysis: %s on %s: %w", model, split, err)
	}
	return bins, nil
}
