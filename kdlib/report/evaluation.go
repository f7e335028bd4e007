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
		t.Add(m.Name, known(m.Value), known(m.Threshold))
	}
	return t
}

// known is a number with the paper's decimals, if it is whole without; "" for none.
func known(value float64) string {
	switch {
	case math.IsNaN(value):
		return ""
	case value == math.Trunc(value) && value > 1:
		return table.Fixed(value, 0)
	}
	return table.Fixed(value, table.Decimals)
}
