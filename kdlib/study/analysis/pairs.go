package analysis

import (
	"cmp"
	"fmt"
	"math"

	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
)

// Compare counts right and wrong predictions at a threshold, on ground-truth labels.
func Compare(pairs []Pair, threshold float64) stats.McNemar {
	first, second := make([]bool, len(pairs)), make([]bool, len(pairs))
	for i, p := range pairs {
		first[i], second[i] = metrics.Correct(p.P, p.Label, threshold), metrics.Correct(p.Other, p.Label, threshold)
	}
	counts, _ := stats.NewMcNemar(first, second) // as many of each
	return counts
}

// Pair holds two models' predictions on one picture.
type Pair struct {
	predictions.Row
	Other float64 // the second model's p
}

// Distance is the distance between the two predictions.
func (p Pair) Distance() float64 { return math.Abs(p.P - p.Other) }

// Pairs sets the predictions of two models on a set side by side, picture by picture.
func (r *Study) Pairs(a, b string, split predictions.Split) ([]Pair, error) {
	both, err := r.Aligned(split, a, b)
	if err != nil {
		return nil, err
	}
	return paired(both[0], both[1]), nil
}

func paired(first, second predictions.Table) []Pair {
	pairs := make([]Pair, len(first))
	for i, row := range first {
		pairs[i] = Pair{row, second[i].P}
	}
	return pairs
}

// Aligned reads the predictions of models on a set, picture by picture in the order of the first one's.
func (r *Study) Aligned(split predictions.Split, models ...string) ([]predictions.Table, error) {
	var all []predictions.Table
	for _, model := range models {
		predicted, err := r.Predictions(model, split)
		if err != nil {
			return nil, err
		}
		all = append(all, predicted)
	}
	return Align(all, split, models)
}

// Align puts tables of predictions on the same pictures, at least one, into the order of the first.
func Align(all []predictions.Table, split predictions.Split, models []string) ([]predictions.Table, error) {
	for k, predicted := range all[1:] {
		of := make(map[string]predictions.Row, len(predicted))
		for _, row := range predicted {
			of[row.ID] = row
		}
		ordered := make(predictions.Table, len(all[0]))
		for i, row := range all[0] {
			other, ok := of[row.ID]
			if !ok || len(all[0]) != len(predicted) {
				return nil, fmt.Errorf("analysis: %s set: %s and %s have predictions on different pictures, such as %s", split, models[0], models[k+1], row.ID)
			}
			ordered[i] = other
		}
		all[k+1] = ordered
	}
	return all, nil
}

// ByP orders rows by their predictions, as cmp.Compare does.
func ByP(a, b predictions.Row) int { return cmp.Compare(a.P, b.P) }

// TrainingLabels returns the labels that a distilled model was given on a set, in the order of its
// predictions: (13) or (14) of its teacher's predictions.
func (r *Study) TrainingLabels(model string, split predictions.Split) ([]float64, error) {
	if err := r.CheckModel(model); err != nil {
		return nil, err
	}
	teacher, rule, ok := r.LabelSource(model)
	if !ok {
		return nil, fmt.Errorf("analysis: model %s learned from the ground truth", model)
	}
	both, err := r.Aligned(split, model, teacher)
	if err != nil {
		return nil, err
	}
	labels := make([]float64, len(both[1]))
	for i, row := range both[1] {
		labels[i] = rule.Label(row.P, row.Label)
	}
	return labels, nil
}
