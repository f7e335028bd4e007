package chart

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Beside puts plots next to each other, in equal widths, under one title.
func Beside(title string, plots ...*plot.Plot) *plot.Plot {
	p := newPlot(Axes{Title: title})
	p.HideAxes()
	p.Add(tiles(plots))
	return p
}

// tiles are the plots of Beside.
type tiles []*plot.Plot

var _ plot.Plotter = tiles{}

const gutter = 18 // points between two tiles

// Plot draws each into its part of the canvas.
func (t tiles) Plot(c draw.Canvas, _ *plot.Plot) {
	n := vg.Length(len(t))
	width := (c.Max.X - c.Min.X - gutter*(n-1)) / n
	for i, p := range t {
		left := c.Min.X + vg.Length(i)*(width+gutter)
		part := c
		part.Rectangle = vg.Rectangle{Min: vg.Point{X: left, Y: c.Min.Y}, Max: vg.Point{X: left + width, Y: c.Max.Y}}
		drawIn(part, p)
	}
}
