package report

import (
	"fmt"
	"math"

	"distillation/kdlib/chart"
	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"

	"gonum.org/v1/plot"
)

// CostsShown are the costs of the tables and figures that are exported, for example: a missed dog costs ten times as much as a
// cat that is called one, and three pictures in ten show a dog.
var CostsShown = metrics.Costs{FalsePositive: 1, FalseNegative: 10, Dogs: 0.3}

// costsNote says what a mistake costs.
func costsNote(c metrics.Costs) string {
	share := "as many dogs as there are"
	if c.Dogs != 0 {
		share = fmt.Sprintf("a share of dogs of %v", c.Dogs)
	}
	return fmt.Sprintf("a cat called dog costs %v, a dog called cat %v; with %s", c.FalsePositive, c.FalseNegative, share)
}

// CostTable chooses each model's threshold by its expected cost on the validation set and reports the cost on the test set, with
// its interval, beside that of the paper's threshold. All use ground-truth labels.
func (r *Study) CostTable(costs metrics.Costs, models ...string) (table.Table, error) {
	t := table.Table{
		Title: "Expected cost of a prediction: the threshold chosen on validation, the cost reported on test",
		Columns: []table.Column{table.Text("model"), table.Number("threshold"), table.Number("on validation"), table.Number("on test"), intervalColumn("on test"),
			table.Number(fmt.Sprintf("on test at %v", distill.Threshold)), table.Number("saved")},
		Notes: []string{costsNote(costs)},
	}
	if err := costs.Validate(); err != nil {
		return t, fmt.Errorf("report: %w", err)
	}
	for _, model := range models {
		row, err := r.costRow(costs, model)
		if err != nil {
			return t, err
		}
		t.Add(row...)
	}
	return t, nil
}

// costRow has a model's name alone where a set is of one class and its share is to be another.
func (r *Study) costRow(costs metrics.Costs, model string) ([]string, error) {
	validation, test, err := r.ValidationAndTest(model)
	if err != nil {
		return nil, err
	}
	usual, err := metrics.NewConfusion(test.P(), test.Labels(), distill.Threshold)
	if err != nil {
		return nil, err
	}
	there, err := metrics.NewConfusion(validation.P(), validation.Labels(), distill.Threshold)
	if err != nil {
		return nil, err
	}
	if math.IsNaN(costs.Of(usual)) || math.IsNaN(costs.Of(there)) {
		return []string{model, "", "", "", "", "", ""}, nil
	}
	threshold, least, err := costs.BestThreshold(validation.P(), validation.Labels())
	if err != nil {
		return nil, err
	}
	priced, err := analysis.Price(costs, test.P(), test.Labels(), threshold)
	if err != nil {
		return nil, err
	}
	return []string{model, fmt.Sprintf("%.4f", threshold), table.Fixed(least, table.Decimals), table.Fixed(priced.Cost, table.Decimals),
		intervalCell(priced.Interval), table.Fixed(costs.Of(usual), table.Decimals), table.Signed(costs.Of(usual)-priced.Cost, table.Decimals)}, nil
}

// CostFigure draws the expected cost of a prediction on ground-truth labels of a set against the threshold. metrics.ErrOneClass if
// the set is of one class and its share is to be another.
func (r *Study) CostFigure(split predictions.Split, costs metrics.Costs, models ...string) (*plot.Plot, error) {
	if err := costs.Validate(); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	at := thresholds(100)
	var curves []chart.Curve
	for _, model := range models {
		counts, err := r.sweep(model, split, at)
		if err != nil {
			return nil, err
		}
		if math.IsNaN(costs.Of(counts[0])) {
			return nil, fmt.Errorf("report: %s on %s: expected cost: %w", model, split, metrics.ErrOneClass)
		}
		curves = append(curves, overThresholds(model, at, counts, costs.Of))
	}
	return chart.Lines(chart.Axes{Title: fmt.Sprintf("The %s set: %s", split, costsNote(costs)), X: "threshold th", Y: "expected cost of a prediction"}, curves...)
}
