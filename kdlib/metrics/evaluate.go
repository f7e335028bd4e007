package metrics

import (
	"cmp"
	"errors"
	"fmt"
	"math"
)

// Measure is a number that tells how good predictions are.
type Measure struct {
	Name      string
	Value     float64 // NaN where there is none, such as the area below ROC of a set without a dog
	Threshold float64 // at which it holds; NaN for what needs none
	Count     bool    // of pictures
}

// Evaluate measures predictions on labels y in every way of this package. Measures that need a threshold in [0, 1) use the
// given one. Precision and recall are given for each class as the positive one; classes are the names of the labels 0 and 1.
// The best thresholds are those of BestThreshold. On a test set they flatter, because they were chosen on it.
//
// A set of one class has no curves, and no recall of the other. Labels between 0 and 1 have no Brier score and no calibration error.
// All such are NaN.
func Evaluate(predicted Predicted, y []float64, threshold float64, classes [2]string) ([]Measure, error) {
	e := evaluator{predicted: predicted, p: predicted.P, y: y, threshold: threshold}
	e.summary()
	e.perClass(classes)
	e.curves()
	e.withheld()
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
	e.measures = append(e.measures, Measure{Name: name, Value: value, Threshold: threshold})
}

func (e *evaluator) count(name string, n int) {
	e.measures = append(e.measures, Measure{Name: name, Value: float64(n), Threshold: math.NaN(), Count: true})
}

func (e *evaluator) summary() {
	s, err1 := e.predicted.Summarize(e.y, e.threshold)
	counts, err2 := NewConfusion(e.p, e.y, e.threshold)
	e.err, e.counts = cmp.Or(err1, err2), counts
	e.count("n", s.N)
	e.at("accuracy (12)", s.Accuracy)
	e.at(BalancedAccuracy.Name, BalancedAccuracy.In(counts))
	e.free("loss (2)", s.Loss)
	e.at("uncertainty (15)", s.Uncertainty)
}

// perClass takes each class as the positive one.
func (e *evaluator) perClass(classes [2]string) {
	turned := Confusion{TruePositive: e.counts.TrueNegative, FalsePositive: e.counts.FalseNegative,
		TrueNegative: e.counts.TruePositive, FalseNegative: e.counts.FalsePositive}
	for label, counts := range [2]Confusion{turned, e.counts} {
		e.count("n of "+classes[label], counts.TruePositive+counts.FalseNegative)
		for _, m := range []Metric{Precision, Recall, F1} {
			e.at(m.Name+" of "+classes[label], m.In(counts))
		}
	}
}

func (e *evaluator) curves() {
	area, ap, trapezes := math.NaN(), math.NaN(), math.NaN()
	roc, err1 := ROC(e.p, e.y)
	pr, err2 := PrecisionRecall(e.p, e.y)
	switch err := cmp.Or(err1, err2); {
	case err == nil:
		area, ap, trapezes = AUC(roc), AveragePrecision(pr), AUC(pr)
	case !errors.Is(err, ErrOneClass):
		e.err = cmp.Or(e.err, err)
	}
	e.free("area below ROC", area)
	e.free("average precision", ap)
	e.free("area below precision-recall (trapezes)", trapezes)
}

func (e *evaluator) withheld() {
	c, err := NewRiskCoverage(e.p, e.y, e.threshold)
	if err != nil {
		e.err = cmp.Or(e.err, err)
		return
	}
	e.at("area below risk-coverage", c.Area())
	e.at("least possible area below it", c.LeastArea())
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
		if math.IsNaN(m.In(e.counts)) {
			threshold, value = math.NaN(), math.NaN()
		}
		e.add(name, value, threshold)
	}
}
