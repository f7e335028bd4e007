package report

import (
	"fmt"

	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"
)

// DoubtTable tells whether doubt is inherited: how far each model's doubt, the summand of (15), follows the teacher's from picture to
// picture of a set, and how much more than the first model's. The first is best a model that the teacher has not taught.
func (r *Study) DoubtTable(split predictions.Split, models ...string) (table.Table, error) {
	t := table.Table{Title: fmt.Sprintf("Rank correlation of a model's doubt with its teacher's, %s set", split), Columns: []table.Column{table.Text("model")}}
	for _, name := range []string{"correlation", "low", "high", "less the first", "low of that", "high of that"} {
		t.Columns = append(t.Columns, table.Number(name))
	}
	found, err := r.InheritedDoubt(split, models...)
	if err != nil {
		return t, err
	}
	for i, f := range found {
		cells := []string{f.Model, table.Fixed(f.Correlation.Value, table.Decimals), table.Fixed(f.Correlation.Interval.Low, table.Decimals), table.Fixed(f.Correlation.Interval.High, table.Decimals), "", "", ""}
		if i > 0 {
			cells = append(cells[:4], signedCells(f.Less)...)
		}
		t.Add(cells...)
	}
	return t, nil
}

func signedCells(q analysis.Quantity) []string {
	return []string{table.Signed(q.Value, table.Decimals), table.Signed(q.Interval.Low, table.Decimals), table.Signed(q.Interval.High, table.Decimals)}
}
