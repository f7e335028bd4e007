package report

import (
	"fmt"
	"strconv"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/table"
)

// ConfidenceTable measures the uncertainty (15) of the four models on a set, apart for right and for wrong predictions by
// ground-truth labels.
func (r *Study) ConfidenceTable(split predictions.Split, threshold float64) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Uncertainty (15) of right and of wrong predictions on the %s set, threshold %v", split, threshold),
		Columns: []table.Column{table.Text("model"), table.Number("right predictions"), table.Number("unc of these"),
			table.Number("wrong predictions"), table.Number("unc of these")},
	}
	for _, model := range r.MainModels() {
		predicted, err := r.Predictions(model, split)
		if err != nil {
			return t, err
		}
		var right, wrong []float64
		for _, row := range predicted {
			if metrics.Correct(row.P, float64(distill.Class(row.Label, distill.Threshold)), threshold) {
				right = append(right, row.P)
			} else {
				wrong = append(wrong, row.P)
			}
		}
		t.Add(model, strconv.Itoa(len(right)), uncertaintyCell(right, threshold), strconv.Itoa(len(wrong)), uncertaintyCell(wrong, threshold))
	}
	return t, nil
}

// uncertaintyCell is empty for no predictions. Predictions come from files, which hold no others than score accepts.
func uncertaintyCell(p []float64, threshold float64) string {
	u, err := metrics.Uncertainty(p, threshold)
	if err != nil {
		return ""
	}
	return table.Fixed(u, table.Decimals)
}
