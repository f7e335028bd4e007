package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Points pair predictions with what they should be.
type Points struct {
	Name string    // in the legend; a model's name gives its colour
	X, Y []float64 // in [0, 1]
}

// Calibration draws models' predictions (Y) against the true probability of "dog" (X), which is known for drawn pictures. On
// the diagonal the prediction equals the truth.
func Calibration(a Axes, points ...Points) (*plot.Plot, error) {
	if len(points) == 0 {
		return nil, fmt.Errorf("chart: %s: got no points, want at least one set", a.Title)
	}
	p := newSquare(a)
	diagonal := referenceLine(Curve{Name: "prediction = truth", X: []float64{0, 1}, Y: []float64{0, 1}})
	p.Add(diagonal)
	var entries []entry
	for i, s := range points {
		if err := s.check(); err != nil {
			return nil, err
		}
		p.Add(dots{s, i})
		entries = append(entries, entry{name: s.Name, color: seriesColor(s.Name, i)})
	}
	p.Add(newLegend(p, append(entries, diagonal.entry())))
	return p, nil
}

func (s Points) check() error {
	if len(s.X) != len(s.Y) || len(s.X) == 0 {
		return fmt.Errorf("chart: points %q: got %d x and %d y, want as many of each, at least one", s.Name, len(s.X), len(s.Y))
	}
	for i := range s.X {
		if !(s.X[i] >= 0 && s.X[i] <= 1 && s.Y[i] >= 0 && s.Y[i] <= 1) {
			return fmt.Errorf("chart: points %q: point %d: got (%v, %v), want numbers in [0, 1]", s.Name, i, s.X[i], s.Y[i])
		}
	}
	return nil
}

// dots draws all points of a set as one path: a tenth of the size of an SVG
// with a circle for each.
type dots struct {
	Points
	index int
}

// Plot draws the points, half transparent where sets overlap.
func (d dots) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	var path vg.Path
	const radius = 2 // points
	for i := range d.X {
		center := vg.Point{X: toX(d.X[i]), Y: toY(d.Y[i])}
		path.Move(vg.Point{X: center.X + radius, Y: center.Y})
		path.Arc(center, radius, 0, 2*math.Pi)
		path.Close()
	}
	full := seriesColor(d.Name, d.index)
	const alpha = 0.6
	full.A = uint8(alpha * 255)
	full.R, full.G, full.B = uint8(alpha*float64(full.R)), uint8(alpha*float64(full.G)), uint8(alpha*float64(full.B))
	c.SetColor(full)
	c.Fill(path)
}
