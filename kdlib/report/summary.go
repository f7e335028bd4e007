package report

import (
	"cmp"
	"fmt"
	"slices"

	"distillation/kdlib/chart"
	"distillation/kdlib/distill"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"

	"gonum.org/v1/plot"
)

// SummaryTable is the whole experiment with a line for each model: what it learned from, and its accuracy (12) and uncertainty
// (15) on ground-truth labels of the test set.
func (r *Study) SummaryTable() (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("%s models on the test set, ground truth", cmp.Or(map[int]string{4: "Four"}[len(r.MainModels())], fmt.Sprint(len(r.MainModels())))),
		Columns: slices.Concat([]table.Column{table.Text("model"), table.Text("learned from")}, versus("accuracy"), versus("unc"),
			[]table.Column{intervalColumn("accuracy"), intervalColumn("unc")}),
	}
	var all []analysis.Labelled
	for _, model := range r.MainModels() {
		predicted, err := r.Predictions(model, predictions.Test)
		if err != nil {
			return t, err
		}
		all = append(all, analysis.Labelled{Predicted: analysis.Predicted(predicted), Y: predicted.Labels(), Class: analysis.Classes(predicted)})
	}
	ours, err := analysis.WithIntervals(all, distill.Threshold)
	if err != nil {
		return t, err
	}
	for i, model := range r.MainModels() {
		s := ours[i]
		printed, _ := paper.LookupUncertainty(model, predictions.Test)
		t.Add(slices.Concat([]string{model, r.learnedFrom(model)},
			table.Versus(s.Accuracy, printed.Accuracy.Text), table.Versus(s.Uncertainty, printed.Uncertainty.Text),
			[]string{intervalCell(s.AccuracyInterval), intervalCell(s.UncertaintyInterval)})...)
	}
	return t, nil
}

func (r *Study) learnedFrom(model string) string {
	teacher, rule, distilled := r.LabelSource(model)
	if r.Given(model) {
		return givenText
	}
	if !distilled {
		return "ground truth"
	}
	if !rule.NeedsTeacher() {
		return fmt.Sprintf("%s ground truth", rule)
	}
	return fmt.Sprintf("%s labels of the %s", rule, teacher)
}

// SummaryFigure draws the accuracy of the four models on ground-truth labels of the test set, unchanged and augmented at random
// (the best repetition, as in the paper). Ticks mark the paper's numbers. If the teacher has no predictions on augmented
// pictures, the figure shows unchanged pictures only.
func (r *Study) SummaryFigure() (*plot.Plot, error) {
	groups := []string{"pictures as they are", "pictures augmented at random"}
	if r.NeverAugmented(paper.Teacher) {
		groups = groups[:1]
	}
	var series []chart.Series
	for _, model := range r.MainModels() {
		still, err := r.Score(model, predictions.Test, analysis.GroundTruth, distill.Threshold)
		if err != nil {
			return nil, err
		}
		without, _ := paper.LookupResult(model, predictions.Test, analysis.GroundTruth, "without")
		one := chart.Series{Name: model, Y: []float64{still.Accuracy}, Printed: []float64{without.Accuracy.Value}}
		if len(groups) == 2 {
			each, err := r.Repetitions(model, analysis.GroundTruth, distill.Threshold)
			if err != nil {
				return nil, err
			}
			with, _ := paper.LookupResult(model, predictions.Test, analysis.GroundTruth, "with")
			one.Y, one.Printed = append(one.Y, slices.MaxFunc(each, byAccuracy).Accuracy), append(one.Printed, with.Accuracy.Value)
		}
		series = append(series, one)
	}
	return chart.Bars(chart.Axes{Title: "Accuracy on the test set", Y: "accuracy (12)"}, groups, series)
}
