package report

import (
	"fmt"

	"distillation/kdlib/chart"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"

	"gonum.org/v1/plot"
)

// TruthFigure draws the distribution of the true probability of "dog" of drawn faces, for each class on its own.
func TruthFigure(truth synth.Truths, width float64) (*plot.Plot, error) {
	p := map[int][]float64{}
	for _, t := range truth {
		p[t.Label] = append(p[t.Label], t.P)
	}
	var series []chart.Series
	for class, name := range []string{"cats", "dogs"} {
		h, err := metrics.NewHistogram(p[class], width)
		if err != nil {
			return nil, fmt.Errorf("report: %s: %w", name, err)
		}
		series = append(series, chart.Series{Name: name, Y: h.Frequencies()})
	}
	return chart.Histograms(chart.Axes{
		Title: fmt.Sprintf("True probability of “dog” of %d drawn faces, h = %v", len(truth), width),
		X:     "P(dog | shape)", Y: "relative frequency in the class",
	}, series)
}

// AgainstTruth pairs a model's predictions on drawn faces with the true probabilities, for chart.Calibration.
func AgainstTruth(model string, predicted predictions.Table, truth synth.Truths) (chart.Points, error) {
	of := make(map[string]float64, len(truth))
	for _, t := range truth {
		of[t.ID] = t.P
	}
	points := chart.Points{Name: model}
	for _, row := range predicted {
		p, ok := of[row.ID]
		if !ok {
			return points, fmt.Errorf("report: picture %s: its true probability is not known", row.ID)
		}
		points.X, points.Y = append(points.X, p), append(points.Y, row.P)
	}
	return points, nil
}
