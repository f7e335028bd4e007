package chart

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const lineWidth = 1.8 // points

// dashes mark a curve that another is compared with.
var dashes = []vg.Length{5, 3}

// fewPoints of a curve are marked with dots; one alone would not show otherwise.
const fewPoints = 12

// Curve is a line.
type Curve struct {
	Name string    // in the legend; a model's name gives its colour
	X    []float64 // ascending; nil counts 1, 2, ...
	Y    []float64

	Dashed bool // pale and dashed, in the colour of the last solid curve before it: for what that one is compared with
}

// Lines draws curves over common axes.
func Lines(a Axes, curves ...Curve) (*plot.Plot, error) {
	strokes := make([]stroke, len(curves))
	colors := curveColors(curves)
	solid := 0 // the last solid curve
	for i, c := range curves {
		strokes[i] = stroke{Curve: c, style: draw.LineStyle{Color: colors[i], Width: lineWidth}}
		if !c.Dashed {
			solid = i
		} else if i > 0 {
			strokes[i].style.Color, strokes[i].style.Dashes = tint(colors[solid]), dashes
		}
	}
	return drawLines(a, strokes, nil)
}

// Learning is what figures 2 to 5 show of a training run.
type Learning struct {
	Title          string
	Model          string  // gives the colour
	Loss, Accuracy []Curve // train and validation, in this order; one number an epoch
	Best           int     // epoch whose weights were kept, from 1; 0 marks none
}

// LearningCurves draws loss and accuracy by epoch side by side, as in figures 2 to 5: the train curve pale and dashed, the
// validation curve solid, with a ring at the best epoch.
func LearningCurves(l Learning) (*plot.Plot, error) {
	loss, err := l.panel("loss", l.Loss)
	if err != nil {
		return nil, err
	}
	accuracy, err := l.panel("accuracy", l.Accuracy)
	if err != nil {
		return nil, err
	}
	return Beside(l.Title, loss, accuracy), nil
}

func (l Learning) panel(quantity string, curves []Curve) (*plot.Plot, error) {
	if len(curves) == 0 {
		return nil, fmt.Errorf("chart: %s: %s: got no curves, want train and validation", l.Title, quantity)
	}
	full := seriesColor(l.Model, 0)
	strokes := make([]stroke, len(curves))
	for i, c := range curves {
		strokes[i] = stroke{Curve: c, style: draw.LineStyle{Color: full, Width: lineWidth}}
		if i < len(curves)-1 {
			strokes[i].style.Color, strokes[i].style.Dashes = tint(full), dashes
		}
	}
	last := curves[len(curves)-1]
	var marks []ring
	if l.Best != 0 {
		if l.Best < 1 || l.Best > len(last.Y) {
			return nil, fmt.Errorf("chart: %s: best epoch: got %d, want 1 to %d", l.Title, l.Best, len(last.Y))
		}
		marks = append(marks, ring{x: float64(l.Best), y: last.Y[l.Best-1], name: "best: epoch " + strconv.Itoa(l.Best)})
	}
	return drawLines(Axes{X: "epoch", Y: quantity}, strokes, marks)
}

// stroke is a curve with its style.
type stroke struct {
	Curve
	style draw.LineStyle
	axes  Axes
	bare  bool // without dots
}

var _ plot.Plotter = stroke{}

// Plot draws the line, with dots where it has few points.
func (s stroke) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	points := make([]vg.Point, len(s.X))
	for i := range s.X {
		points[i] = vg.Point{X: toX(onAxis(s.X[i], s.axes.LogX)), Y: toY(onAxis(s.Y[i], s.axes.LogY))}
	}
	c.StrokeLines(s.style, points)
	if s.bare || len(points) > fewPoints {
		return
	}
	for _, point := range points {
		c.DrawGlyph(draw.GlyphStyle{Color: s.style.Color, Radius: vg.Points(2.6), Shape: draw.CircleGlyph{}}, point)
	}
}

