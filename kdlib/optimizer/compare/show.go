package compare

import (
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/chart"
	"distillation/kdlib/optimizer/reference"
	"distillation/kdlib/table"

	"gonum.org/v1/plot"
)

// Theta is where an optimizer is after step t = 0, 1, ... on a kind of gradients.
func (w *Walks) Theta(optimizer, gradient string, t int) float64 {
	return w.theta[optimizer][t][index(gradient)]
}

// Step is the length of step t = 1, 2, ... of an optimizer.
func (w *Walks) Step(optimizer, gradient string, t int) float64 {
	return math.Abs(w.Theta(optimizer, gradient, t) - w.Theta(optimizer, gradient, t-1))
}

// Difference is how far an optimizer is from Keras's after step t, relative to Keras's way: 0 is the same place, -0.5 half the
// way. It is NaN if Keras's has not moved.
func (w *Walks) Difference(optimizer, gradient string, t int) float64 {
	keras := w.Theta(Keras, gradient, t)
	return (w.Theta(optimizer, gradient, t) - keras) / keras
}

// Ratio is the length of an optimizer's step t divided by that of Keras's, NaN if Keras's makes none.
func (w *Walks) Ratio(optimizer, gradient string, t int) float64 {
	return w.Step(optimizer, gradient, t) / w.Step(Keras, gradient, t)
}

// Table compares the optimizers with Keras's on a kind of gradients after the given steps.
func (w *Walks) Table(gradient string, steps ...int) table.Table {
	t := table.Table{
		Title: fmt.Sprintf("Ways on %s gradients, learning rate %v", gradient, w.rate),
		Columns: []table.Column{table.Number("step t"), table.Number("Keras is at"), table.Number("literal, relative to it"),
			table.Number("GoMLX, relative to it"), table.Number("literal's step over Keras's"), table.Number("GoMLX's step over Keras's")},
	}
	for _, step := range steps {
		t.Add(fmt.Sprint(step), fmt.Sprintf("%.4g", w.Theta(Keras, gradient, step)),
			percent(w.Difference(Literal, gradient, step)), percent(w.Difference(GoMLX, gradient, step)),
			factor(w.Ratio(Literal, gradient, step)), factor(w.Ratio(GoMLX, gradient, step)))
	}
	return t
}

// percent is empty where there is nothing to compare with.
func percent(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return table.Signed(100*v, 3) + "%"
}

func factor(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return table.Fixed(v, 4)
}

// StepsFigure draws the lengths of the optimizers' steps on a kind of gradients, in learning rates. It is an error if some make
// none, as on zero gradients.
func (w *Walks) StepsFigure(gradient string) (*plot.Plot, error) {
	var curves []chart.Curve
	for _, optimizer := range []string{Keras, Literal, GoMLX} {
		curves = append(curves, chart.Sampled(optimizer, w.places(), func(t float64) float64 {
			return w.Step(optimizer, gradient, int(t)) / w.rate
		}))
	}
	return chart.Lines(chart.Axes{Title: "Length of a step on " + gradient + " gradients", X: "step t", Y: "length / learning rate",
		LogX: true, LogY: true}, curves...)
}

// DistanceFigure draws how far an optimizer is from Keras's, relative to Keras's way, on kinds of gradients.
func (w *Walks) DistanceFigure(optimizer string, gradients ...string) (*plot.Plot, error) {
	var curves []chart.Curve
	for _, gradient := range gradients {
		curves = append(curves, chart.Sampled(gradient, w.places(), func(t float64) float64 {
			return 100 * w.Difference(optimizer, gradient, int(t))
		}))
	}
	return chart.Lines(chart.Axes{Title: "Where " + optimizer + " is, seen from Keras", X: "step t", Y: "per cent of Keras's way", LogX: true}, curves...)
}

// places are the steps that figures draw: evenly on a logarithmic axis, and all beside k1 and k2.
func (w *Walks) places() []float64 {
	x := chart.Steps(w.Steps)
	for _, k := range []int{reference.K1, reference.K2} {
		for t := k - 2; t <= min(k+2, w.Steps); t++ {
			x = append(x, float64(t))
		}
	}
	slices.Sort(x)
	return slices.Compact(x)
}
