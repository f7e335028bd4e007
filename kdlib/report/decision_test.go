package report_test

import (
	"fmt"
	"slices"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/golden"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/report"
	"distillation/kdlib/table"
)

// wantDecision is what decision.json says of a model, by scikit-learn, SciPy and NumPy.
type wantDecision struct {
	Cost  []float64 // threshold, on validation, on test, its interval, on test at 0.5
	Risk  []float64 // area, its interval, the least possible
	Bayes float64
	Ways  map[string][]float64 // temperature if it is one, calibration error, Brier score, unc (15), expected cost
}

func decisions(t *testing.T) (run *report.Study, want map[string]wantDecision) {
	run, _ = load(t)
	golden.Read(t, ofAnalysis+"/decision.json", &want)
	return run, want
}

func fixed(v float64) string { return table.Fixed(v, table.Decimals) }

func between(low, high float64) string { return fixed(low) + " to " + fixed(high) }

func TestCostTableAgainstNumPy(t *testing.T) {
	run, want := decisions(t)
	tab, err := run.CostTable(report.CostsShown, run.MainModels()...)
	must(t, err)
	for i, model := range run.MainModels() {
		w := want[model].Cost
		row := []string{model, fmt.Sprintf("%.4f", w[0]), fixed(w[1]), fixed(w[2]), between(w[3], w[4]), fixed(w[5]), table.Signed(w[5]-w[2], table.Decimals)}
		if !slices.Equal(tab.Rows[i], row) {
			t.Errorf("got %q, want %q", tab.Rows[i], row)
		}
	}
}

func TestRiskCoverageTableAgainstNumPy(t *testing.T) {
	run, want := decisions(t)
	tab, err := run.RiskCoverageTable(predictions.Test, distill.Threshold, run.MainModels()...)
	must(t, err)
	for i, model := range run.MainModels() {
		w := want[model].Risk
		row := []string{fixed(w[0]), between(w[1], w[2]), fixed(w[3]), fixed(w[0] - w[3])}
		if got := tab.Rows[i][2:6]; !slices.Equal(got, row) {
			t.Errorf("%s: got %q, want %q", model, got, row)
		}
	}
}

func TestRecalibrationTableAgainstSciPyAndScikitLearn(t *testing.T) {
	run, want := decisions(t)
	tab, err := run.RecalibrationTable(report.CostsShown, metrics.CalibrationWidth, run.MainModels()...)
	must(t, err)
	rows := 0
	for model, w := range want {
		for name, numbers := range w.Ways {
			row := []string{""}
			if name == "temperature" {
				row, numbers = []string{fixed(numbers[0])}, numbers[1:]
			}
			row = append(row, fixed(numbers[0]), fixed(numbers[1]), fixed(numbers[2]), fmt.Sprintf("%.4f", w.Bayes), fixed(numbers[3]))
			for column, text := range row {
				if got := cell(t, tab, 2+column, model, name); got != text {
					t.Errorf("%s, %s, %s: got %s, want %s", model, name, tab.Columns[2+column].Name, got, text)
				}
			}
			rows++
		}
	}
	if len(tab.Rows) != rows {
		t.Errorf("got %d rows, want %d", len(tab.Rows), rows)
	}
}

// Costs that are none, and thresholds in the wrong order, are errors of every table and figure.
func TestDecisionTablesRefuse(t *testing.T) {
	run, _ := load(t)
	for name, err := range map[string]error{
		"CostTable":          second(run.CostTable(metrics.Costs{}, "soft")),
		"CostFigure":         second(run.CostFigure(predictions.Test, metrics.Costs{FalsePositive: -1}, "soft")),
		"RecalibrationTable": second(run.RecalibrationTable(metrics.Costs{Dogs: 2}, metrics.CalibrationWidth, "soft")),
		"width":              second(run.RecalibrationFigure(0.3, "soft")),
		"WithheldTable":      second(run.WithheldTable(predictions.Test, 0.6, 0.4, "soft")),
		"RiskCoverageTable":  second(run.RiskCoverageTable(predictions.Test, 1, "soft")),
		"RiskCoverageFigure": second(run.RiskCoverageFigure(predictions.Test, -1, "soft")),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }
