package metrics

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
)

// rates covers 1 - k/n against (n-k)/n, and sums of at most 200 such numbers.
const rates = 2e-15

func ExampleNewConfusion() {
	c, err := NewConfusion([]float64{0.9, 0.5, 0.2, 0.7}, []float64{1, 1, 0, 0}, 0.5)
	fmt.Println(c.TruePositive, c.FalsePositive, c.TrueNegative, c.FalseNegative, Accuracy.Of(c), Recall.Of(c), err)
	// Output:
	// 1 1 1 1 0.5 0.5 <nil>
}

func ExampleROC() {
	// Of the four pairs of a dog and a cat, three are in order.
	roc, err := ROC([]float64{0.9, 0.5, 0.2, 0.7}, []float64{1, 1, 0, 0})
	fmt.Println(len(roc), AUC(roc), err)
	// Output:
	// 5 0.75 <nil>
}

func ExamplePrecisionRecall() {
	// Both dogs have been found after three pictures, of which two are dogs: (1 + 2/3) / 2.
	pr, err := PrecisionRecall([]float64{0.9, 0.5, 0.2, 0.7}, []float64{1, 1, 0, 0})
	fmt.Printf("%.4f %v\n", AveragePrecision(pr), err)
	// Output:
	// 0.8333 <nil>
}

func ExampleBestThreshold() {
	// Above 0.35, the middle between a cat's and a dog's prediction, lie both dogs and one cat.
	threshold, accuracy, err := BestThreshold([]float64{0.9, 0.5, 0.2, 0.7}, []float64{1, 1, 0, 0}, F1)
	fmt.Println(threshold, accuracy, err)
	// Output:
	// 0.35 0.8 <nil>
}

type wantCurves struct {
	Name                        string
	P, Y                        []float64
	FPR, TPR, Precision, Recall []float64
	AUC, AP                     float64
	Sweep                       []struct {
		Threshold float64
		Counts    [4]int // true positive, false positive, true negative, false negative
		Metrics   []float64
	}
}

func TestCurvesAgainstScikitLearn(t *testing.T) {
	var cases []wantCurves
	golden.Read(t, "curve_golden.json", &cases)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			roc, err := ROC(c.P, c.Y)
			same(t, "ROC", roc, err, c.FPR, c.TPR)
			nearAll(t, "AUC", AUC(roc), c.AUC)
			pr, err := PrecisionRecall(c.P, c.Y)
			same(t, "precision-recall", pr, err, c.Recall, c.Precision)
			nearAll(t, "average precision", AveragePrecision(pr), c.AP)
			for _, s := range c.Sweep {
				counts, err := NewConfusion(c.P, c.Y, s.Threshold)
				if got := [4]int{counts.TruePositive, counts.FalsePositive, counts.TrueNegative, counts.FalseNegative}; err != nil || got != s.Counts {
					t.Errorf("counts at %v: got %v, %v, want %v", s.Threshold, got, err, s.Counts)
				}
				for i, m := range Metrics {
					nearAll(t, fmt.Sprintf("%s at %v", m.Name, s.Threshold), m.Of(counts), s.Metrics[i])
				}
			}
		})
	}
}

// same compares a curve, point by point.
func same(t *testing.T, what string, got []Point, err error, x, y []float64) {
	t.Helper()
	if err != nil || len(got) != len(x) {
		t.Fatalf("%s: got %d points, %v, want %d", what, len(got), err, len(x))
	}
	for i, p := range got {
		nearAll(t, fmt.Sprintf("%s: X of point %d", what, i), p.X, x[i])
		nearAll(t, fmt.Sprintf("%s: Y of point %d", what, i), p.Y, y[i])
	}
}

func nearAll(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= rates) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// Each point of a curve is what Count says of its threshold.
func TestThresholdsOfPoints(t *testing.T) {
	p, y := []float64{0, 0.5, 0.5, 0.7, 1, 1}, []float64{0, 1, 0, 0, 1, 1}
	roc, err1 := ROC(p, y)
	pr, err2 := PrecisionRecall(p, y)
	if err1 != nil || err2 != nil || len(roc) != 5 || len(pr) != 5 { // four distinct predictions and one point more
		t.Fatalf("got %v, %v, %v, %v", roc, err1, pr, err2)
	}
	for i := range roc {
		c, err := NewConfusion(p, y, roc[i].Threshold)
		if err != nil || roc[i].Threshold != pr[i].Threshold {
			t.Fatalf("point %d: thresholds %v and %v, %v", i, roc[i].Threshold, pr[i].Threshold, err)
		}
		nearAll(t, "false positive rate", roc[i].X, FalsePositiveRate.Of(c))
		nearAll(t, "true positive rate", roc[i].Y, Recall.Of(c))
		if i > 0 {
			nearAll(t, "precision", pr[i].Y, Precision.Of(c))
		}
	}
}

// By hand: ties go to the paper's threshold, else to the nearest.
func TestBestThreshold(t *testing.T) {
	for _, c := range []struct {
		name             string
		p, y             []float64
		threshold, value float64
	}{
		{"the paper's does as well", []float64{0.1, 0.3, 0.8, 0.9}, []float64{0, 0, 1, 1}, 0.5, 1},
		{"lower", []float64{0.1, 0.3, 0.4, 0.9}, []float64{0, 0, 1, 1}, 0.35, 1},
		{"equal predictions", []float64{0.2, 0.2}, []float64{0, 1}, 0.5, 0.5},
		{"all dogs", []float64{0.1, 0.2}, []float64{1, 1}, 0, 1},
		{"all cats", []float64{0.9, 0.8}, []float64{0, 0}, 1, 1},
	} {
		threshold, value, err := BestThreshold(c.p, c.y, Accuracy)
		if err != nil || math.Abs(threshold-c.threshold) > rates || value != c.value {
			t.Errorf("%s: got %v, %v, %v, want %v, %v", c.name, threshold, value, err, c.threshold, c.value)
		}
	}
}

func TestCurveErrors(t *testing.T) {
	for name, c := range map[string]struct {
		p, y []float64
		want string
	}{
		"empty":     {nil, nil, "0 predictions and 0 labels"},
		"lengths":   {[]float64{1}, []float64{1, 0}, "1 predictions and 2 labels"},
		"NaN":       {[]float64{0, math.NaN()}, []float64{1, 0}, "object 1: got prediction NaN"},
		"label":     {[]float64{0, 1}, []float64{-1, 0}, "object 0: got prediction 0 and label -1"},
		"one class": {[]float64{0, 1}, []float64{1, 1}, "0 cats and 2 dogs"},
	} {
		_, err1 := ROC(c.p, c.y)
		_, err2 := PrecisionRecall(c.p, c.y)
		for _, err := range []error{err1, err2} {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got error %v, want %q in it", name, err, c.want)
			}
		}
	}
	if _, err := NewConfusion([]float64{1}, []float64{1}, math.NaN()); err == nil || !strings.Contains(err.Error(), "threshold 0: got NaN") {
		t.Errorf("threshold NaN: got error %v", err)
	}
	if _, _, err := BestThreshold(nil, nil, F1); err == nil {
		t.Error("best threshold for nothing: no error")
	}
}
