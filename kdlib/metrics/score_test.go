package metrics

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/golden"
)

// tolerance covers the order of summation of at most 200 float64 terms.
const tolerance = 1e-14

func ExampleLogLoss() {
	p := []float64{0.9, 0.2}
	hard, _ := LogLoss(p, []float64{1, 0})
	soft, _ := LogLoss(p, []float64{0.8, 0.3}) // (-0.8 ln 0.9 - 0.2 ln 0.1 - 0.3 ln 0.2 - 0.7 ln 0.8) / 2
	fmt.Printf("ground-truth labels %.5f, soft labels %.5f\n", hard, soft)
	// Output:
	// ground-truth labels 0.16425, soft labels 0.59192
}

func ExampleAccuracyScore() {
	acc, _ := AccuracyScore([]float64{0.9, 0.5, 0.2, 0.7}, []float64{1, 1, 0, 0}, distill.Threshold)
	fmt.Println(acc)
	// Output:
	// 0.5
}

func ExampleUncertainty() {
	sure, _ := Uncertainty([]float64{0.01, 0.99}, distill.Threshold)
	unsure, _ := Uncertainty([]float64{0.4, 0.6}, distill.Threshold)
	fmt.Printf("%.4f %.4f\n", sure, unsure)
	// Output:
	// 0.0001 0.1600
}

func TestScoresAgainstScikitLearn(t *testing.T) {
	var cases []struct {
		Name                                   string
		P, Y                                   []float64
		Threshold, Loss, Accuracy, Uncertainty float64
	}
	golden.Read(t, "score_golden.json", &cases)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			loss, err := LogLoss(c.P, c.Y)
			near(t, "Loss", loss, err, c.Loss)
			accuracy, err := AccuracyScore(c.P, c.Y, c.Threshold)
			near(t, "Accuracy", accuracy, err, c.Accuracy)
			uncertainty, err := Uncertainty(c.P, c.Threshold)
			near(t, "Uncertainty", uncertainty, err, c.Uncertainty)
		})
	}
}

func near(t *testing.T, name string, got float64, err error, want float64) {
	t.Helper()
	if err != nil || math.Abs(got-want) > tolerance*max(1, want) {
		t.Errorf("%s = %v, %v, want %v", name, got, err, want)
	}
}

func TestCrossEntropyAtTheEnds(t *testing.T) {
	for _, c := range []struct{ p, y, want float64 }{
		{0, 0, 0}, // 0 log 0 = 0
		{1, 1, 0},
		{0, 1, 100}, // certain and wrong
		{1, 0, 100},
		{0, 0.5, 50},
		{1, 0.5, 50},
		{0.5, 0, math.Ln2},
		{0.5, 0.3, math.Ln2}, // log p = log(1-p): y does not matter
		{0.5, 1, math.Ln2},
	} {
		got := CrossEntropy(c.p, c.y)
		if got != c.want && math.Abs(got-c.want) > tolerance {
			t.Errorf("CrossEntropy(%v, %v) = %v, want %v", c.p, c.y, got, c.want)
		}
	}
}

func TestCorrectAtTheThreshold(t *testing.T) {
	for _, c := range []struct {
		p, y float64
		want bool
	}{
		{0.5, 0, true}, // p <= th and y <= th
		{0.5, 0.5, true},
		{0.5, 1, false},
		{0.6, 0.5, false},
		{0.6, 0.9, true},
		{0, 0, true},
		{1, 1, true},
	} {
		if got := Correct(c.p, c.y, distill.Threshold); got != c.want {
			t.Errorf("Correct(%v, %v) = %v, want %v", c.p, c.y, got, c.want)
		}
	}
}

// The threshold 0 is one: only a prediction of exactly 0 is a cat then.
func TestThresholdZero(t *testing.T) {
	p, y := []float64{0, 1e-9, 0.2}, []float64{0, 0, 1}
	accuracy, err1 := AccuracyScore(p, y, 0)
	uncertainty, err2 := Uncertainty([]float64{0, 0.5}, 0)
	if err1 != nil || err2 != nil || accuracy != 2./3 || uncertainty != 0.125 { // (0.5 - 1)^2 / 2
		t.Errorf("got accuracy %v, %v, uncertainty %v, %v, want 2/3 and 0.125", accuracy, err1, uncertainty, err2)
	}
}

// Largest value of (15) at threshold 0.5: all predictions 0.5, (0.5-0)^2.
func TestUncertaintyRange(t *testing.T) {
	for _, c := range []struct{ p, want float64 }{{0, 0}, {0.5, 0.25}, {1, 0}} {
		if got, err := Uncertainty([]float64{c.p}, distill.Threshold); err != nil || got != c.want {
			t.Errorf("Uncertainty of %v = %v, %v, want %v", c.p, got, err, c.want)
		}
	}
}

func TestErrorsNameWhatIsWrong(t *testing.T) {
	ok := []float64{0.5, 0.5}
	for _, c := range []struct {
		name, want string
		p, y       []float64
		threshold  float64
	}{
		{"empty", "no predictions", nil, nil, 0.5},
		{"lengths", "2 predictions and 1 labels", ok, ok[:1], 0.5},
		{"NaN", "prediction 1: got NaN", []float64{0.5, math.NaN()}, ok, 0.5},
		{"above", "prediction 0: got 1.5", []float64{1.5, 0}, ok, 0.5},
		{"label", "label 1: got -0.1", ok, []float64{0, -0.1}, 0.5},
		{"threshold", "threshold: got NaN", ok, ok, math.NaN()},
		{"no label above the threshold", "threshold: got 1, want a number in [0, 1)", ok, ok, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := AccuracyScore(c.p, c.y, c.threshold); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Accuracy: error %v, want %q in it", err, c.want)
			}
		})
	}
	if _, err := Uncertainty(nil, 0.5); err == nil {
		t.Error("Uncertainty of nothing: no error")
	}
	if _, err := Uncertainty(ok, 2); err == nil {
		t.Error("Uncertainty at threshold 2: no error")
	}
}
