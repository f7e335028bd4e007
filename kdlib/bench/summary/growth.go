package summary

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"distillation/kdlib/bench"
	"distillation/kdlib/chart"
	"distillation/kdlib/recipe"

	"gonum.org/v1/plot"
)

// growth is a quantity that the cost of a step grows with, all others fixed.
type growth struct {
	axis  string
	power float64                                       // the number of multiplications grows by the quantity to this power
	split func(bench.Case) (value int, rest bench.Case) // the quantity, 0 where the case has none, and the case without it
	name  func(rest bench.Case) string
}

var growths = []growth{
	{"picture size", 2, func(c bench.Case) (int, bench.Case) {
		_, single := c.Channels()
		value := c.Size
		if c.Size = 0; single {
			value = 0
		}
		return value, c
	}, func(c bench.Case) string {
		return fmt.Sprintf("%s, %s, batch %d", recipe.NetworkTitle(c.Network()), c.Mode, c.Batch)
	}},
	{"batch", 1, func(c bench.Case) (int, bench.Case) {
		_, single := c.Channels()
		value := c.Batch
		if c.Batch = 0; single {
			value = 0
		}
		return value, c
	}, func(c bench.Case) string {
		return fmt.Sprintf("%s, %s, %dx%d", recipe.NetworkTitle(c.Network()), c.Mode, c.Size, c.Size)
	}},
	{"channels of a 3x3 convolution", 2, func(c bench.Case) (int, bench.Case) {
		value, _ := c.Channels()
		c.Depth = ""
		return value, c
	}, func(c bench.Case) string { return fmt.Sprintf("%s, %dx%d, batch %d", c.Mode, c.Size, c.Size, c.Batch) }},
}

// GrowthFigure draws how our cost of a step grows with picture size, batch and width, side by side, for each of these that has
// at least three values. The dashed line beside every curve is the ideal: proportional to the number of multiplications,
// through the curve's last point. Lines that are not alike are an error.
func GrowthFigure(lines []bench.Line) (*plot.Plot, error) {
	if err := bench.Alike(lines); err != nil {
		return nil, err
	}
	var panels []*plot.Plot
	for _, g := range growths {
		curves := g.curves(lines)
		if len(curves) == 0 {
			continue
		}
		p, err := chart.Lines(chart.Axes{X: g.axis, Y: "seconds a step", LogX: true, LogY: true}, curves...)
		if err != nil {
			return nil, err
		}
		panels = append(panels, p)
	}
	if len(panels) == 0 {
		return nil, fmt.Errorf("summary: growth: got %d lines, want some of %s that differ in one quantity, at least three", len(lines), bench.Kdlib)
	}
	return chart.Beside("Cost of a step, measured and ideal", panels...), nil
}

// fewest points make a curve of growth.
const fewest = 3

func (g growth) curves(lines []bench.Line) []chart.Curve {
	seconds := map[bench.Case]map[int][]float64{} // by rest and quantity
	for _, l := range lines {
		value, rest := g.split(l.Case)
		if l.Framework != bench.Kdlib || value == 0 {
			continue
		}
		if seconds[rest] == nil {
			seconds[rest] = map[int][]float64{}
		}
		seconds[rest][value] = append(seconds[rest][value], l.Median)
	}
	var curves []chart.Curve
	for _, rest := range order(lines, func(l bench.Line) bench.Case { _, rest := g.split(l.Case); return rest }) {
		if len(seconds[rest]) >= fewest {
			curves = append(curves, g.pair(rest, seconds[rest])...)
		}
	}
	return curves
}

// pair is a measured curve and its ideal.
func (g growth) pair(rest bench.Case, seconds map[int][]float64) []chart.Curve {
	measured := chart.Curve{Name: g.name(rest)}
	for _, value := range slices.Sorted(maps.Keys(seconds)) {
		measured.X = append(measured.X, float64(value))
		measured.Y = append(measured.Y, bench.Median(seconds[value]))
	}
	ideal := chart.Curve{Name: "ideal", X: measured.X, Dashed: true}
	last := len(measured.X) - 1
	for _, x := range ideal.X {
		ideal.Y = append(ideal.Y, measured.Y[last]*math.Pow(x/measured.X[last], g.power))
	}
	return []chart.Curve{measured, ideal}
}
