package report

import (
	"math"

	"distillation/kdlib/metrics"
	"distillation/kdlib/table"
)

// EvaluationTable shows what metrics.Evaluate measured, of predictions of any origin.
func EvaluationTable(title string, measures []metrics.Measure) table.Table {
	t := table.Table{Title: title, Columns: []table.Column{table.Text("measure"), table.Number("value"), table.Number("at threshold")}}
	for _, m := range measures {
		value := known(m.Value)
		if m.Count {
			value = table.Fixed(m.Value, 0)
		}
		t.Add(m.Name, value, known(m.Threshold))
	}
	return t
}

// known is a number with the paper's decimals; "" for none.
func known(value float64) string {
	if math.IsNaN(value) {
		return ""
	}
	return table.Fixed(value, table.Decimals)
}
