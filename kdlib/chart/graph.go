package chart

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Node is a box of a graph.
type Node struct {
	Name, Note string   // two lines of text
	Needs      []string // names of nodes before it, from which arrows lead here
	State      int      // number of its state, which gives the colour
}

// stateColors are those of the states of nodes, in their order: dark ones are pale enough for black text.
var stateColors = []color.RGBA{mix(okabeIto[2], hex(0xFFFFFF), 0.55), mix(okabeIto[0], hex(0xFFFFFF), 0.55), mix(okabeIto[1], hex(0xFFFFFF), 0.55), hex(0xFFFFFF), hex(0xEEEEEE)}

// Measures of a graph in points.
const (
	boxHeight  = 30
	boxGap     = 12 // between two boxes of a column
	mostBox    = 104
	columnPart = 0.8 // of a column's width is the box, the rest for arrows
	arrowHead  = 3.5
)

// GraphHeight is the height at which a graph looks best in a figure of Width.
func GraphHeight(nodes []Node) vg.Length {
	rows := 0
	for _, column := range columns(nodes) {
		rows = max(rows, len(column))
	}
	return vg.Length(rows)*(boxHeight+boxGap) + 4*rowHeight
}

// Graph draws what waits for what: nodes in columns, each in the one after those that it needs, with a colour for each of at most five
// states, which the legend names. Nodes stand after those that they need.
func Graph(title string, states []string, nodes []Node) (*plot.Plot, error) {
	if len(states) > len(stateColors) || len(nodes) == 0 {
		return nil, fmt.Errorf("chart: %s: got %d nodes in %d states, want at least one, in at most %d", title, len(nodes), len(states), len(stateColors))
	}
	known := map[string]bool{}
	for _, n := range nodes {
		for _, need := range n.Needs {
			if !known[need] {
				return nil, fmt.Errorf("chart: %s: node %q needs %q, which is none before it", title, n.Name, need)
			}
		}
		if n.State < 0 || n.State >= len(states) || known[n.Name] {
			return nil, fmt.Errorf("chart: %s: node %q: got the state %d of %d, want a node that is there once in one of them", title, n.Name, n.State, len(states))
		}
		known[n.Name] = true
	}
	p := newPlot(Axes{Title: title})
	p.HideAxes()
	p.Add(boxes(nodes))
	var entries []entry
	for i, state := range states {
		entries = append(entries, entry{name: state, color: stateColors[i], edge: true})
	}
	p.Add(newLegend(p, entries))
	return p, nil
}

// columns are the nodes by the length of the longest way to them.
func columns(nodes []Node) [][]Node {
	depth := map[string]int{}
	var all [][]Node
	for _, n := range nodes {
		at := 0
		for _, need := range n.Needs {
			at = max(at, depth[need]+1)
		}
		depth[n.Name] = at
		if at >= len(all) {
			all = append(all, nil)
		}
		all[at] = append(all[at], n)
	}
	return all
}

// boxes are the nodes of a graph.
type boxes []Node

var _ plot.Plotter = boxes{}

// Plot draws the arrows, then the boxes.
func (b boxes) Plot(c draw.Canvas, p *plot.Plot) {
	places := b.places(c)
	for _, n := range b {
		for _, need := range n.Needs {
			arrow(c, vg.Point{X: places[need].Max.X, Y: middle(places[need])}, vg.Point{X: places[n.Name].Min.X, Y: middle(places[n.Name])})
		}
	}
	name := p.X.Tick.Label
	name.XAlign, name.YAlign = draw.XCenter, draw.YCenter
	note := name
	name.Font, note.Font = sans(tickSize), sans(noteSize)
	for _, n := range b {
		at := places[n.Name]
		corners := box(at.Min.X, at.Min.Y, at.Max.X, at.Max.Y)
		c.FillPolygon(stateColors[n.State], corners)
		c.StrokeLines(draw.LineStyle{Color: line, Width: 0.8}, append(corners, corners[0]))
		center := vg.Point{X: (at.Min.X + at.Max.X) / 2, Y: middle(at)}
		for _, row := range []struct {
			style text.Style
			text  string
			above vg.Length
		}{{name, n.Name, 7}, {note, n.Note, -6}} {
			c.FillText(row.style, center.Add(vg.Point{Y: row.above}), row.text)
		}
	}
}

func middle(r vg.Rectangle) vg.Length { return (r.Min.Y + r.Max.Y) / 2 }

// places are those of the boxes, by name: columns from left to right, each from the top.
func (b boxes) places(c draw.Canvas) map[string]vg.Rectangle {
	all := columns(b)
	width := min(c.Size().X/vg.Length(len(all)), mostBox/columnPart)
	places := map[string]vg.Rectangle{}
	for i, column := range all {
		for j, n := range column {
			corner := vg.Point{X: c.Min.X + vg.Length(i)*width, Y: c.Max.Y - vg.Length(j)*(boxHeight+boxGap)}
			places[n.Name] = vg.Rectangle{Min: corner.Add(vg.Point{Y: -boxHeight}), Max: corner.Add(vg.Point{X: columnPart * width})}
		}
	}
	return places
}

// arrow leads from a box to another one on its right.
func arrow(c draw.Canvas, from, to vg.Point) {
	c.StrokeLines(draw.LineStyle{Color: line, Width: 1}, []vg.Point{from, to.Sub(vg.Point{X: arrowHead})})
	c.FillPolygon(line, []vg.Point{to, to.Add(vg.Point{X: -2 * arrowHead, Y: arrowHead}), to.Add(vg.Point{X: -2 * arrowHead, Y: -arrowHead})})
}
