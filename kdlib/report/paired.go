package report

import (
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/chart"
	"distillation/kdlib/paper"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/study/paired"

	"gonum.org/v1/plot"
)

// AlongFigure draws a measure of the laboratory's students along the settings of an experiment, a curve for each kind: the mean over
// the seeds. x has a number for each setting, in the order of the rows; above 0 they stand on a logarithmic axis where the last is more
// than ten times the first. Kinds that not all settings have are left out. The intervals are in paired.Table.
func AlongFigure(rows paired.Rows, measure, name string, x []float64) (*plot.Plot, error) {
	points := rows.Points()
	if len(x) != len(points) || len(x) < 2 {
		return nil, fmt.Errorf("report: along: got %d numbers, want one for each of the %d settings, at least 2", len(x), len(points))
	}
	var curves []chart.Curve
	for _, model := range rows.Models() {
		curve := chart.Curve{Name: model, X: x}
		for _, point := range points {
			if mean := rows.Mean(point, model, measure); !math.IsNaN(mean) {
				curve.Y = append(curve.Y, mean)
			}
		}
		if len(curve.Y) == len(x) {
			curves = append(curves, curve)
		}
	}
	axes := chart.Axes{Title: measure + ", mean over the seeds", X: name, Y: measure, LogX: x[0] > 0 && x[len(x)-1] > 10*x[0]}
	return chart.Lines(axes, curves...)
}

// ChainsFigure draws a measure of the laboratory's recursive chains by generation: the mean over the seeds.
func ChainsFigure(rows paired.Rows, measure string) (*plot.Plot, error) {
	var curves []chart.Curve
	for _, chain := range []string{paper.Hard, paper.Soft} {
		curve := chart.Curve{Name: chain}
		for k := 0; slices.Contains(rows.Models(), folder.Generation(chain, k)); k++ {
			curve.X = append(curve.X, float64(k))
			curve.Y = append(curve.Y, rows.Mean(rows.Points()[0], folder.Generation(chain, k), measure))
		}
		curves = append(curves, curve)
	}
	return chart.Lines(chart.Axes{Title: measure + ", mean over the seeds", X: "generation", Y: measure}, curves...)
}
