package chart

import (
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// mostBars is how many bars can be told apart in one figure; more become outlines.
const mostBars = 160

// Histograms draws relative frequencies on [0, 1] of up to eight models in one plot, as in figures 6 to 9. Y of a series holds
// the frequencies of bins of equal width. If there would be too many bars, they become outlines. Most predictions lie in the
// outermost bins. A logarithmic axis (Axes.LogY) shows the others too, and leaves out bins with frequency 0.
func Histograms(a Axes, series []Series) (*plot.Plot, error) {
	bins := 0
	if len(series) > 0 {
		bins = len(series[0].Y)
	}
	if err := checkSeries(series, bins); err != nil {
		return nil, err
	}
	p := newPlot(a)
	b := newBars(series, a.LogY)
	p.Add(grid())
	if bins*len(series) <= mostBars {
		p.Add(b)
	} else {
		p.Add(outlines{b})
	}
	p.Add(newLegend(p, b.entries()))
	p.X.Min, p.X.Max, p.X.Tick.Marker = 0, float64(bins), binTicks(bins)
	setRange(&p.Y, onAxis(b.base, a.LogY), onAxis(b.top, a.LogY), a.LogY)
	return p, nil
}

// binTicks marks the edges of the bins, and labels tenths where they are edges.
// The axis counts bins, as the plotters do.
func binTicks(bins int) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	labels := 10
	for bins%labels != 0 && labels > 1 {
		labels--
	}
	for i := 0; i <= bins; i++ {
		tick := plot.Tick{Value: float64(i)}
		if i*labels%bins == 0 {
			tick.Label = strconv.FormatFloat(float64(i)/float64(bins), 'g', 4, 64)
		}
		if tick.Label != "" || bins <= 50 {
			ticks = append(ticks, tick)
		}
	}
	return ticks
}

// outlines draws each series as a line of steps instead of bars.
type outlines struct{ bars }

var _ plot.Plotter = outlines{}

// Plot draws one line a series; bins below the base lie on it.
func (o outlines) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := o.transforms(&c, p)
	for k, s := range o.series {
		points := make([]vg.Point, 0, 2*len(s.Y))
		for i, v := range s.Y {
			y := toY(max(v, o.base))
			points = append(points, vg.Point{X: toX(float64(i)), Y: y}, vg.Point{X: toX(float64(i + 1)), Y: y})
		}
		c.StrokeLines(draw.LineStyle{Color: seriesColor(s.Name, k), Width: vg.Points(1.2)}, points)
	}
}
