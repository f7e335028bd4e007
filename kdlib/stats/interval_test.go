package stats

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

const (
	closedForm = 1e-15 // of Wilson and of sums: the last digits of float64
	tQuantile  = 1e-14 // gonum's quantile of Student's t against scipy's
)

func ExampleWilson() {
	i, err := Wilson(3612, 3750, Confidence) // the paper's soft student: 0.96320
	fmt.Printf("%.4f to %.4f %v\n", i.Low, i.High, err)
	// Output:
	// 0.9567 to 0.9688 <nil>
}

func ExampleBootstrap_Of() {
	right := []float64{1, 1, 1, 1, 1, 1, 1, 0, 0, 0} // of ten pictures of one class, seven
	intervals, err := DefaultBootstrap.Of(make([]int, 10), func(rows []int) ([]float64, error) {
		sum := 0.0
		for _, row := range rows {
			sum += right[row]
		}
		return []float64{sum / 10}, nil
	})
	fmt.Printf("%.1f %v\n", intervals, err)
	// Output:
	// [{0.4 0.9}] <nil>
}

type expected struct {
	Wilson []struct {
		K, N                  int
		Confidence, Low, High float64
	}
	Paired []struct {
		A, B      []float64
		Low, High float64
	}
	Bootstrap []struct {
		Classes      []int
		Draws        int
		Seed         uint64 `json:",string"`
		Confidence   float64
		X            []float64
		Rows         [][]int
		Mean, Median [2]float64
	}
}

func read(t *testing.T) expected {
	var want expected
	golden.Read(t, "interval_golden.json", &want)
	return want
}

func near(t *testing.T, what string, got Interval, err error, low, high, tolerance float64) {
	t.Helper()
	if err != nil || !(math.Abs(got.Low-low) <= tolerance && math.Abs(got.High-high) <= tolerance) {
		t.Errorf("%s: got %v, %v, want {%v %v}", what, got, err, low, high)
	}
}

func TestIntervalsAgainstSciPy(t *testing.T) {
	want := read(t)
	for _, c := range want.Wilson {
		got, err := Wilson(c.K, c.N, c.Confidence)
		near(t, fmt.Sprintf("Wilson of %d/%d", c.K, c.N), got, err, c.Low, c.High, closedForm)
	}
	for _, c := range want.Paired {
		got, err := PairedT(c.A, c.B, Confidence)
		near(t, fmt.Sprintf("pairs of %v and %v", c.A, c.B), got, err, c.Low, c.High, tQuantile)
	}
}

// The same rows are drawn as by another program of the documented generator, and NumPy's percentiles of them.
func TestBootstrapAgainstNumPy(t *testing.T) {
	for _, c := range read(t).Bootstrap {
		draw := 0
		got, err := Bootstrap{c.Draws, c.Seed, c.Confidence}.Of(c.Classes, func(rows []int) ([]float64, error) {
			if !slices.Equal(rows, c.Rows[draw]) {
				t.Fatalf("draw %d: got rows %v, want %v", draw, rows, c.Rows[draw])
			}
			draw++
			var x []float64
			for _, row := range rows {
				x = append(x, c.X[row])
			}
			slices.Sort(x)
			return []float64{floats.Sum(x) / float64(len(x)), quantile(x, 0.5)}, nil
		})
		if err != nil || len(got) != 2 || draw != c.Draws {
			t.Fatalf("got %v, %v after %d draws, want two intervals after %d", got, err, draw, c.Draws)
		}
		near(t, "mean", got[0], nil, c.Mean[0], c.Mean[1], closedForm)
		near(t, "median", got[1], nil, c.Median[0], c.Median[1], closedForm)
	}
}

