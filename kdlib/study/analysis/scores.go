package analysis

import (
	"fmt"

	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/folder"
)

// The labels that predictions are measured on, as the paper's tables name them.
const (
	GroundTruth   = "ground truth"
	TeacherLabels = "teacher" // what the model was trained on: (13) or (14) of its teacher's predictions
)

// Score measures a model's predictions on a set against ground-truth labels or those of its teacher.
func (r *Study) Score(model string, split predictions.Split, labels string, threshold float64) (metrics.Summary, error) {
	predicted, err := r.Predictions(model, split)
	if err != nil {
		return metrics.Summary{}, err
	}
	a, err := r.Labelled(model, split, predicted, labels)
	if err != nil {
		return metrics.Summary{}, err
	}
	return summarize(model, split, a, threshold)
}

func summarize(model string, split predictions.Split, a Labelled, threshold float64) (metrics.Summary, error) {
	s, err := a.Summarize(a.Y, threshold)
	if err != nil {
		return s, fmt.Errorf("analysis: %s on %s: %w", model, split, err)
	}
	return s, nil
}

// BestAugmented repeats Score on the augmented test set. It returns the repetition of the highest accuracy, which is what the
// paper reports, and the lowest accuracy.
func (r *Study) BestAugmented(model, labels string, threshold float64) (best metrics.Summary, lowest float64, err error) {
	_, best, lowest, err = r.BestRepetition(model, labels, threshold)
	return best, lowest, err
}

// BestRepetition is BestAugmented with the predictions that did best.
func (r *Study) BestRepetition(model, labels string, threshold float64) (predicted predictions.Table, best metrics.Summary, lowest float64, err error) {
	repetitions, err := r.Augmented(model)
	if err != nil {
		return nil, best, 0, err
	}
	for i, repetition := range repetitions {
		a, err := r.Labelled(model, predictions.Test, repetition, labels)
		if err != nil {
			return nil, best, 0, err
		}
		s, err := summarize(model, predictions.Test, a, threshold)
		if err != nil {
			return nil, best, 0, err
		}
		if i == 0 || s.Accuracy > best.Accuracy {
			predicted, best = repetition, s
		}
		if i == 0 || s.Accuracy < lowest {
			lowest = s.Accuracy
		}
	}
	return predicted, best, lowest, nil
}

// EverySplit measures models on all sets, model by model.
func (r *Study) EverySplit(models []string, threshold float64, labels func(predictions.Split) string) ([]Measured, error) {
	var all []Labelled
	for _, model := range models {
		for _, split := range folder.Splits {
			predicted, err := r.Predictions(model, split)
			if err != nil {
				return nil, err
			}
			a, err := r.Labelled(model, split, predicted, labels(split))
			if err != nil {
				return nil, err
			}
			all = append(all, a)
		}
	}
	return WithIntervals(all, threshold)
}
