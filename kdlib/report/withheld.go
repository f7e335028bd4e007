package report

import (
	"cmp"
	"fmt"

	"distillation/kdlib/chart"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"

	"gonum.org/v1/plot"
)

// coverages are those of which RiskCoverageTable tells the accuracy.
var coverages = []float64{0.9, 0.8, 0.5}

// RiskCoverageTable tells whether a model doubts where it is wrong: the accuracy on ground-truth labels of a set if answers are
// withheld where the doubt is greatest, by the summand of the paper's uncertainty (15), and the area below the risk-coverage
// curve. See metrics.RiskCoverage.
func (r *Study) RiskCoverageTable(split predictions.Split, threshold float64, models ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Answers withheld where doubt (15) is greatest, on the %s set at the threshold %v", split, threshold),
		Columns: []table.Column{table.Text("model"), table.Number("unc (15)"), table.Number("risk-coverage area"), intervalColumn("area"),
			table.Number("least possible"), table.Number("area less that"), table.Number("accuracy of all")},
		Notes: []string{"area: the share of wrong answers, meant over all shares of answers that are given; the less the better. Least possible: if all wrong answers were the most doubtful ones"},
	}
	for _, coverage := range coverages {
		t.Columns = append(t.Columns, table.Number(fmt.Sprintf("of the surest %v", coverage)))
	}
	for _, model := range models {
		predicted, err := r.Predictions(model, split)
		if err != nil {
			return t, err
		}
		curve, err1 := metrics.NewRiskCoverage(predicted.P(), predicted.Labels(), threshold)
		interval, err2 := analysis.BootstrapRiskArea(predicted.P(), predicted.Labels(), threshold)
		uncertainty, err3 := metrics.Uncertainty(predicted.P(), threshold)
		if err := cmp.Or(err1, err2, err3); err != nil {
			return t, fmt.Errorf("report: %s on %s: %w", model, split, err)
		}
		row := []string{model, known(uncertainty), known(curve.Area()), intervalCell(interval), known(curve.LeastArea()), known(curve.Area() - curve.LeastArea())}
		for _, coverage := range append([]float64{1}, coverages...) {
			row = append(row, table.Fixed(1-curve.At(coverage), table.Decimals))
		}
		t.Add(row...)
	}
	return t, nil
}

// WithheldTable measures models on ground-truth labels of a set if predictions above low and up to high are withheld.
func (r *Study) WithheldTable(split predictions.Split, low, high float64, models ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Answers withheld between %v and %v on the %s set", low, high, split),
		Columns: []table.Column{table.Text("model"), table.Number("answers"), table.Number("withheld"), table.Number("coverage"),
			table.Number("accuracy of the answers"), table.Number("cats called dogs"), table.Number("dogs called cats")},
	}
	for _, model := range models {
		predicted, err := r.Predictions(model, split)
		if err != nil {
			return t, err
		}
		a, err := metrics.Withhold(predicted.P(), predicted.Labels(), low, high)
		if err != nil {
			return t, fmt.Errorf("report: %s on %s: %w", model, split, err)
		}
		t.Add(model, fmt.Sprint(a.N()), fmt.Sprint(a.Withheld), table.Fixed(a.Coverage(), table.Decimals), known(a.Accuracy()),
			fmt.Sprint(a.FalsePositive), fmt.Sprint(a.FalseNegative))
	}
	return t, nil
}

// RiskCoverageFigure draws the accuracy on ground-truth labels of a set against the share of answers that are given, the least
// doubtful ones by (15).
func (r *Study) RiskCoverageFigure(split predictions.Split, threshold float64, models ...string) (*plot.Plot, error) {
	var curves []chart.Curve
	for _, model := range models {
		predicted, err := r.Predictions(model, split)
		if err != nil {
			return nil, err
		}
		risk, err := metrics.NewRiskCoverage(predicted.P(), predicted.Labels(), threshold)
		if err != nil {
			return nil, fmt.Errorf("report: %s on %s: %w", model, split, err)
		}
		const least = 0.05 // the accuracy of fewer answers jumps
		curves = append(curves, chart.Sampled(model, chart.Even(least, 1, 96), func(coverage float64) float64 { return 1 - risk.At(coverage) }))
	}
	return chart.Lines(chart.Axes{Title: fmt.Sprintf("The surest answers by (15) on the %s set, threshold %v", split, threshold),
		X: "share of answers that are given", Y: "accuracy of these"}, curves...)
}
