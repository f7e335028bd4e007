package results

import (
	"fmt"
	"slices"

	"distillation/kdlib/chart"
	"distillation/kdlib/label"
	"distillation/kdlib/paper"
	"distillation/kdlib/pred"
	"distillation/kdlib/table"

	"gonum.org/v1/plot"
)

// SummaryTable is the whole experiment in four lines: what each model learned from, and its accuracy (12)
// and uncertainty (15) on hand labels of the test set.
func (r *Run) SummaryTable() (table.Table, error) {
	t := table.Table{
		Title:   "Four models on the test set, hand labels",
		Columns: append([]table.Column{table.Text("model"), table.Text("learned from")}, append(versus("accuracy"), versus("unc")...)...),
	}
	for _, model := range r.Students() {
		s, err := r.Score(model, pred.Test, HandLabels, label.Threshold)
		if err != nil {
			return t, err
		}
		printed, _ := paper.LookupUncertainty(model, pred.Test)
		t.Add(slices.Concat([]string{model, r.learnedFrom(model)},
			table.Versus(s.Accuracy, printed.Accuracy.Text), table.Versus(s.Uncertainty, printed.Uncertainty.Text))...)
	}
	return t, nil
}

func (r *Run) learnedFrom(model string) string {
	teacher, rule, distilled := r.Lesson(model)
	if !distilled {
		return "hand labels"
	}
	return fmt.Sprintf("%s labels of the %s", rule, teacher)
}

// SummaryFigure draws the accuracy of the four models on hand labels of the test set, as it is and moved at
// random (the best repetition, as in the paper), with the paper's as ticks.
func (r *Run) SummaryFigure() (*plot.Plot, error) {
	var series []chart.Series
	for _, model := range r.Students() {
		still, err := r.Score(model, pred.Test, HandLabels, label.Threshold)
		if err != nil {
			return nil, err
		}
		moved, _, err := r.BestAugmented(model, HandLabels, label.Threshold)
		if err != nil {
			return nil, err
		}
		without, _ := paper.LookupResult(model, pred.Test, HandLabels, "without")
		with, _ := paper.LookupResult(model, pred.Test, HandLabels, "with")
		series = append(series, chart.Series{Name: model, Y: []float64{still.Accuracy, moved.Accuracy},
			Printed: []float64{without.Accuracy.Value, with.Accuracy.Value}})
	}
	return chart.Bars(chart.Axes{Title: "Accuracy on the test set", Y: "accuracy (12)"}, []string{"pictures as they are", "pictures moved at random"}, series)
}
