package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/golden"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/table"
)

// Values and intervals by scikit-learn, SciPy and NumPy; see testdata/gen_statistics.py.
func TestIntervalsAndDifferencesTables(t *testing.T) {
	run, _ := load(t)
	var want struct {
		Intervals map[string][][3]float64 // value, low, high of accuracy and the qualities in their order
		Pairs     map[string][3]float64   // only the first right, only the second, p-value
	}
	golden.Read(t, ofAnalysis+"/statistics.json", &want)
	tab, err := run.IntervalsTable(predictions.Test, run.MainModels()...)
	must(t, err)
	for model, rows := range want.Intervals {
		for i, row := range rows {
			got := tab.Rows[slices.Index(run.MainModels(), model)*len(rows)+i]
			for k, v := range row {
				if got[2+k] != table.Fixed(v, table.Decimals) {
					t.Errorf("%s, %s, %s: got %s, want %v", model, got[1], tab.Columns[2+k].Name, got[2+k], v)
				}
			}
		}
	}
	tab, err = run.DifferencesTable(predictions.Test, distill.Threshold, run.MainModels()...)
	must(t, err)
	for names, counts := range want.Pairs {
		for k, text := range []string{fmt.Sprint(counts[0]), fmt.Sprint(counts[1]), fmt.Sprintf("%.2g", counts[2])} {
			if got := cell(t, tab, 5+k, strings.Fields(names)...); got != text {
				t.Errorf("%s, column %d: got %s, want %s", names, 5+k, got, text)
			}
		}
	}
	if len(tab.Rows) != len(want.Pairs) {
		t.Errorf("got %d pairs, want %d", len(tab.Rows), len(want.Pairs))
	}
}

// The same bootstrap gives loss and unc in both tables.
func TestTablesAgreeOnIntervals(t *testing.T) {
	run, _ := load(t)
	summary, err := run.SummaryTable()
	must(t, err)
	intervals, err := run.IntervalsTable(predictions.Test, "hard")
	must(t, err)
	want := cell(t, intervals, 3, "hard", "unc (15)") + " to " + cell(t, intervals, 4, "hard", "unc (15)")
	if got := cell(t, summary, 9, "hard"); got != want {
		t.Errorf("interval of unc: got %s, want %s", got, want)
	}
}

func TestFurtherFigures(t *testing.T) {
	run, _ := load(t)
	for _, metric := range metrics.Metrics {
		if _, err := run.ThresholdFigure(predictions.Test, metric, run.MainModels()...); err != nil {
			t.Errorf("%s: %v", metric.Name, err)
		}
	}
	if _, err := run.CurvesFigure(predictions.Test, 0.999, run.MainModels()...); err != nil { // at which nobody says "dog"
		t.Error(err)
	}
	if _, err := run.ReliabilityFigure(predictions.Test, 0.3, "soft"); err == nil || !strings.Contains(err.Error(), "soft on test") {
		t.Errorf("bins of 0.3: got error %v", err)
	}
}
