package metrics

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/golden"
)

// decisions are what decision_golden.json holds.
type decisions struct {
	Cases []struct {
		Name    string
		P, Y, Z []float64
		Costs   []struct {
			FP, FN, Dogs float64
			At, Every    []float64 // thresholds and the cost at each
			Best, Tuned  float64   // the least cost, and a threshold that has it
		}
		Risk []struct {
			Threshold, Area, Least float64
			Risk                   []float64
		}
		Temperature           float64
		Scaled, New, Isotonic []float64
	}
	Ties []struct {
		P, Y []float64
		Area float64
	}
}

func readDecisions(t *testing.T) (d decisions) {
	golden.Read(t, "decision_golden.json", &d)
	return d
}

// weighed covers sums of up to 300 sample weights, times costs of up to 10.
const weighed = 5e-14

// The threshold that scikit-learn's TunedThresholdClassifierCV finds may be another one of the same cost.
func TestCostsAgainstScikitLearn(t *testing.T) {
	for _, c := range readDecisions(t).Cases {
		for _, want := range c.Costs {
			t.Run(fmt.Sprint(c.Name, want.FP, want.FN, want.Dogs), func(t *testing.T) {
				costs := Costs{FalsePositive: want.FP, FalseNegative: want.FN, Dogs: want.Dogs}
				counts, err := Sweep(c.P, c.Y, append(slices.Clone(want.At), want.Tuned))
				if err != nil {
					t.Fatal(err)
				}
				for i, at := range want.At {
					if got := costs.Of(counts[i]); math.Abs(got-want.Every[i]) > weighed {
						t.Errorf("cost at %v: got %v, want %v", at, got, want.Every[i])
					}
				}
				threshold, cost, err := costs.BestThreshold(c.P, c.Y)
				if err != nil {
					t.Fatal(err)
				}
				nearly(t, "least cost", cost, want.Best)
				nearly(t, "cost at scikit-learn's threshold", costs.Of(counts[len(want.At)]), cost)
				chosen, err := NewConfusion(c.P, c.Y, threshold)
				if err != nil || costs.Of(chosen) != cost {
					t.Errorf("threshold %v: got cost %v, %v, want %v", threshold, costs.Of(chosen), err, cost)
				}
			})
		}
	}
}

// Equal costs of 1 are the share of wrong predictions, and the threshold that of the best accuracy.
func TestEqualCostsAreErrors(t *testing.T) {
	for _, c := range readDecisions(t).Cases {
		threshold, cost, err1 := Costs{FalsePositive: 1, FalseNegative: 1}.BestThreshold(c.P, c.Y)
		want, accuracy, err2 := BestThreshold(c.P, c.Y, Accuracy)
		if err := errors.Join(err1, err2); err != nil || threshold != want {
			t.Errorf("%s: got threshold %v, %v, want %v", c.Name, threshold, err, want)
		}
		nearly(t, c.Name, cost, 1-accuracy)
	}
}

// A right answer costs nothing, so that a dog is to be said where p times the cost of missing it is the larger one: above 1/6. Where
// dogs are a fifth instead of a half, their odds are a quarter: above 1/6 of the new p is above 4/9 of the old one.
func TestBayesThresholdByHand(t *testing.T) {
	costs := Costs{FalsePositive: 1, FalseNegative: 5}
	nearly(t, "as measured", costs.BayesThreshold(0.3), 1.0/6)
	costs.Dogs = 0.2
	nearly(t, "fewer dogs", costs.BayesThreshold(0.5), 4.0/9)
	nearly(t, "as many dogs", costs.BayesThreshold(0.2), 1.0/6)
}

func TestRiskCoverageAgainstNumPy(t *testing.T) {
	all := readDecisions(t)
	for _, c := range all.Cases {
		for _, want := range c.Risk {
			got, err := NewRiskCoverage(c.P, c.Y, want.Threshold)
			if err != nil {
				t.Fatal(err)
			}
			for i, risk := range want.Risk {
				nearly(t, fmt.Sprint(c.Name, ": risk ", i), got.Risk[i], risk)
			}
			nearly(t, "area", got.Area(), want.Area)
			nearly(t, "least area", got.LeastArea(), want.Least)
		}
	}
	for i, c := range all.Ties {
		got, err := NewRiskCoverage(c.P, c.Y, distill.Threshold)
		if err != nil {
			t.Fatal(err)
		}
		nearly(t, fmt.Sprint("equal doubts ", i), got.Area(), c.Area)
	}
}

