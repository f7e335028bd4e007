package chart

import (
	"image/color"
	"slices"
	"strconv"
	"strings"

	"distillation/kdlib/distill"

	"github.com/lucasb-eyer/go-colorful"
)

// okabeIto is the palette of Okabe and Ito (Color Universal Design, 2008),
// which people with any kind of colour vision can tell apart. Its yellow is
// left out: it is too pale for lines on white.
var okabeIto = []color.RGBA{
	hex(0x0072B2), hex(0xD55E00), hex(0x009E73), hex(0xCC79A7), hex(0xE69F00), hex(0x56B4E9), hex(0x000000),
}

// models have a colour each, the same in every figure.
var models = map[string]color.RGBA{
	"teacher":   hex(0x000000),
	"classical": hex(0x0072B2),
	"hard":      hex(0xD55E00),
	"soft":      hex(0x009E73),
}

// ramps lead from a chain's own colour to a dark one, ever darker, so that the
// order of the generations is seen without reading the legend, but never so dark
// that a thin line of it passes for the teacher's black: over pink and crimson to
// blue, and over ochre and slate to brown. Their corners were searched for the
// largest distance (CIEDE2000) between any two models, as seen with and without
// green cones.
var ramps = map[string][]color.RGBA{
	"hard": {models["hard"], hex(0xFF3ACD), hex(0xB01165), hex(0x2824D1)},
	"soft": {models["soft"], hex(0x8A6D1D), hex(0x385659), hex(0x544625)},
}

// lastGeneration of the paper's chains (section 4.4) has the ramp's last colour.
const lastGeneration = 6

// ModelColor is the colour of a model in every figure: "teacher", "classical", "hard" and "soft". The generations of a chain,
// such as "soft-3", follow a ramp that begins with the chain's colour. A model trained again, such as "soft-seed2", has the
// colour of the model. The student of another rule has the palette's colour at the rule's place in distill.Names. Any other
// name is grey.
func ModelColor(name string) color.Color {
	if c, ok := known(name); ok {
		return c
	}
	return hex(0x777777)
}

// known is the colour of a model or a generation.
func known(name string) (color.RGBA, bool) {
	name, _, _ = strings.Cut(name, "-seed")
	if c, ok := models[name]; ok {
		return c, true
	}
	if i := slices.Index(distill.Names(), name); i >= 0 {
		return okabeIto[(i+1)%len(okabeIto)], true // smoothed, the third, gets the first that no model above has
	}
	chain, number, _ := strings.Cut(name, "-")
	n, err := strconv.Atoi(number)
	ramp, ok := ramps[chain]
	if !ok || err != nil || n < 0 {
		return color.RGBA{}, false
	}
	at := float64(min(n, lastGeneration)) / lastGeneration * float64(len(ramp)-1)
	i := min(int(at), len(ramp)-2)
	return mix(ramp[i], ramp[i+1], at-float64(i)), true
}

// Pale is a colour for what is compared with what has the full colour.
func Pale(c color.Color) color.Color { return tint(color.RGBAModel.Convert(c).(color.RGBA)) }

// OnDark is a colour for a dark page: of the same hue, and as light as the other is dark, so that black becomes white.
func OnDark(c color.Color) color.Color {
	on, _ := colorful.MakeColor(c) // false for what is transparent alone
	l, a, b := on.Lab()
	return colorful.Lab(1-turned*l, a, b).Clamped()
}

// turned is the part of the lightness that OnDark turns over: at 1 the light colours would become too dark.
const turned = 0.7

// seriesColor is the colour of the i-th series of a figure: its model's, or one
// of the palette.
func seriesColor(name string, i int) color.RGBA {
	if c, ok := known(name); ok {
		return c
	}
	return okabeIto[i%len(okabeIto)]
}

// mix is a at share 0 and b at share 1.
// curveColors are the colours of curves over common axes: those of seriesColor, but for a curve whose colour is that of a model among
// them, which gets the next one that is free.
func curveColors(curves []Curve) []color.RGBA {
	taken := map[color.RGBA]bool{}
	for _, c := range curves {
		if own, ok := known(c.Name); ok {
			taken[own] = true
		}
	}
	colors := make([]color.RGBA, len(curves))
	for i, c := range curves {
		colors[i] = seriesColor(c.Name, i)
		if _, ok := known(c.Name); ok {
			continue
		}
		for step := 1; taken[colors[i]] && step < len(okabeIto); step++ {
			colors[i] = seriesColor(c.Name, i+step)
		}
	}
	return colors
}

func mix(a, b color.RGBA, share float64) color.RGBA {
	part := func(a, b uint8) uint8 { return uint8(float64(a) + share*(float64(b)-float64(a)) + 0.5) }
	return color.RGBA{R: part(a.R, b.R), G: part(a.G, b.G), B: part(a.B, b.B), A: 255}
}

// tint is a lighter shade of the same colour.
func tint(c color.RGBA) color.RGBA { return mix(c, hex(0xFFFFFF), 0.45) }

func hex(rgb uint32) color.RGBA {
	return color.RGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 255}
}
