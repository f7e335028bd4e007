// Package stats tells how far measured numbers may be off because they come from a limited number of pictures: Wilson's
// interval for shares, the percentile bootstrap for any other statistic, Student's for repeated runs that come in pairs. It
// also compares two models on one set of pictures by the exact test of McNemar (1947). Pictures that both get right, or both
// wrong, do not show which of the two is better. The test asks whether the other pictures are spread as by tosses of a coin.
package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Confidence is the one that tables and figures use.
const Confidence = 0.95

// Interval is the range of values that agree with the data.
type Interval struct{ Low, High float64 }

// Above tells whether all of the interval lies above a bound.
func (i Interval) Above(bound float64) bool { return i.Low > bound }

// Below tells whether all of the interval lies below a bound.
func (i Interval) Below(bound float64) bool { return i.High < bound }

// Wilson is the interval of a share k/n, such as an accuracy of k correct predictions on n pictures (Wilson 1927), where z is
// the normal quantile of the confidence:
//
//	(k + z^2/2 +- z sqrt(k (n - k) / n + z^2/4)) / (n + z^2)
//
// It stays within [0, 1] and is right near the ends too, unlike the share plus or minus standard errors.
func Wilson(k, n int, confidence float64) (Interval, error) {
	if n < 1 || k < 0 || k > n {
		return Interval{}, fmt.Errorf("stats: share: got %d of %d, want 0 to n of at least 1", k, n)
	}
	if err := checkConfidence(confidence); err != nil {
		return Interval{}, err
	}
	z := distuv.UnitNormal.Quantile((1 + confidence) / 2)
	count, size := float64(k), float64(n)
	middle := count + z*z/2
	half := z * math.Sqrt(count*(size-count)/size+z*z/4)
	return Interval{max(0, (middle-half)/(size+z*z)), min(1, (middle+half)/(size+z*z))}, nil
}

// PairedT is the interval of the mean of a[i] - b[i] (Student 1908). An example are the accuracies of two kinds of students,
// where the i-th of each was trained from the same seed. The interval contains 0 unless the two-sided paired t-test finds a
// difference. It is an error if there are fewer than two pairs or if their differences have no spread.
func PairedT(a, b []float64, confidence float64) (Interval, error) {
	if len(a) < 2 || len(a) != len(b) {
		return Interval{}, fmt.Errorf("stats: pairs: got %d and %d values, want as many of each, at least 2", len(a), len(b))
	}
	if err := checkConfidence(confidence); err != nil {
		return Interval{}, err
	}
	differences := make([]float64, len(a))
	floats.SubTo(differences, a, b)
	mean, deviation := stat.MeanStdDev(differences, nil)
	if !(deviation > 0) {
		return Interval{}, fmt.Errorf("stats: pairs: got differences of standard deviation %v, want it above 0", deviation)
	}
	pairs := float64(len(a))
	half := distuv.StudentsT{Sigma: 1, Nu: pairs - 1}.Quantile((1+confidence)/2) * deviation / math.Sqrt(pairs)
	return Interval{mean - half, mean + half}, nil
}

func checkConfidence(confidence float64) error {
	if confidence > 0 && confidence < 1 {
		return nil
	}
	return fmt.Errorf("stats: confidence: got %v, want in (0, 1)", confidence)
}
