package chart

import (
	"fmt"
	"image/color"
	"testing"
)

func TestModelColor(t *testing.T) {
	for name, want := range map[string]color.Color{ // Okabe and Ito
		"teacher":      hex(0x000000),
		"classical":    hex(0x0072B2),
		"hard":         hex(0xD55E00),
		"soft":         hex(0x009E73),
		"hard-0":       hex(0xD55E00), // generation 0 is the student
		"soft-0":       hex(0x009E73),
		"soft-3":       hex(0x2A6F97), // half way along the ramp
		"soft-6":       hex(0x3A0A52),
		"soft-9":       hex(0x3A0A52),
		"soft-seed2":   hex(0x009E73), // the same model trained again
		"soft-3-seed2": hex(0x2A6F97),
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

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.00006: "0.00006", 0.35452: "0.355", 0.005: "0.005", 12.345: "12.3", 1234.5: "1230"} {
		if got := short(v); got != want {
			t.Errorf("short(%v) = %q, want %q", v, got, want)
		}
	}
}
