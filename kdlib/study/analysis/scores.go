package analysis

import (
	"fmt"
	"slices"

	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/folder"

	"gonum.org/v1/gonum/stat"
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

// Repetitions measures a model on each repetition of the augmented test set, in their order. Of these the paper reports the lowest
// loss and the highest accuracy, each by itself.
func (r *Study) Repetitions(model, labels string, threshold float64) ([]metrics.Summary, error) {
	repetitions, err := r.repetitions(model, labels)
	if err != nil {
		return nil, err
	}
	each := make([]metrics.Summary, len(repetitions))
	for i, a := range repetitions {
		if each[i], err = a.Summarize(a.Y, threshold); err != nil {
			return nil, fmt.Errorf("analysis: %s on %s, repetition %d: %w", model, predictions.Test, i, err)
		}
	}
	return each, nil
}

// repetitions are on the same pictures in the same order, at least one.
func (r *Study) repetitions(model, labels string) ([]Labelled, error) {
	all, err := r.Augmented(model)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("analysis: %s: got 0 repetitions of an evaluation on augmented pictures, want at least 1; the study's recipe says how many", model)
	}
	if all, err = Align(all, predictions.Test, slices.Repeat([]string{model}, len(all))); err != nil {
		return nil, err
	}
	out := make([]Labelled, len(all))
	for i, predicted := range all {
		if out[i], err = r.Labelled(model, predictions.Test, predicted, labels); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// MeanOfRepetitions is the mean of Repetitions. Its intervals, all by bootstrap, are about the choice of pictures; a draw takes a picture
// with all its repetitions. The best repetition has none: a maximum of several is not what a draw of one of them would give.
func (r *Study) MeanOfRepetitions(model, labels string, threshold float64) (Measured, error) {
	repetitions, err := r.repetitions(model, labels)
	if err != nil {
		return Measured{}, err
	}
	pictures := len(repetitions[0].P)
	loss, right, doubt := make([]float64, pictures), make([]float64, pictures), make([]float64, pictures)
	for _, a := range repetitions {
		for k, p := range a.P {
			loss[k] += a.CrossEntropy(k, a.Y[k]) / float64(len(repetitions))
			doubt[k] += metrics.Doubt(p, threshold) / float64(len(repetitions))
			if metrics.Correct(p, a.Y[k], threshold) {
				right[k] += 1 / float64(len(repetitions))
			}
		}
	}
	m := Measured{Summary: metrics.Summary{N: pictures, Accuracy: stat.Mean(right, nil), Loss: stat.Mean(loss, nil), Uncertainty: stat.Mean(doubt, nil)}}
	class := repetitions[0].Class
	err = BootstrapMeans([]Column{{class, right, &m.AccuracyInterval}, {class, loss, &m.LossInterval}, {class, doubt, &m.UncertaintyInterval}})
	return m, err
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
