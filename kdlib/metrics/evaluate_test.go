package metrics

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
)

type wantEvaluation struct {
	Name                                         string
	P, Y                                         []float64
	Threshold                                    float64
	Accuracy, Balanced, Loss, ROC, AP, PR, Brier float64
	ECE                                          float64
	Precision, Recall, F1, Support               [2]float64
	BestAccuracy, BestF1, BestYouden             [2]float64 // threshold, value
}

func ExampleEvaluate() {
	all, err := Evaluate(Predicted{P: []float64{0.9, 0.5, 0.2, 0.7}}, []float64{1, 1, 0, 0}, 0.5, [2]string{"cat", "dog"})
	for _, m := range all {
		if strings.HasPrefix(m.Name, "best") {
			fmt.Printf("%s: %.2f at %.2f\n", m.Name, m.Value, m.Threshold)
		}
	}
	fmt.Println(err)
	// Output:
	// best accuracy: 0.75 at 0.35
	// best F1: 0.80 at 0.35
	// best Youden's J: 0.50 at 0.35
	// <nil>
}

// byName are measures as name: value, and "at NAME": threshold.
func byName(t *testing.T, p, y []float64, threshold float64) map[string]float64 {
	t.Helper()
	all, err := Evaluate(Predicted{P: p}, y, threshold, [2]string{"cat", "dog"})
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, m := range all {
		values[m.Name], values["at "+m.Name] = m.Value, m.Threshold
	}
	if len(values) != 2*len(all) {
		t.Errorf("got %d measures with %d names", len(all), len(values)/2)
	}
	return values
}

func TestEvaluateAgainstScikitLearn(t *testing.T) {
	var cases []wantEvaluation
	golden.Read(t, "evaluate_golden.json", &cases)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			got := byName(t, c.P, c.Y, c.Threshold)
			want := map[string]float64{
				"n": float64(len(c.P)), "accuracy (12)": c.Accuracy, "at accuracy (12)": c.Threshold, "balanced accuracy": c.Balanced, "loss (2)": c.Loss,
				"area below ROC": c.ROC, "average precision": c.AP, "area below precision-recall (trapezes)": c.PR,
				"Brier score": c.Brier, "calibration error (bins of 0.1)": c.ECE,
				"at best accuracy": c.BestAccuracy[0], "best accuracy": c.BestAccuracy[1], "at best F1": c.BestF1[0], "best F1": c.BestF1[1],
				"at best Youden's J": c.BestYouden[0], "best Youden's J": c.BestYouden[1],
			}
			for label, class := range [2]string{"cat", "dog"} {
				want["n of "+class], want["precision of "+class] = c.Support[label], c.Precision[label]
				want["recall of "+class], want["F1 of "+class] = c.Recall[label], c.F1[label]
			}
			for name, value := range want {
				if _, there := got[name]; !there {
					t.Errorf("%s is missing", name)
				}
				nearAll(t, name, got[name], value)
			}
		})
	}
}

// What a set of one class does not have is NaN; the rest is there.
func TestEvaluateOfOneClass(t *testing.T) {
	for _, c := range []struct {
		y                []float64
		absent, presents string
	}{
		{[]float64{0, 0, 0}, "dog", "cat"},
		{[]float64{1, 1, 1}, "cat", "dog"},
	} {
		got := byName(t, []float64{0.2, 0.6, 0.9}, c.y, 0.5)
		for _, name := range []string{"balanced accuracy", "recall of " + c.absent, "F1 of " + c.absent, "area below ROC", "average precision",
			"area below precision-recall (trapezes)", "best Youden's J", "at best Youden's J"} {
			if v, there := got[name]; !there || !math.IsNaN(v) {
				t.Errorf("labels %v: %s: got %v, want NaN", c.y, name, v)
			}
		}
		for _, name := range []string{"accuracy (12)", "loss (2)", "uncertainty (15)", "recall of " + c.presents, "Brier score", "best accuracy"} {
			if v, there := got[name]; !there || math.IsNaN(v) {
				t.Errorf("labels %v: %s: got %v, want a number", c.y, name, v)
			}
		}
		nearAll(t, "best accuracy", got["best accuracy"], 1) // all on one side
		if noF1 := math.IsNaN(got["best F1"]); noF1 != (c.absent == "dog") {
			t.Errorf("labels %v: best F1: got %v, want one of dogs alone", c.y, got["best F1"])
		}
	}
}

// Labels between 0 and 1 have a class, but neither of the measures that compare p with a label of 0 or 1.
func TestEvaluateOnSoftLabels(t *testing.T) {
	got := byName(t, []float64{0.2, 0.6}, []float64{0.1, 0.8}, 0.5)
	for name, want := range map[string]float64{"accuracy (12)": 1, "area below ROC": 1} {
		nearAll(t, name, got[name], want)
	}
	if !math.IsNaN(got["Brier score"]) || !math.IsNaN(got["calibration error (bins of 0.1)"]) {
		t.Errorf("got %v and %v, want NaN", got["Brier score"], got["calibration error (bins of 0.1)"])
	}
}

func TestEvaluateErrors(t *testing.T) {
	for name, c := range map[string]struct {
		p, y      []float64
		threshold float64
		want      string
	}{
		"empty":     {nil, nil, 0.5, "got no predictions"},
		"lengths":   {[]float64{0.1}, []float64{0, 1}, 0.5, "1 predictions and 2 labels"},
		"range":     {[]float64{1.5, 0.1}, []float64{0, 1}, 0.5, "got 1.5"},
		"threshold": {[]float64{0.5, 0.1}, []float64{0, 1}, 1, "threshold: got 1"},
	} {
		if got, err := Evaluate(Predicted{P: c.p}, c.y, c.threshold, [2]string{"a", "b"}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, %v, want an error with %q", name, got, err, c.want)
		}
	}
}