// drawLines checks the curves and draws them, then marks.
func drawLines(a Axes, strokes []stroke, marks []ring) (*plot.Plot, error) {
	if len(strokes) == 0 {
		return nil, fmt.Errorf("chart: %s: got no curves, want at least one", a.Title)
	}
	p := newPlot(a)
	p.Add(grid())
	var entries []entry
	xs, ys := newSpan(), newSpan()
	for i := range strokes {
		s := &strokes[i]
		if s.X == nil {
			s.X = count(len(s.Y))
		}
		if err := s.check(a); err != nil {
			return nil, err
		}
		s.axes = a
		xs.add(s.X, a.LogX)
		ys.add(s.Y, a.LogY)
		entries = append(entries, entry{name: s.Name, color: s.style.Color, line: true, dashes: s.style.Dashes})
	}
	setRange(&p.X, xs.low, xs.high, a.LogX)
	if xs.whole && !a.LogX {
		p.X.Tick.Marker = plot.ConstantTicks(wholeTicks(xs.low, xs.high))
	}
	p.X.Min, p.X.Max = xs.ends(p.X.Min, p.X.Max)
	setRange(&p.Y, ys.low, ys.high, a.LogY)
	for _, s := range strokes {
		p.Add(s)
	}
	for _, m := range marks {
		p.Add(m)
		entries = append(entries, entry{name: m.name, color: ink, ring: true})
	}
	p.Add(newLegend(p, entries))
	return p, nil
}

func (c Curve) check(a Axes) error {
	if len(c.X) != len(c.Y) || len(c.Y) == 0 {
		return fmt.Errorf("chart: curve %q: got %d x and %d y, want as many of each, at least one", c.Name, len(c.X), len(c.Y))
	}
	for i := range c.X {
		if bad(c.X[i], a.LogX) || bad(c.Y[i], a.LogY) {
			return fmt.Errorf("chart: curve %q: point %d: got (%v, %v), want finite numbers, positive on a logarithmic axis", c.Name, i, c.X[i], c.Y[i])
		}
	}
	return nil
}

func bad(v float64, log bool) bool {
	return math.IsNaN(v) || math.IsInf(v, 0) || log && v <= 0
}

// count is 1, 2, ..., n.
func count(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}

// span is the range of places on an axis.
type span struct {
	low, high float64
	whole     bool // all are whole numbers, such as epochs and generations
}

func newSpan() span { return span{math.Inf(1), math.Inf(-1), true} }

func (s *span) add(values []float64, log bool) {
	for _, v := range values {
		s.low, s.high = min(s.low, onAxis(v, log)), max(s.high, onAxis(v, log))
		s.whole = s.whole && v == math.Trunc(v)
	}
}

// ends of an axis whose outermost ticks are low and high: no empty margin beside
// the data, unless a tick stands just outside of them, as 1 does beside a threshold
// of 0.99. There is no epoch 0 beside epoch 1.
func (s span) ends(low, high float64) (float64, float64) {
	if s.low == s.high {
		return s.low - 0.5, s.high + 0.5
	}
	just := 0.02 * (s.high - s.low)
	if s.whole || low < s.low-just {
		low = s.low
	}
	if s.whole || high > s.high+just {
		high = s.high
	}
	return low, high
}

// ring marks a point of a curve.
type ring struct {
	x, y float64
	name string // in the legend: beside the point it would lie across curves
}

// Plot draws a thin line through the plot and a ring on it.
func (r ring) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	at := vg.Point{X: toX(r.x), Y: toY(r.y)}
	thin := draw.LineStyle{Color: line, Width: vg.Points(0.8), Dashes: []vg.Length{2, 2}}
	c.StrokeLine2(thin, at.X, c.Min.Y, at.X, c.Max.Y)
	c.DrawGlyph(draw.GlyphStyle{Color: ink, Radius: vg.Points(4), Shape: draw.RingGlyph{}}, at)
}
