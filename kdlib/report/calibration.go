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

// CalibrationTable sets the measures that use ground-truth labels beside the paper's uncertainty (15), which uses
// none: see package metrics.
func (r *Study) CalibrationTable(split predictions.Split, width float64, models ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Calibration on the %s set, ground truth, bins of %v", split, width),
		Columns: []table.Column{table.Text("model"), table.Number("unc (15)"), table.Number("Brier score"), table.Number("Brier less unc"),
			table.Number("calibration error"), table.Number("loss (2)"), table.Number("confidence less accuracy")},
		Notes: []string{"Brier less unc: what confidence in wrong predictions costs; (15) cannot see it"},
	}
	for _, model := range models {
		predicted, err := r.Predictions(model, split)
		if err != nil {
			return t, err
		}
		p, y := predicted.P(), predicted.Labels()
		s, err1 := analysis.Predicted(predicted).Summarize(y, distill.Threshold)
		brier, err2 := metrics.BrierScore(p, y)
		bins, err3 := metrics.CalibrationCurve(p, y, width)
		over, err4 := metrics.Overconfidence(p, y)
		if err := cmp.Or(err1, err2, err3, err4); err != nil {
			return t, fmt.Errorf("report: %s on %s: %w", model, split, err)
		}
		t.Add(model, table.Fixed(s.Uncertainty, table.Decimals), table.Fixed(brier, table.Decimals), table.Fixed(brier-s.Uncertainty, table.Decimals),
			table.Fixed(metrics.ECE(bins), table.Decimals), table.Fixed(s.Loss, table.Decimals), table.Signed(over, table.Decimals))
		t.Notes = append(t.Notes, clampedNotes(model, s)...)
	}
	return t, nil
}

// ReliabilityTable lists the bins of ReliabilityFigure: predictions, their mean, the share of dogs.
func (r *Study) ReliabilityTable(split predictions.Split, width float64, models ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Reliability on the %s set, ground truth", split),
		Columns: []table.Column{table.Text("model"), table.Number("from"), table.Number("to"), table.Number("pictures"), table.Number("mean p"),
			table.Number("share of dogs")},
	}
	for _, model := range models {
		bins, err := r.Reliability(model, split, width)
		if err != nil {
			return t, err
		}
		for _, b := range bins {
			mean, dogs := "", ""
			if b.Count > 0 {
				mean, dogs = table.Fixed(b.MeanP, table.Decimals), table.Fixed(b.Dogs, table.Decimals)
			}
			t.Add(model, fmt.Sprint(b.Low), fmt.Sprint(b.High), fmt.Sprint(b.Count), mean, dogs)
		}
	}
	return t, nil
}

// ReliabilityFigure draws how often pictures are dogs against the models' predictions, bin by bin, and beside it how many
// predictions each bin holds. On the dashed line the predictions are right as probabilities.
func (r *Study) ReliabilityFigure(split predictions.Split, width float64, models ...string) (*plot.Plot, error) {
	diagram := chart.Square{Axes: chart.Axes{Title: "Reliability", X: "mean prediction p in the bin", Y: "share of dogs in the bin"}, Reference: diagonal("calibrated")}
	var counts []chart.Series
	for _, model := range models {
		bins, err := r.Reliability(model, split, width)
		if err != nil {
			return nil, err
		}
		n := chart.Series{Name: model}
		for _, b := range bins {
			n.Y = append(n.Y, float64(b.Count))
		}
		diagram.Curves, counts = append(diagram.Curves, reliability(model, bins)), append(counts, n)
	}
	left, err := diagram.Plot()
	if err != nil {
		return nil, err
	}
	right, err := chart.Histograms(chart.Axes{Title: "Predictions", X: "prediction p, probability of “dog”", Y: "pictures in the bin", LogY: true}, counts)
	if err != nil {
		return nil, err
	}
	return chart.Beside(fmt.Sprintf("Do predictions mean what they say? The %s set, bins of %v", split, width), left, right), nil
}