// The example in torch-uncertainty's documentation of AURC: 0.0833.
func TestAreaOfTorchUncertaintysExample(t *testing.T) {
	c, err := NewRiskCoverage([]float64{0.3, 0.4, 0.2}, []float64{0, 1, 0}, distill.Threshold)
	if got := fmt.Sprintf("%.4f", c.Area()); err != nil || got != "0.0833" {
		t.Errorf("got %s, %v, want 0.0833", got, err)
	}
	if one, err := NewRiskCoverage([]float64{0.3}, []float64{0}, distill.Threshold); err != nil || !math.IsNaN(one.Area()) || one.At(0) != 0 {
		t.Errorf("one prediction: got %+v, %v, want no area", one, err)
	}
}

func TestRecalibrationAgainstSciPyAndScikitLearn(t *testing.T) {
	const minimum = 1e-7 // of a loss, found by its value: half the digits
	for _, c := range readDecisions(t).Cases {
		for _, a := range []Predicted{{P: c.P, Logits: c.Z}, {P: c.P}} {
			got, err := FitTemperature(a, c.Y)
			if err != nil || math.Abs(float64(got)/c.Temperature-1) > minimum {
				t.Fatalf("%s: got temperature %v, %v, want %v", c.Name, got, err, c.Temperature)
			}
			for i, p := range got.Apply(a).P {
				if math.Abs(p-c.Scaled[i]) > minimum {
					t.Errorf("%s: prediction %d: got %v, want %v", c.Name, i, p, c.Scaled[i])
				}
			}
		}
		fit, err := FitIsotonic(c.P, c.Y)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range fit.Apply(Predicted{P: c.New}).P {
			const lines = 1e-13 // between two predictions that are near each other
			if math.Abs(p-c.Isotonic[i]) > lines {
				t.Errorf("%s: isotonic of %v: got %v, want %v", c.Name, c.New[i], p, c.Isotonic[i])
			}
		}
	}
}

func TestDecisionErrors(t *testing.T) {
	p, y, nan := []float64{0.2, 0.9}, []float64{0, 1}, math.NaN()
	second := func(_ any, err error) error { return err }
	third := func(_, _ float64, err error) error { return err }
	for want, err := range map[string]error{
		"got -1, want a finite number":           third(Costs{FalsePositive: -1}.BestThreshold(p, y)),
		"got +Inf, want a finite number":         third(Costs{FalseNegative: math.Inf(1)}.BestThreshold(p, y)),
		"got NaN, want a finite number":          Costs{FalseNegative: nan}.Validate(),
		"got 0 for both":                         Costs{Dogs: 0.1}.Validate(),
		"share of dogs: got 1":                   Costs{FalsePositive: 1, Dogs: 1}.Validate(),
		"one class alone: their expected cost":   third(Costs{FalsePositive: 1, Dogs: 0.1}.BestThreshold(p, []float64{1, 1})),
		"withheld: got predictions above 0.6":    second(Withhold(p, y, 0.6, 0.4)),
		"above NaN":                              second(Withhold(p, y, nan, 0.4)),
		"threshold: got 1, want":                 second(NewRiskCoverage(p, y, 1)),
		"2 predictions and 1 labels":             second(NewRiskCoverage(p, []float64{1}, 0.5)),
		"all predictions are right":              second(FitTemperature(Predicted{P: p}, y)),
		"worse than one half":                    second(FitTemperature(Predicted{P: p}, []float64{1, 0})),
		"2 predictions and 1 logits":             second(FitTemperature(Predicted{P: p, Logits: []float64{1}}, y)),
		"object 1: got prediction NaN and label": second(FitIsotonic([]float64{0, nan}, y)),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q in it", err, want)
		}
	}
}

