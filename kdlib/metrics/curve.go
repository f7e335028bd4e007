package metrics

import (
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/distill"
)

// Confusion are the four kinds of predictions at a threshold (a confusion table).
type Confusion struct {
	TruePositive  int // dogs called dogs
	FalsePositive int // cats called dogs
	TrueNegative  int // cats called cats
	FalseNegative int // dogs called cats
}

// N is the number of predictions.
func (c Confusion) N() int {
	return c.TruePositive + c.FalsePositive + c.TrueNegative + c.FalseNegative
}

// Metric is a share in [0, 1] that is computed from counts. A share of nothing is 0, such as the precision of a model that
// never says "dog" (scikit-learn's zero_division=0).
type Metric struct {
	Name  string // such as "F1"
	Of    func(Confusion) float64
	Needs [2]bool // cats, dogs: a set without them has no such share, see In
}

// In is the metric's value, NaN of a set without a class that it needs.
func (m Metric) In(c Confusion) float64 {
	if m.Needs[0] && c.TrueNegative+c.FalsePositive == 0 || m.Needs[1] && c.TruePositive+c.FalseNegative == 0 {
		return math.NaN()
	}
	return m.Of(c)
}

// The metrics of a threshold sweep, "dog" being the positive class.
var (
	Accuracy  = Metric{Name: "accuracy", Of: func(c Confusion) float64 { return share(c.TruePositive+c.TrueNegative, c.N()) }}
	Precision = Metric{Name: "precision", Of: func(c Confusion) float64 { return share(c.TruePositive, c.TruePositive+c.FalsePositive) }}
	Recall    = Metric{Name: "recall", Needs: [2]bool{false, true}, Of: func(c Confusion) float64 {
		return share(c.TruePositive, c.TruePositive+c.FalseNegative)
	}}
	// F1 is the harmonic mean of precision and recall.
	F1 = Metric{Name: "F1", Needs: [2]bool{false, true}, Of: func(c Confusion) float64 {
		return share(2*c.TruePositive, 2*c.TruePositive+c.FalsePositive+c.FalseNegative)
	}}
	FalsePositiveRate = Metric{Name: "false positive rate", Needs: [2]bool{true, false}, Of: func(c Confusion) float64 {
		return share(c.FalsePositive, c.FalsePositive+c.TrueNegative)
	}}
	// BalancedAccuracy is the mean of the recalls of both classes. Youden's J, recall less false positive rate, is twice of it
	// less one: the same threshold is best by both.
	BalancedAccuracy = Metric{Name: "balanced accuracy", Needs: [2]bool{true, true}, Of: func(c Confusion) float64 {
		return (1 + Recall.Of(c) - FalsePositiveRate.Of(c)) / 2
	}}
)

// Metrics are those that tables and figures show, in their order.
var Metrics = []Metric{Accuracy, Precision, Recall, F1, FalsePositiveRate}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// NewConfusion counts predictions at one threshold.
func NewConfusion(p, y []float64, threshold float64) (Confusion, error) {
	all, err := Sweep(p, y, []float64{threshold})
	if err != nil {
		return Confusion{}, err
	}
	return all[0], nil
}

// Sweep counts predictions at each of the thresholds, which may be any numbers but NaN.
func Sweep(p, y []float64, thresholds []float64) ([]Confusion, error) {
	cats, dogs, err := byClass(p, y)
	if err != nil {
		return nil, err
	}
	counts := make([]Confusion, len(thresholds))
	for i, threshold := range thresholds {
		if threshold != threshold {
			return nil, fmt.Errorf("metrics: threshold %d: got NaN, want a number", i)
		}
		catsBelow, dogsBelow := atMost(cats, threshold), atMost(dogs, threshold)
		counts[i] = Confusion{TruePositive: len(dogs) - dogsBelow, FalsePositive: len(cats) - catsBelow,
			TrueNegative: catsBelow, FalseNegative: dogsBelow}
	}
	return counts, nil
}

// byClass returns the predictions on cats and on dogs, ascending.
func byClass(p, y []float64) (cats, dogs []float64, err error) {
	if err := checkPairs(p, y); err != nil {
		return nil, nil, err
	}
	for i := range p {
		if distill.Class(y[i], distill.Threshold) == 1 {
			dogs = append(dogs, p[i])
		} else {
			cats = append(cats, p[i])
		}
	}
	slices.Sort(cats)
	slices.Sort(dogs)
	return cats, dogs, nil
}

// checkPairs returns an error unless there is a label for each prediction and all are in [0, 1].
func checkPairs(p, y []float64) error {
	if len(p) != len(y) || len(p) == 0 {
		return fmt.Errorf("metrics: got %d predictions and %d labels, want as many of each, at least one", len(p), len(y))
	}
	for i := range p {
		if !unit(p[i]) || !unit(y[i]) {
			return fmt.Errorf("metrics: object %d: got prediction %v and label %v, want numbers in [0, 1]", i, p[i], y[i])
		}
	}
	return nil
}

// checkWithheld returns an error unless predictions can be withheld between two thresholds.
func checkWithheld(low, high float64) error {
	if low <= high {
		return nil
	}
	return fmt.Errorf("metrics: withheld: got predictions above %v and up to %v, want the first not above the second", low, high)
}

// atMost counts the ascending values that are not above a bound.
func atMost(ascending []float64, bound float64) int {
	n, _ := slices.BinarySearchFunc(ascending, bound, func(value, bound float64) int {
		if value <= bound {
			return -1
		}
		return 1
	})
	return n
}

// BestThreshold returns the threshold in [0, 1] with the largest value of a metric, and that value. If several do equally well,
// it returns the one nearest to distill.Threshold. A threshold between two predictions lies in their middle. Choose the
// threshold on the validation set and report its result on the test set.
func BestThreshold(p, y []float64, m Metric) (threshold, value float64, err error) {
	return best(p, y, m.Of)
}

// best is BestThreshold for any number that counts give.
func best(p, y []float64, of func(Confusion) float64) (threshold, value float64, err error) {
	candidates := between(p)
	counts, err := Sweep(p, y, candidates)
	if err != nil {
		return 0, 0, err
	}
	value = math.Inf(-1)
	for i, c := range counts { // the candidates begin with the paper's and go away from it
		if v := of(c); v > value {
			threshold, value = candidates[i], v
		}
	}
	return threshold, value, nil
}

// between are the thresholds that tell predictions apart: the paper's, 0 and 1, and the middles between
// neighbouring predictions, the nearest to the paper's first.
func between(p []float64) []float64 {
	ascending := slices.Sorted(slices.Values(p))
	ascending = slices.Compact(ascending)
	all := []float64{distill.Threshold, 0, 1}
	for i := 1; i < len(ascending); i++ {
		all = append(all, (ascending[i-1]+ascending[i])/2)
	}
	slices.SortStableFunc(all, func(a, b float64) int {
		switch da, db := distance(a), distance(b); {
		case da < db:
			return -1
		case da > db:
			return 1
		}
		return 0
	})
	return all
}

func distance(threshold float64) float64 {
	return max(threshold-distill.Threshold, distill.Threshold-threshold)
}
