package report

import (
	"cmp"
	"fmt"

	"distillation/kdlib/chart"
	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"

	"gonum.org/v1/plot"
)

// RecalibrationTable measures predictions on ground-truth labels of the test set as they are and as temperature scaling and
// isotonic regression make them, both fitted on the validation set: calibration error, Brier score, uncertainty (15), and the
// expected cost at the threshold that is best if predictions mean what they say, metrics.Costs.BayesThreshold.
func (r *Study) RecalibrationTable(costs metrics.Costs, width float64, models ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Recalibrated on validation, measured on test, bins of %v", width),
		Columns: []table.Column{table.Text("model"), table.Text("predictions"), table.Number("temperature"), table.Number("calibration error"),
			table.Number("Brier score"), table.Number("unc (15)"), table.Number("threshold"), table.Number("expected cost")},
		Notes: []string{costsNote(costs), "threshold: without a look at costs on any set, as if the predictions were calibrated"},
	}
	if err := costs.Validate(); err != nil {
		return t, fmt.Errorf("report: %w", err)
	}
	for _, model := range models {
		all, err := r.Recalibrated(model)
		if err != nil {
			return t, err
		}
		threshold, y, err := r.bayes(costs, model)
		if err != nil {
			return t, err
		}
		for _, one := range all {
			bins, err1 := metrics.CalibrationCurve(one.P, y, width)
			brier, err2 := metrics.BrierScore(one.P, y)
			uncertainty, err3 := metrics.Uncertainty(one.P, distill.Threshold)
			counts, err4 := metrics.NewConfusion(one.P, y, threshold)
			if err := cmp.Or(err1, err2, err3, err4); err != nil {
				return t, fmt.Errorf("report: %s on %s, %s: %w", model, predictions.Test, one.Name, err)
			}
			t.Add(model, one.Name, known(one.Temperature), known(metrics.ECE(bins)), known(brier), known(uncertainty), fmt.Sprintf("%.4f", threshold), known(costs.Of(counts)))
		}
	}
	return t, nil
}

// bayes is the threshold of calibrated predictions, by the share of dogs in the validation set, and the labels of the test set.
func (r *Study) bayes(costs metrics.Costs, model string) (threshold float64, y []float64, err error) {
	validation, test, err := r.ValidationAndTest(model)
	if err != nil {
		return 0, nil, err
	}
	dogs := 0
	for _, class := range analysis.Classes(validation) {
		dogs += class
	}
	return costs.BayesThreshold(float64(dogs) / float64(len(validation))), test.Labels(), nil
}

// RecalibrationFigure draws reliability diagrams of the test set side by side: predictions as they are, and as temperature scaling
// and isotonic regression make them, both fitted on the validation set. What no model has is left out.
func (r *Study) RecalibrationFigure(width float64, models ...string) (*plot.Plot, error) {
	var names []string
	curves := map[string][]chart.Curve{}
	for _, model := range models {
		test, err := r.Predictions(model, predictions.Test)
		if err != nil {
			return nil, err
		}
		all, err := r.Recalibrated(model)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			bins, err := metrics.CalibrationCurve(one.P, test.Labels(), width)
			if err != nil {
				return nil, fmt.Errorf("report: %s on %s, %s: %w", model, predictions.Test, one.Name, err)
			}
			if len(curves[one.Name]) == 0 {
				names = append(names, one.Name)
			}
			curves[one.Name] = append(curves[one.Name], reliability(model, bins))
		}
	}
	var diagrams []*plot.Plot
	for _, name := range names {
		diagram, err := chart.Square{Axes: chart.Axes{Title: name, X: "mean prediction p in the bin", Y: "share of dogs in the bin"},
			Reference: diagonal("calibrated"), Curves: curves[name]}.Plot()
		if err != nil {
			return nil, err
		}
		diagrams = append(diagrams, diagram)
	}
	return chart.Beside(fmt.Sprintf("Recalibrated on validation, measured on test, bins of %v", width), diagrams...), nil
}

// reliability is a model's curve in a reliability diagram.
func reliability(model string, bins []metrics.CalibrationBin) chart.Curve {
	c := chart.Curve{Name: model}
	for _, b := range bins {
		if b.Count > 0 {
			c.X, c.Y = append(c.X, b.MeanP), append(c.Y, b.Dogs)
		}
	}
	return c
}
