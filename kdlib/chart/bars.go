package chart

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Series is a set of bars of one colour, one number for each bin or group.
type Series struct {
	Name    string    // in the legend; a model's name gives its colour
	Y       []float64 // finite, at least 0
	Error   []float64 // half lengths of error bars; nil draws none
	Printed []float64 // the paper's numbers, drawn as ticks across the bars; nil draws none
}

const (
	groupShare = 0.84 // part of a bin or group that its bars fill
	barShare   = 0.92 // part of its place that a bar fills
	widestBar  = 64   // points
)

// Bars draws a group of bars for each name, with one bar for each series. If there are few bars, their numbers stand below
// them, so that nobody takes them for the printed ones.
func Bars(a Axes, groups []string, series []Series) (*plot.Plot, error) {
	if err := checkSeries(series, len(groups)); err != nil {
		return nil, err
	}
	p := newPlot(a)
	b := newBars(series, a.LogY)
	b.numbers = len(groups)*len(series) <= 12
	p.Add(grid(), b, newLegend(p, b.entries()))
	ticks := make([]plot.Tick, len(groups))
	for i, name := range groups {
		if b.numbers {
			name = "\n" + name // below the numbers
		}
		ticks[i] = plot.Tick{Value: float64(i) + 0.5, Label: name}
	}
	p.X.Min, p.X.Max, p.X.Tick.Marker = 0, float64(len(groups)), plot.ConstantTicks(ticks)
	p.X.Tick.LineStyle.Color = p.BackgroundColor // only the names, at the ticks' distance
	setRange(&p.Y, onAxis(b.base, a.LogY), onAxis(b.top, a.LogY), a.LogY)
	return p, nil
}

// checkSeries wants n drawable numbers in each series.
func checkSeries(series []Series, n int) error {
	if len(series) == 0 || n == 0 {
		return fmt.Errorf("chart: got %d series of %d bars, want at least one of each", len(series), n)
	}
	for _, s := range series {
		for _, part := range []struct {
			name     string
			values   []float64
			optional bool
		}{{"values", s.Y, false}, {"errors", s.Error, true}, {"printed", s.Printed, true}} {
			if len(part.values) != n && !(part.optional && part.values == nil) {
				return fmt.Errorf("chart: series %q: %s: got %d numbers, want %d", s.Name, part.name, len(part.values), n)
			}
			for i, v := range part.values {
				if !(v >= 0) || math.IsInf(v, 1) {
					return fmt.Errorf("chart: series %q: %s: bar %d: got %v, want a finite number, at least 0", s.Name, part.name, i, v)
				}
			}
		}
	}
	return nil
}

// bars draws series side by side in groups; group i spans [i, i+1].
type bars struct {
	series  []Series
	base    float64 // where bars begin: 0, or a power of ten on a logarithmic axis
	top     float64 // the largest number to be drawn
	numbers bool    // written below the bars
	log     bool    // the axis is logarithmic
}

var _ plot.Plotter = bars{}

func newBars(series []Series, log bool) bars {
	b := bars{series: series, log: log}
	least := math.Inf(1)
	for _, s := range series {
		for i, y := range s.Y {
			values := []float64{y}
			if s.Error != nil {
				values = append(values, y+s.Error[i])
			}
			if s.Printed != nil {
				values = append(values, s.Printed[i])
			}
			for _, v := range values {
				b.top = max(b.top, v)
				if v > 0 {
					least = min(least, v)
				}
			}
		}
	}
	if b.top == 0 {
		b.top, least = 1, 0.1 // nothing but zeros: any range does
	}
	if log {
		b.base = math.Pow10(int(math.Floor(math.Log10(least))))
	}
	return b
}

func (b bars) entries() []entry {
	var entries []entry
	printed := false
	for i, s := range b.series {
		entries = append(entries, entry{name: s.Name, color: seriesColor(s.Name, i)})
		printed = printed || s.Printed != nil
	}
	if printed {
		entries = append(entries, entry{name: "printed in the paper", color: ink, line: true})
	}
	return entries
}