// The interval of a mean is about 1.96 standard errors to either side, and holds it in 95 of 100 samples.
func TestBootstrapOfMean(t *testing.T) {
	x := make([]float64, 400)
	for i := range x {
		x[i] = float64(i%20) / 19
	}
	got, err := DefaultBootstrap.Of(make([]int, len(x)), func(rows []int) ([]float64, error) {
		sum := 0.0
		for _, row := range rows {
			sum += x[row]
		}
		return []float64{sum / float64(len(x))}, nil
	})
	mean, sd := stat.MeanStdDev(x, nil)
	half := 1.959964 * sd / math.Sqrt(float64(len(x)))
	const sampling = 0.1 // of half the width: 1,000 draws find a percentile no nearer
	near(t, "mean", got[0], err, mean-half, mean+half, sampling*half)
}

func TestInfiniteStatistics(t *testing.T) {
	got, err := DefaultBootstrap.Of([]int{0}, func([]int) ([]float64, error) { return []float64{math.Inf(1)}, nil })
	if err != nil || !math.IsInf(got[0].Low, 1) || !math.IsInf(got[0].High, 1) {
		t.Errorf("got %v, %v, want both infinite", got, err)
	}
}

func TestIntervalErrors(t *testing.T) {
	fixed := func(v float64) func([]int) ([]float64, error) {
		return func([]int) ([]float64, error) { return []float64{v}, nil }
	}
	_, more := Wilson(5, 4, 0.95)
	_, none := Wilson(0, 0, 0.95)
	_, sure := Wilson(1, 2, 1)
	_, few := PairedT([]float64{1}, []float64{1}, 0.95)
	_, odd := PairedT([]float64{1, 2, 3}, []float64{1, 2}, 0.95)
	_, alike := PairedT([]float64{1, 2}, []float64{2, 3}, 0.95)
	_, unsure := PairedT([]float64{1, 2}, []float64{2, 2}, 0)
	_, draws := Bootstrap{0, 1, 0.95}.Of([]int{0}, fixed(1))
	_, empty := DefaultBootstrap.Of(nil, fixed(1))
	_, half := Bootstrap{1, 1, 1.5}.Of([]int{0}, fixed(1))
	_, nan := DefaultBootstrap.Of([]int{0}, fixed(math.NaN()))
	_, failed := DefaultBootstrap.Of([]int{0}, func([]int) ([]float64, error) { return nil, errors.New("no such metric") })
	for _, c := range []struct {
		err  error
		want string
	}{
		{more, "got 5 of 4"}, {none, "got 0 of 0"}, {sure, "confidence: got 1"}, {few, "got 1 and 1 values"}, {odd, "got 3 and 2 values"}, {alike, "standard deviation 0"},
		{unsure, "confidence: got 0"}, {draws, "0 draws"}, {empty, "0 rows"}, {half, "confidence: got 1.5"}, {nan, "draw 0: statistic 0: got NaN"}, {failed, "draw 0: no such metric"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("got error %v, want %q in it", c.err, c.want)
		}
	}
}

func TestAboveAndBelow(t *testing.T) {
	i := Interval{0.1, 0.2}
	if !i.Above(0.05) || i.Above(0.1) || !i.Below(0.3) || i.Below(0.2) {
		t.Errorf("%v: above 0.05 and below 0.3, but its ends are neither above nor below it", i)
	}
}

// No share is below 0 or above 1, whatever rounding does near the ends.
func TestWilsonStaysInside(t *testing.T) {
	const rounding = 1e-15
	for _, confidence := range []float64{0.5, 0.68, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999} {
		for n := 1; n <= 500; n++ {
			none, err1 := Wilson(0, n, confidence)
			all, err2 := Wilson(n, n, confidence)
			if err1 != nil || err2 != nil || !(none.Low >= 0 && none.Low <= rounding && none.High < 1 && all.Low > 0 && all.High <= 1 && all.High >= 1-rounding) {
				t.Fatalf("confidence %v: 0 of %d: got %v, %v; all: %v, %v, want them to begin at 0 and to end at 1, not beyond", confidence, n, none, err1, all, err2)
			}
		}
	}
}
