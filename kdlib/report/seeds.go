package report

import (
	"errors"
	"fmt"
	"slices"

	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/stat"
)

// SpreadTable tells how far another seed moves the students: accuracy (12) and uncertainty (15) on ground-truth labels of the
// test set over the repetitions of each student. It has no rows for a study that trains each student once.
func (r *Study) SpreadTable() (table.Table, error) {
	t := table.Table{
		Title:   "Students trained again from other seeds, test set, ground truth",
		Columns: []table.Column{table.Text("model"), table.Number("seeds"), table.Text("quantity")},
	}
	for _, name := range []string{"mean", "standard deviation", "smallest", "largest", "printed"} {
		t.Columns = append(t.Columns, table.Number(name))
	}
	if r.Recipe.Seeds < 2 {
		return t, nil
	}
	var accuracies []float64
	for _, model := range r.MainModels()[1:] {
		accuracy, err1 := r.OverSeeds(model, r.TestAccuracy)
		uncertainty, err2 := r.OverSeeds(model, r.TestUncertainty)
		if err := errors.Join(err1, err2); err != nil {
			return t, err
		}
		printed, _ := paper.LookupUncertainty(model, predictions.Test)
		t.Add(spreadRow(model, "accuracy (12)", accuracy, printed.Accuracy.Text)...)
		t.Add(spreadRow(model, "unc (15)", uncertainty, printed.Uncertainty.Text)...)
		accuracies = append(accuracies, accuracy...)
	}
	pictures, err := r.Predictions(r.MainModels()[1], predictions.Test)
	if err != nil {
		return t, err
	}
	n := len(pictures)
	t.Notes = append(t.Notes, fmt.Sprintf("each is measured on %d pictures; that they are these and no others moves an accuracy by %.3f (one standard error), beside what the seed does",
		n, stats.ScoreError(n, stat.Mean(accuracies, nil))))
	return t, nil
}

func spreadRow(model, quantity string, values []float64, printed string) []string {
	mean, deviation := stat.MeanStdDev(values, nil)
	return []string{model, fmt.Sprint(len(values)), quantity, table.Fixed(mean, table.Decimals), table.Fixed(deviation, table.Decimals),
		table.Fixed(slices.Min(values), table.Decimals), table.Fixed(slices.Max(values), table.Decimals), printed}
}
