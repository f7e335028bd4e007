package metrics

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/golden"
)

// sums covers the order of summation of at most 300 float64 terms.
const sums = 2e-15

func ExampleECE() {
	// Two predictions of 0.8, one of them right, and two of 0.1 on cats: 2/4 * 0.3 + 2/4 * 0.1.
	bins, err := CalibrationCurve([]float64{0.8, 0.8, 0.1, 0.1}, []float64{1, 0, 0, 0}, CalibrationWidth)
	fmt.Printf("%.2f %v\n", ECE(bins), err)
	// Output:
	// 0.20 <nil>
}

func ExampleBrierScore() {
	// The first model is sure and wrong once, the second doubts. Formula (15) prefers the first.
	y := []float64{1, 0}
	for _, p := range [][]float64{{1, 1}, {0.6, 0.4}} {
		brier, _ := BrierScore(p, y)
		unc, _ := Uncertainty(p, distill.Threshold)
		fmt.Printf("Brier %.2f, unc %.2f\n", brier, unc)
	}
	// Output:
	// Brier 0.50, unc 0.00
	// Brier 0.16, unc 0.16
}

type wantCalibration struct {
	Name  string
	P, Y  []float64
	Width float64
	Bins  [][3]float64 // count, mean p, share of dogs
	ECE   float64
	Brier float64
	Over  float64
}

func read(t *testing.T) []wantCalibration {
	var cases []wantCalibration
	golden.Read(t, "calibration_golden.json", &cases)
	return cases
}

func TestCalibrationAgainstScikitLearnAndNumPy(t *testing.T) {
	for _, c := range read(t) {
		t.Run(c.Name, func(t *testing.T) {
			bins, err := CalibrationCurve(c.P, c.Y, c.Width)
			if err != nil || len(bins) != len(c.Bins) {
				t.Fatalf("got %d bins, %v, want %d", len(bins), err, len(c.Bins))
			}
			for i, b := range bins {
				if float64(b.Count) != c.Bins[i][0] {
					t.Errorf("bin %d: got %d predictions, want %v", i, b.Count, c.Bins[i][0])
				}
				if b.Count > 0 {
					nearly(t, fmt.Sprint("mean p of bin ", i), b.MeanP, c.Bins[i][1])
					nearly(t, fmt.Sprint("dogs of bin ", i), b.Dogs, c.Bins[i][2])
				}
			}
			nearly(t, "ECE", ECE(bins), c.ECE)
			brier, err1 := BrierScore(c.P, c.Y)
			over, err2 := Overconfidence(c.P, c.Y)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			nearly(t, "Brier", brier, c.Brier)
			nearly(t, "overconfidence", over, c.Over)
		})
	}
}

// The package's identity between the Brier score and (15).
func TestBrierIsUncertaintyAndConfidentErrors(t *testing.T) {
	for _, c := range read(t) {
		brier, err1 := BrierScore(c.P, c.Y)
		unc, err2 := Uncertainty(c.P, distill.Threshold)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		wrong := 0.0
		for i, p := range c.P {
			if !Correct(p, c.Y[i], distill.Threshold) {
				wrong += 2*max(p, 1-p) - 1
			}
		}
		nearly(t, c.Name, brier, unc+wrong/float64(len(c.P)))
	}
}

func nearly(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= sums) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestCalibrationErrors(t *testing.T) {
	for name, c := range map[string]struct {
		p, y []float64
		want string
	}{
		"empty":      {nil, nil, "0 predictions"},
		"lengths":    {[]float64{1}, nil, "0 labels"},
		"NaN":        {[]float64{math.NaN()}, []float64{1}, "object 0: got prediction NaN"},
		"soft label": {[]float64{0, 1}, []float64{0, 0.5}, "object 1: got prediction 1 and label 0.5"},
	} {
		_, err1 := CalibrationCurve(c.p, c.y, CalibrationWidth)
		_, err2 := BrierScore(c.p, c.y)
		for _, err := range []error{err1, err2} {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got error %v, want %q in it", name, err, c.want)
			}
		}
	}
	if _, err := CalibrationCurve([]float64{1}, []float64{1}, 0.3); err == nil || !strings.Contains(err.Error(), "width") {
		t.Errorf("width 0.3: got error %v", err)
	}
	if _, err := Overconfidence(nil, nil); err == nil {
		t.Error("overconfidence of nothing: no error")
	}
}
