package analysis

import (
	"fmt"

	"distillation/kdlib/calibration"
	"distillation/kdlib/hist"
	"distillation/kdlib/predictions"
)

func (r *Study) Histogram(model string, set predictions.Set, width float64) (hist.Histogram, error) {
	answers, err := r.Predictions(model, set)
	if err != nil {
		return hist.Histogram{}, err
	}
	return hist.New(answers.P(), width)
}

func BinNames(h hist.Histogram) []string {
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

func (r *Study) Reliability(model string, set predictions.Set, width float64) ([]calibration.Bin, error) {
	answers, err := r.Predictions(model, set)
	if err != nil {
		return nil, err
	}
	bins, err := calibration.Bins(answers.P(), answers.Labels(), width)
	if err != nil {
		return nil, fmt.Errorf("analysis: %s on %s: %w", model, set, err)
	}
	return bins, nil
}
