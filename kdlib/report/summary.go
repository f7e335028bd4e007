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

// SummaryTable is the whole experiment in four lines: what each model learned from, and its accuracy (12)
// and uncertainty (15) on hand labels of the test set.
func (r *Study) SummaryTable() (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("%s models on the test set, hand labels", cmp.Or(map[int]string{4: "Four"}[len(r.Students())], fmt.Sprint(len(r.Students())))),
		Columns: slices.Concat([]table.Column{table.Text("model"), table.Text("learned from")}, versus("accuracy"), versus("unc"),
			[]table.Column{intervalColumn("accuracy"), intervalColumn("unc")}),
	}
	var all []analysis.Answered
	for _, model := range r.Students() {
		answers, err := r.Predictions(model, predictions.Test)
		if err != nil {
			return t, err
		}
		all = append(all, analysis.Answered{P: answers.P(), Y: answers.Labels(), Class: analysis.Classes(answers)})
	}
	ours, err := analysis.WithIntervals(all, distill.Threshold)
	if err != nil {
		return t, err
	}
	for i, model := range r.Students() {
		s := ours[i]
		printed, _ := paper.LookupUncertainty(model, predictions.Test)
		t.Add(slices.Concat([]string{model, r.learnedFrom(model)},
			table.Versus(s.Accuracy, printed.Accuracy.Text), table.Versus(s.Uncertainty, printed.Uncertainty.Text),
			[]string{intervalCell(s.AccuracyInterval), intervalCell(s.UncertaintyInterval)})...)
	}
	return t, nil
}

func (r *Study) learnedFrom(model string) string {
	teacher, rule, distilled := r.Lesson(model)
	if r.Given(model) {
		return givenText
	}
	if !distilled {
		return "hand labels"
	}
	if !rule.NeedsTeacher() {
		return fmt.Sprintf("%s hand labels", rule)
	}
	return fmt.Sprintf("%s labels of the %s", rule, teacher)
}

// SummaryFigure draws the accuracy of the four models on hand labels of the test set, as it is and moved at
// random (the best repetition, as in the paper), with the paper's as ticks. Beside a teacher that has no answers on
// moved pictures there are only those as they are.
func (r *Study) SummaryFigure() (*plot.Plot, error) {
	groups := []string{"pictures as they are", "pictures moved at random"}
	if r.NeverMoved(paper.Teacher) {
		groups = groups[:1]
	}
	var series []chart.Series
	for _, model := range r.Students() {
		still, err := r.Score(model, predictions.Test, analysis.HandLabels, distill.Threshold)
		if err != nil {
			return nil, err
		}
		without, _ := paper.LookupResult(model, predictions.Test, analysis.HandLabels, "without")
		one := chart.Series{Name: model, Y: []float64{still.Accuracy}, Printed: []float64{without.Accuracy.Value}}
		if len(groups) == 2 {
			moved, _, err := r.BestAugmented(model, analysis.HandLabels, distill.Threshold)
			if err != nil {
				return nil, err
			}
			with, _ := paper.LookupResult(model, predictions.Test, analysis.HandLabels, "with")
			one.Y, one.Printed = append(one.Y, moved.Accuracy), append(one.Printed, with.Accuracy.Value)
		}
		series = append(series, one)
	}
	return chart.Bars(chart.Axes{Title: "Accuracy on the test set", Y: "accuracy (12)"}, groups, series)
}
