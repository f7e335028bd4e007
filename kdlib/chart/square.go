package chart

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Square is a figure whose axes both span [0, 1], such as a ROC curve or a reliability diagram.
type Square struct {
	Axes
	Reference Curve    // dashed and pale: what to compare with
	Curves    []Curve  // a model's name gives the colour
	Marks     []Points // rings on the curves, such as the paper's threshold; Name gives the colour
	MarkName  string   // of the rings, in the legend
}

// Plot draws the figure. X of a curve may stand still or go back, as in a precision-recall curve.
func (s Square) Plot() (*plot.Plot, error) {
	if len(s.Curves) == 0 {
		return nil, fmt.Errorf("chart: %s: got no curves, want at least one", s.Title)
	}
	p := newSquare(s.Axes)
	reference := referenceLine(s.Reference)
	p.Add(reference)
	var entries []entry
	for i, c := range s.Curves {
		if err := (Points{c.Name, c.X, c.Y}).check(); err != nil {
			return nil, err
		}
		style := draw.LineStyle{Color: seriesColor(c.Name, i), Width: lineWidth}
		p.Add(stroke{Curve: c, style: style})
		entries = append(entries, entry{name: c.Name, color: style.Color, line: true})
	}
	for i, m := range s.Marks {
		if err := m.check(); err != nil {
			return nil, err
		}
		p.Add(rings{m, i})
	}
	entries = append(entries, reference.entry())
	if len(s.Marks) > 0 {
		entries = append(entries, entry{name: s.MarkName, color: ink, ring: true})
	}
	p.Add(newLegend(p, entries))
	return p, nil
}

// newSquare is an empty plot of [0, 1] by [0, 1] with a grid both ways.
func newSquare(a Axes) *plot.Plot {
	p := newPlot(a)
	g := grid()
	g.Vertical = g.Horizontal
	p.Add(g)
	setRange(&p.X, 0, 1, false)
	setRange(&p.Y, 0, 1, false)
	return p
}

// referenceLine is a pale dashed stroke.
func referenceLine(c Curve) stroke {
	return stroke{Curve: c, bare: true, style: draw.LineStyle{Color: line, Width: vg.Points(1.2), Dashes: []vg.Length{5, 3}}}
}

func (s stroke) entry() entry {
	return entry{name: s.Name, color: s.style.Color, line: true, dashes: s.style.Dashes}
}

// rings are the marks of a model.
type rings struct {
	Points
	index int
}

// Plot draws white discs with a border of the model's colour.
func (r rings) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	for i := range r.X {
		drawRing(&c, vg.Point{X: toX(r.X[i]), Y: toY(r.Y[i])}, seriesColor(r.Name, r.index))
	}
}

// drawRing draws a path, since glyphs are left out beyond the data, where the legend stands.
func drawRing(c *draw.Canvas, center vg.Point, border color.Color) {
	const radius = 4 // points
	var circle vg.Path
	circle.Move(vg.Point{X: center.X + radius, Y: center.Y})
	circle.Arc(center, radius, 0, 2*math.Pi)
	circle.Close()
	c.SetColor(hex(0xFFFFFF))
	c.Fill(circle)
	c.SetLineStyle(draw.LineStyle{Color: border, Width: 1.4})
	c.Stroke(circle)
}