// transforms are p's, for groups and for values above the base.
func (b bars) transforms(c *draw.Canvas, p *plot.Plot) (toX, toY func(float64) vg.Length) {
	toX, place := p.Transforms(c)
	return toX, func(v float64) vg.Length { return place(onAxis(max(v, b.base), b.log)) }
}

// Plot draws one path a series, which keeps the file small.
func (b bars) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := b.transforms(&c, p)
	slot := min((toX(1)-toX(0))*groupShare/vg.Length(len(b.series)), widestBar)
	decimals := b.decimals()
	for k, s := range b.series {
		left := func(i int) vg.Length {
			return toX(float64(i)+0.5) + slot*(vg.Length(k)-vg.Length(len(b.series))/2)
		}
		bar := func(i int) vg.Rectangle {
			return vg.Rectangle{Min: vg.Point{X: left(i), Y: toY(b.base)}, Max: vg.Point{X: left(i) + barShare*slot, Y: toY(s.Y[i])}}
		}
		var boxes vg.Path
		for i, v := range s.Y {
			if v > b.base {
				addBox(&boxes, bar(i))
			}
		}
		c.SetColor(seriesColor(s.Name, k))
		c.Fill(boxes)
		for i := range s.Y {
			if s.Error != nil && s.Error[i] > 0 {
				errorBar(&c, left(i)+barShare*slot/2, toY(s.Y[i]-s.Error[i]), toY(s.Y[i]+s.Error[i]))
			}
			if s.Printed != nil && s.Printed[i] > b.base {
				printedTick(&c, bar(i), toY(s.Printed[i]))
			}
			if b.numbers {
				write(&c, p, strconv.FormatFloat(s.Y[i], 'f', decimals, 64), left(i)+barShare*slot/2)
			}
		}
	}
}

// errorBar is dark with a pale border, to be seen on a bar of any colour.
func errorBar(c *draw.Canvas, x, low, high vg.Length) {
	const cap = 3 // half length of the ends
	for _, style := range []draw.LineStyle{{Color: hex(0xFFFFFF), Width: 2.6}, {Color: ink, Width: 1}} {
		c.StrokeLine2(style, x, low, x, high)
		c.StrokeLine2(style, x-cap, low, x+cap, low)
		c.StrokeLine2(style, x-cap, high, x+cap, high)
	}
}

// printedTick crosses a bar at y, or lies above it. It has a pale border, to be seen on
// a dark bar, unless that would eat the bar's end, which then looked lower
// than it is.
func printedTick(c *draw.Canvas, bar vg.Rectangle, y vg.Length) {
	const border = 3.2
	left, right := bar.Min.X, bar.Max.X
	if y+border/2 <= bar.Max.Y {
		c.StrokeLine2(draw.LineStyle{Color: hex(0xFFFFFF), Width: border}, left, y, right, y)
	}
	overhang := (right - left) * (1 - barShare) / 3 // two neighbours do not touch
	c.StrokeLine2(draw.LineStyle{Color: ink, Width: 1.4}, left-overhang, y, right+overhang, y)
}

// write puts a number below the axis.
func write(c *draw.Canvas, p *plot.Plot, number string, center vg.Length) {
	style := p.X.Tick.Label
	style.Font = sans(noteSize)
	style.XAlign, style.YAlign = draw.XCenter, draw.YTop
	c.FillText(style, vg.Point{X: center, Y: c.Min.Y - p.X.Tick.Length}, number)
}

// decimals of all numbers of a figure: three, or as many up to the paper's five as
// leave two digits of the smallest.
func (b bars) decimals() int {
	decimals := 3
	for _, s := range b.series {
		for _, v := range s.Y {
			for decimals < 5 && v > 0 && v < math.Pow10(1-decimals) {
				decimals++
			}
		}
	}
	return decimals
}

func addBox(path *vg.Path, r vg.Rectangle) {
	for i, corner := range box(r.Min.X, r.Min.Y, r.Max.X, r.Max.Y) {
		if i == 0 {
			path.Move(corner)
		} else {
			path.Line(corner)
		}
	}
	path.Close()
}
