package metrics

import (
	"cmp"
	"fmt"
	"math"
)

// Measure is a number that tells what predictions are worth.
type Measure struct {
	Name      string
	Value     float64 // NaN where there is none, such as the area below ROC of a set without a dog
	Threshold float64 // at which it holds; NaN for what needs none
}

// Evaluate measures predictions on labels y in every way of this package, those that need a threshold at the given one, in [0, 1).
// Precision and recall are those of each class as the positive one; classes are the names of the labels 0 and 1. The best thresholds
// are those of BestThreshold: of a test set they say too much, since they were chosen on it.
//
// A set of one class has no curves, and no recall of the other. Labels between 0 and 1 have no Brier score and no calibration error.
// All such are NaN.
func Evaluate(predicted Predicted, y []float64, threshold float64, classes [2]string) ([]Measure, error) {
	e := evaluator{predicted: predicted, p: predicted.P, y: y, threshold: threshold}
	e.summary()
	e.perClass(classes)
	e.curves()
	e.calibration()
	e.best()
	if e.err != nil {
		return nil, e.err
	}
	return e.measures, nil
}

// An evaluator collects measures until the first error.
type evaluator struct {
	predicted Predicted
	p, y      []float64
	threshold float64
	counts    Confusion // at the threshold
	measures  []Measure
	err       error
}

// free adds a measure that needs no threshold, at one that does.
func (e *evaluator) free(name string, value float64) { e.add(name, value, math.NaN()) }

func (e *evaluator) at(name string, value float64) { e.add(name, value, e.threshold) }

func (e *evaluator) add(name string, value, threshold float64) {
	e.measures = append(e.measures, Measure{name, value, threshold})
}

func (e *evaluator) summary() {
	s, err1 := e.predicted.Summarize(e.y, e.threshold)
	counts, err2 := NewConfusion(e.p, e.y, e.threshold)
	e.err, e.counts = cmp.Or(err1, err2), counts
	e.free("n", float64(s.N))
	e.at("accuracy (12)", s.Accuracy)
	e.at(BalancedAccuracy.Name, e.ofBoth(BalancedAccuracy.Of(counts)))
	e.free("loss (2)", s.Loss)
	e.at("uncertainty (15)", s.Uncertainty)
}

// pictures of each class.
func (e *evaluator) pictures() [2]int {
	return [2]int{e.counts.TrueNegative + e.counts.FalsePositive, e.counts.TruePositive + e.counts.FalseNegative}
}

// ofBoth is a value that a set of one class does not have.
func (e *evaluator) ofBoth(value float64) float64 {
	if n := e.pictures(); n[0] == 0 || n[1] == 0 {
		return math.NaN()
	}
	return value
}

// perClass takes each class as the positive one.
func (e *evaluator) perClass(classes [2]string) {
	turned := Confusion{TruePositive: e.counts.TrueNegative, FalsePositive: e.counts.FalseNegative,
		TrueNegative: e.counts.TruePositive, FalseNegative: e.counts.FalsePositive}
	for label, counts := range [2]Confusion{turned, e.counts} {
		n := e.pictures()[label]
		e.free("n of "+classes[label], float64(n))
		e.at("precision of "+classes[label], Precision.Of(counts))
		for _, m := range []Metric{Recall, F1} {
			value := m.Of(counts)
			if n == 0 {
				value = math.NaN()
			}
			e.at(m.Name+" of "+classes[label], value)
		}
	}
}

func (e *evaluator) curves() {
	area, ap, trapezes := math.NaN(), math.NaN(), math.NaN()
	if n := e.pictures(); n[0] > 0 && n[1] > 0 {
		roc, err1 := ROC(e.p, e.y)
		pr, err2 := PrecisionRecall(e.p, e.y)
		e.err = cmp.Or(e.err, err1, err2)
		if e.err != nil {
			return
		}
		area, ap, trapezes = AUC(roc), AveragePrecision(pr), AUC(pr)
	}
	e.free("area below ROC", area)
	e.free("average precision", ap)
	e.free("area below precision-recall (trapezes)", trapezes)
}

func (e *evaluator) calibration() {
	brier, ece := math.NaN(), math.NaN()
	if check(e.p, e.y) == nil { // the labels are 0 and 1
		var err1, err2 error
		var bins []CalibrationBin
		brier, err1 = BrierScore(e.p, e.y)
		bins, err2 = CalibrationCurve(e.p, e.y, CalibrationWidth)
		e.err, ece = cmp.Or(e.err, err1, err2), ECE(bins)
	}
	e.free("Brier score", brier)
	e.free(fmt.Sprintf("calibration error (bins of %v)", CalibrationWidth), ece)
}

func (e *evaluator) best() {
	for _, m := range []Metric{Accuracy, F1, BalancedAccuracy} {
		threshold, value, err := BestThreshold(e.p, e.y, m)
		e.err = cmp.Or(e.err, err)
		name := "best " + m.Name
		if m.Name == BalancedAccuracy.Name {
			name, value = "best Youden's J", 2*value-1
		}
		if m.Name != Accuracy.Name && math.IsNaN(e.ofBoth(value)) {
			threshold, value = math.NaN(), math.NaN()
		}
		e.add(name, value, threshold)
	}
}
