package metrics

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
)

func ExampleNewHistogram() {
	h, err := NewHistogram([]float64{0, 0.15, 0.9, 1}, 0.25)
	fmt.Println(h.Counts, h.Frequencies(), err)
	// Output:
	// [2 0 0 2] [0.5 0 0 0.5] <nil>
}

func ExampleHistogram_WriteCSV() {
	h, err := NewHistogram([]float64{0.15, 0.3, 0.95, 1}, 0.5)
	if err != nil {
		panic(err)
	}
	if err := h.WriteCSV(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// bin_low,bin_high,count,relative_frequency
	// 0,0.5,2,0.5
	// 0.5,1,2,0.5
}

func TestBins(t *testing.T) {
	for _, c := range []struct {
		width float64
		want  int
	}{{0.05, 20}, {0.1, 10}, {0.02, 50}, {0.01, 100}, {0.125, 8}, {0.2, 5}, {0.001, 1000}, {1, 1}, {1e-6, 1_000_000}} {
		if got, err := BinCount(c.width); err != nil || got != c.want {
			t.Errorf("Bins(%v) = %d, %v, want %d", c.width, got, err, c.want)
		}
	}
	for _, width := range []float64{0, -0.05, 0.3, 0.07, 2, 1.0 / 3, 1e-7, 5e-324, math.NaN(), math.Inf(1)} {
		if got, err := BinCount(width); err == nil || !strings.Contains(err.Error(), fmt.Sprint(width)) {
			t.Errorf("Bins(%v) = %d, error %v, want an error with the width", width, got, err)
		}
	}
}

// The golden counts are made with exact decimals.
func TestAgainstExactDecimals(t *testing.T) {
	var want struct {
		Values []string
		Cases  []struct {
			Width  string
			Counts []int
		}
	}
	golden.Read(t, "hist_golden.json", &want)
	p := make([]float64, len(want.Values))
	for i, text := range want.Values {
		p[i] = parse(t, text)
	}
	for _, c := range want.Cases {
		t.Run(c.Width, func(t *testing.T) {
			h, err := NewHistogram(p, parse(t, c.Width))
			if err != nil || !slices.Equal(h.Counts, c.Counts) || h.Total != len(p) {
				t.Errorf("New: counts %v of %d, error %v\nwant %v of %d", h.Counts, h.Total, err, c.Counts, len(p))
			}
		})
	}
}

func parse(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The multiples of 0.05 that fall one bin too low when the value is divided by the width.
func TestEdgesBelongToTheUpperBin(t *testing.T) {
	for _, c := range []struct {
		p   float64
		bin int
	}{{0, 0}, {0.15, 3}, {0.3, 6}, {0.35, 7}, {0.6, 12}, {0.7, 14}, {0.95, 19}, {1, 19}, {math.Nextafter(0.15, 0), 2}} {
		h, err := NewHistogram([]float64{c.p}, 0.05)
		if err != nil || h.Counts[c.bin] != 1 {
			t.Errorf("%v is not in bin %d: counts %v, error %v", c.p, c.bin, h.Counts, err)
		}
	}
}

func TestEdgesPrintAsDecimals(t *testing.T) {
	h, err := NewHistogram([]float64{0}, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := h.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 21 || lines[1] != "0,0.05,1,1" || lines[4] != "0.15,0.2,0,0" || lines[20] != "0.95,1,0,0" {
		t.Errorf("CSV:\n%s", out.String())
	}
}

func TestHistogramErrors(t *testing.T) {
	for _, c := range []struct {
		name, want string
		p          []float64
		width      float64
	}{
		{"empty", "no values", nil, 0.05},
		{"NaN", "value 1: got NaN", []float64{0, math.NaN()}, 0.05},
		{"below", "value 0: got -1e-09", []float64{-1e-9}, 0.05},
		{"above", "value 0: got 1.0000000000000002", []float64{math.Nextafter(1, 2)}, 0.05},
		{"width", "bin width: got 0.3", []float64{0}, 0.3},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := NewHistogram(c.p, c.width); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q in it", err, c.want)
			}
		})
	}
}
