package chart

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of text in points; 1 point is 4/3 of a pixel in a notebook.
const (
	titleSize = 13
	labelSize = 11.5
	tickSize  = 10.5
	noteSize  = 9.5
)

var (
	ink  = hex(0x222222) // text and marks
	line = hex(0x888888) // axes
	pale = hex(0xE4E4E4) // grid
)

// Axes names a figure and its axes; units stand in the labels.
type Axes struct {
	Title, X, Y string
	LogX, LogY  bool // logarithmic; values must then be positive
}

// newPlot is an empty plot in the style that all figures share.
func newPlot(a Axes) *plot.Plot {
	p := plot.New()
	p.Title.Text = a.Title
	p.Title.Padding = vg.Points(8)
	p.Title.TextStyle.Font = sans(titleSize)
	p.Title.TextStyle.Font.Weight = 3 // bold in golang.org/x/image/font
	p.Title.TextStyle.Color = ink
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font = sans(labelSize)
		axis.Label.TextStyle.Color = ink
		axis.Label.Padding = vg.Points(5)
		axis.Tick.Label.Font = sans(tickSize)
		axis.Tick.Label.Color = ink
		axis.Tick.Length = vg.Points(4)
		axis.Tick.LineStyle.Color = line
		axis.LineStyle.Color = line
		axis.LineStyle.Width = vg.Points(0.8)
		axis.Padding = 0
	}
	p.X.Label.Text, p.Y.Label.Text = a.X, a.Y
	return p
}

// sans has the metrics of Arial and Helvetica, so that a browser without it
// sets an SVG's text in the same width.
func sans(size font.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// grid draws pale lines at the ticks of the vertical axis.
func grid() *plotter.Grid {
	style := draw.LineStyle{Color: pale, Width: vg.Points(0.7)}
	return &plotter.Grid{Horizontal: style}
}

// onAxis is the place of a value on an axis. A logarithmic axis counts decades:
// plot.LogScale would misplace the axis's label.
func onAxis(value float64, log bool) float64 {
	if log {
		return math.Log10(value)
	}
	return value
}

// setRange fixes an axis to [low, high], given as places on the axis, widened to
// its outermost ticks.
func setRange(axis *plot.Axis, low, high float64, log bool) {
	ticks := linearTicks(low, high)
	if log {
		ticks = logTicks(low, high)
	}
	axis.Tick.Marker = plot.ConstantTicks(ticks)
	axis.Min = min(low, ticks[0].Value)
	axis.Max = max(high, ticks[len(ticks)-1].Value)
}

// linearTicks are multiples of 1, 2 or 5 times a power of ten that cover
// [low, high] in at most seven steps, all printed with the same number of decimals.
func linearTicks(low, high float64) []plot.Tick {
	if high <= low {
		low, high = low-0.5, high+0.5
	}
	const steps = 7
	power := math.Floor(math.Log10((high - low) / steps))
	step, decimals := math.Pow10(int(power)), int(-power)
	for _, factor := range []float64{1, 2, 5, 10} {
		if step = factor * math.Pow10(int(power)); (high-low)/step <= steps {
			if factor == 10 {
				decimals--
			}
			break
		}
	}
	var ticks []plot.Tick
	last := math.Ceil(high/step - 1e-9) // 0.3/0.1 is above 3
	for i := math.Floor(low/step + 1e-9); i <= last; i++ {
		label := strconv.FormatFloat(i*step, 'f', max(decimals, 0), 64)
		label = strings.Replace(label, "-", "−", 1) // a true minus sign, as in tables
		ticks = append(ticks, plot.Tick{Value: i * step, Label: label})
	}
	return ticks
}

// wholeTicks are linearTicks without fractions, for epochs and generations.
func wholeTicks(low, high float64) []plot.Tick {
	const steps = 7 // over so many, linearTicks has no fractions
	return linearTicks(low, max(high, low+steps))
}

// logTicks are the whole decades that cover [low, high], labelled with the power
// of ten, and unlabelled ticks for 2 to 9 times it.
func logTicks(low, high float64) []plot.Tick {
	first, last := math.Floor(low+1e-9), math.Ceil(high-1e-9)
	last = max(last, first+1)
	var ticks []plot.Tick
	for e := first; e <= last; e++ {
		ticks = append(ticks, plot.Tick{Value: e, Label: strconv.FormatFloat(math.Pow10(int(e)), 'g', -1, 64)})
		for m := 2.0; m < 10 && e < last; m++ {
			ticks = append(ticks, plot.Tick{Value: e + math.Log10(m)})
		}
	}
	return ticks
}
