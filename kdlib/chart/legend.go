package chart

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Measures of a legend in points.
const (
	rowHeight = 17
	swatch    = 20 // width of a sample
	swatchGap = 5
	entryGap  = 14
	axisRoom  = 60 // left of the data, for the vertical axis
)

// entry is a sample with its name: a filled box, a line or a ring.
type entry struct {
	name   string
	color  color.Color
	line   bool
	ring   bool
	edge   bool // around the box, which may be white
	dashes []vg.Length
}

// legend stands in rows above the data, where it can cover nothing. gonum's own
// stands on the data.
type legend struct {
	entries []entry
	style   text.Style
}

var (
	_ plot.Plotter    = legend{}
	_ plot.GlyphBoxer = legend{}
)

func newLegend(p *plot.Plot, entries []entry) legend {
	style := p.X.Tick.Label
	style.Font = sans(labelSize - 0.5)
	style.XAlign, style.YAlign = draw.XLeft, draw.YCenter
	return legend{entries: entries, style: style}
}

func (l legend) width(e entry) vg.Length {
	return swatch + swatchGap + l.style.Width(e.name) + entryGap
}

// drawIn draws a plot in a canvas and tells its legend how wide that is, before
// gonum asks how high the legend will be. The message lies in the place of the
// plot's own legend, which is empty.
func drawIn(c draw.Canvas, p *plot.Plot) {
	p.Legend.XOffs = c.Size().X
	p.Draw(c)
}

// rows breaks the entries where the width of the figure is used up.
func (l legend) rows(p *plot.Plot) [][]entry {
	span := p.Legend.XOffs
	if span == 0 { // drawn by gonum alone
		span = Width
	}
	span -= axisRoom
	var rows [][]entry
	x := vg.Length(0)
	for _, e := range l.entries {
		if len(rows) == 0 || x+l.width(e)-entryGap > span {
			rows, x = append(rows, nil), 0
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
		x += l.width(e)
	}
	return rows
}

// GlyphBoxes reserves the room above the data.
func (l legend) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	height := vg.Length(len(l.rows(p)))*rowHeight + 4
	return []plot.GlyphBox{{X: 0.5, Y: 1, Rectangle: vg.Rectangle{Max: vg.Point{Y: height}}}}
}

// Plot draws the rows, the first at the top.
func (l legend) Plot(c draw.Canvas, p *plot.Plot) {
	rows := l.rows(p)
	for i, row := range rows {
		x, y := c.Min.X, c.Max.Y+vg.Length(len(rows)-i)*rowHeight-rowHeight/2+4
		for _, e := range row {
			switch {
			case e.ring:
				drawRing(&c, vg.Point{X: x + swatch/2, Y: y}, e.color)
			case e.line:
				style := draw.LineStyle{Color: e.color, Width: lineWidth, Dashes: e.dashes}
				c.StrokeLine2(style, x, y, x+swatch, y)
			default:
				corners := box(x+4, y-5, x+swatch-2, y+5)
				c.FillPolygon(e.color, corners)
				if e.edge {
					c.StrokeLines(draw.LineStyle{Color: line, Width: 0.8}, append(corners, corners[0]))
				}
			}
			c.FillText(l.style, vg.Point{X: x + swatch + swatchGap, Y: y + 1.2}, e.name)
			x += l.width(e)
		}
	}
}

func box(x0, y0, x1, y1 vg.Length) []vg.Point {
	return []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}