// A cat called dog costs 1, a missed dog 5: the best threshold is low. Where dogs are rare it is higher.
func ExampleCosts_BestThreshold() {
	p, y := []float64{0.1, 0.3, 0.6, 0.2, 0.7, 0.9}, []float64{0, 0, 0, 1, 1, 1}
	for _, dogs := range []float64{0, 0.05} {
		threshold, cost, err := Costs{FalsePositive: 1, FalseNegative: 5, Dogs: dogs}.BestThreshold(p, y)
		fmt.Printf("%.2f costs %.3f %v\n", threshold, cost, err)
	}
	// Output:
	// 0.15 costs 0.333 <nil>
	// 0.65 costs 0.083 <nil>
}

// One of three cats is called a dog, one of three dogs is missed.
func ExampleCosts_Of() {
	c := Confusion{TruePositive: 2, FalsePositive: 1, TrueNegative: 2, FalseNegative: 1}
	fmt.Printf("%.2f\n", Costs{FalsePositive: 1, FalseNegative: 5}.Of(c))
	fmt.Printf("%.2f\n", Costs{FalsePositive: 1, FalseNegative: 5, Dogs: 0.1}.Of(c)) // 0.9 * 1 / 3 + 0.1 * 5 / 3
	// Output:
	// 1.00
	// 0.47
}

func ExampleCosts_Validate() {
	fmt.Println(Costs{FalsePositive: 1, Dogs: 1.2}.Validate())
	// Output:
	// metrics: share of dogs: got 1.2, want in (0, 1), or 0 for that of the measured pictures
}

func ExampleCosts_BayesThreshold() {
	fmt.Printf("%.3f\n", Costs{FalsePositive: 1, FalseNegative: 5}.BayesThreshold(0.5))
	// Output:
	// 0.167
}

// Between 0.4 and 0.6 the model says nothing.
func ExampleWithhold() {
	a, err := Withhold([]float64{0.1, 0.45, 0.55, 0.7, 0.9}, []float64{0, 1, 0, 0, 1}, 0.4, 0.6)
	fmt.Printf("%d withheld; coverage %.1f, accuracy %.3f, %v\n", a.Withheld, a.Coverage(), a.Accuracy(), err)
	// Output:
	// 2 withheld; coverage 0.6, accuracy 0.667, <nil>
}

// Two models are wrong once in four; only the first doubts most where it is.
func ExampleNewRiskCoverage() {
	for _, p := range [][]float64{{0.1, 0.4, 0.8, 0.9}, {0.4, 0.05, 0.8, 0.9}} {
		c, err := NewRiskCoverage(p, []float64{0, 1, 1, 1}, distill.Threshold)
		fmt.Printf("wrong in half of the pictures %.2f, in all %.2f; area %.3f, at least %.3f, %v\n", c.At(0.5), c.At(1), c.Area(), c.LeastArea(), err)
	}
	// Output:
	// wrong in half of the pictures 0.00, in all 0.25; area 0.042, at least 0.042, <nil>
	// wrong in half of the pictures 0.50, in all 0.25; area 0.486, at least 0.042, <nil>
}

// Three of four are right, but the model says that nearly all are.
func ExampleFitTemperature() {
	a, y := Predicted{P: []float64{0.02, 0.98, 0.98, 0.98}}, []float64{0, 1, 1, 0}
	t, err := FitTemperature(a, y)
	fmt.Printf("T = %.2f: %.2f, %v\n", t, t.Apply(a).P, err)
	// Output:
	// T = 3.54: [0.25 0.75 0.75 0.75], <nil>
}

func ExampleFitIsotonic() {
	fit, err := FitIsotonic([]float64{0.1, 0.3, 0.4, 0.8}, []float64{0, 1, 0, 1})
	fmt.Printf("%.2f %v\n", fit.Apply(Predicted{P: []float64{0.05, 0.2, 0.35, 0.6, 0.9}}).P, err)
	// Output:
	// [0.00 0.25 0.50 0.75 1.00] <nil>
}
