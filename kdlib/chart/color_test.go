package chart

import (
	"fmt"
	"image/color"
	"testing"

	"github.com/lucasb-eyer/go-colorful"
)

func TestModelColor(t *testing.T) {
	for name, want := range map[string]color.Color{ // Okabe and Ito
		"teacher":      hex(0x000000),
		"classical":    hex(0x0072B2),
		"hard":         hex(0xD55E00),
		"soft":         hex(0x009E73),
		"hard-0":       hex(0xD55E00), // generation 0 is the student
		"soft-0":       hex(0x009E73),
		"soft-2":       hex(0x8A6D1D), // the ramp's second corner
		"soft-3":       hex(0x61623B), // half way between (138, 109, 29) and (56, 86, 89)
		"soft-6":       hex(0x544625),
		"soft-9":       hex(0x544625),
		"soft-seed2":   hex(0x009E73), // the same model trained again
		"soft-3-seed2": hex(0x61623B),
		"nobody":       hex(0x777777),
		"teacher 1":    hex(0x777777),
		"soft -1":      hex(0x777777),
	} {
		if got := ModelColor(name); got != want {
			t.Errorf("ModelColor(%q) = %v, want %v", name, got, want)
		}
	}
}

// Each generation is darker than the one before.
func TestRampsDarken(t *testing.T) {
	for chain := range ramps {
		before := 1e9
		for n := range lastGeneration + 1 {
			r, g, b, _ := ModelColor(fmt.Sprint(chain, "-", n)).RGBA()
			light := 0.2126*float64(r) + 0.7152*float64(g) + 0.0722*float64(b) // Rec. 709 luma
			if light >= before {
				t.Errorf("%s-%d: lightness %v after %v", chain, n, light, before)
			}
			before = light
		}
	}
}

// leastDistances between the colours of two models, in units of CIEDE2000, of
// which one is just noticed on adjoining patches: of generations of one chain, and
// of any others.
var leastDistances = map[string]struct{ kin, others float64 }{
	"as it is":            {11, 20},
	"without green cones": {8, 10},
	"on a dark page":      {6.5, 15},
}

// Any two models are told apart, also by people without green cones. The distance
// is that of go-colorful.
func TestModelsAreToldApart(t *testing.T) {
	names := []string{"teacher", "classical"}
	kind := map[string]string{"teacher": "teacher", "classical": "classical"}
	for _, chain := range []string{"hard", "soft"} {
		for n := range lastGeneration + 1 {
			name := fmt.Sprint(chain, "-", n)
			names, kind[name] = append(names, name), chain
		}
	}
	for view, see := range map[string]func(colorful.Color) colorful.Color{
		"as it is":            func(c colorful.Color) colorful.Color { return c },
		"without green cones": deuteranopia,
		"on a dark page":      onDark,
	} {
		for i, a := range names {
			for _, b := range names[:i] {
				want := leastDistances[view].others
				if kind[a] == kind[b] {
					want = leastDistances[view].kin
				}
				if got := 100 * see(seen(a)).DistanceCIEDE2000(see(seen(b))); !(got >= want) {
					t.Errorf("%s: %s and %s: got a distance of %.1f, want at least %v", view, a, b, got, want)
				}
			}
		}
	}
}

// No generation is as black as the teacher: a line is thin, and CIEDE2000 is of patches.
func TestGenerationsAreNotBlack(t *testing.T) {
	const least = 30 // CIE L*, of 100
	for chain := range ramps {
		for n := range lastGeneration + 1 {
			if l, _, _ := seen(fmt.Sprint(chain, "-", n)).Lab(); !(100*l >= least) {
				t.Errorf("%s-%d: lightness %.1f, want at least %d", chain, n, 100*l, least)
			}
		}
	}
}

// On a dark page every model is light enough to be read, by the contrast that WCAG 2 asks of graphics.
func TestModelsAreSeenOnDark(t *testing.T) {
	const page, least = 0.007, 3 // relative luminance of #161616, and the contrast
	for _, name := range []string{"teacher", "classical", "hard", "soft", "hard-3", "hard-6", "soft-3", "soft-6"} {
		r, g, b := onDark(seen(name)).LinearRgb()
		if contrast := (0.2126*r + 0.7152*g + 0.0722*b + 0.05) / (page + 0.05); !(contrast >= least) {
			t.Errorf("%s: contrast %.1f, want at least %d", name, contrast, least)
		}
	}
	if white := OnDark(ModelColor("teacher")); hexOf(white) != "#ffffff" {
		t.Errorf("the teacher is %s, want white", hexOf(white))
	}
}

func onDark(c colorful.Color) colorful.Color {
	dark, _ := colorful.MakeColor(OnDark(c))
	return dark
}

func hexOf(c color.Color) string {
	made, _ := colorful.MakeColor(c)
	return made.Hex()
}

func seen(name string) colorful.Color {
	c, _ := colorful.MakeColor(ModelColor(name))
	return c
}

// deuteranopia is what a colour looks like without green cones (Machado, Oliveira
// and Fernandes 2009, table 1, severity 1).
func deuteranopia(c colorful.Color) colorful.Color {
	r, g, b := c.LinearRgb()
	return colorful.LinearRgb(
		0.367322*r+0.860646*g-0.227968*b,
		0.280085*r+0.672501*g+0.047413*b,
		-0.011820*r+0.042940*g+0.968881*b).Clamped()
}

func TestDecimals(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   int
	}{
		{[]float64{0.87, 0.9733}, 3},
		{[]float64{0.031, 0.0114}, 3},
		{[]float64{0.031, 0.0071}, 4}, // 0.0071, not 0.007
		{[]float64{0.5, 0.00009}, 5},  // never more than the paper has
		{[]float64{0, 12.3}, 3},
	} {
		if got := (bars{series: []Series{{Y: c.values}}}).decimals(); got != c.want {
			t.Errorf("decimals of %v: got %d, want %d", c.values, got, c.want)
		}
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{0, 1, "0.0 0.2 0.4 0.6 0.8 1.0 "},
		{0, 0.3, "0.00 0.05 0.10 0.15 0.20 0.25 0.30 "},
		{0, 0.0071, "0.000 0.002 0.004 0.006 0.008 "},
		{1, 100, "0 20 40 60 80 100 "},
		{0.93, 0.98, "0.93 0.94 0.95 0.96 0.97 0.98 "},
		{-1, 1, "−1.0 −0.5 0.0 0.5 1.0 "},
		{5, 5, "4.4 4.6 4.8 5.0 5.2 5.4 5.6 "},
	} {
		got := ""
		for _, tick := range linearTicks(c.low, c.high) {
			got += tick.Label + " "
		}
		if got != c.want {
			t.Errorf("linearTicks(%v, %v) = %s, want %s", c.low, c.high, got, c.want)
		}
	}
	got := ""
	for _, tick := range logTicks(-4, -0.3) {
		if tick.Label != "" {
			got += tick.Label + " "
		}
	}
	if got != "0.0001 0.001 0.01 0.1 1 " {
		t.Errorf("logTicks = %s", got)
	}
}

// A curve that is no model's does not take the colour of a model beside it.
func TestCurvesBesideModels(t *testing.T) {
	got := curveColors([]Curve{{Name: "classical"}, {Name: "soft"}, {Name: "unlabelled"}})
	if got[2] == got[0] || got[2] == got[1] || got[2] != okabeIto[3] {
		t.Errorf("got %v", got)
	}
	if alone := curveColors([]Curve{{Name: "a"}, {Name: "b"}}); alone[0] != okabeIto[0] || alone[1] != okabeIto[1] {
		t.Errorf("without models: got %v", alone)
	}
}
