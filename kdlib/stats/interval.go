// Package stats tells how far measured numbers may be off because they come from a limited number of pictures: Wilson's
// interval for shares, the percentile bootstrap for any other statistic, Student's for repeated runs that come in pairs. It
// also compares two models on one set of pictures by the exact test of McNemar (1947). Pictures that both get right, or both
// wrong, do not show which of the two is better. The test asks whether the other pictures are spread as by tosses of a coin.
// Of runs in pairs it tells further whether two kinds are equivalent, and what so many pairs could have seen; of any normal estimate
// what it shows, and could have seen; of many tests,
// and of several looks at growing data, at which level each counts.
package stats

import (
	"fmt"
	"math"

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

func checkConfidence(confidence float64) error {
	if confidence > 0 && confidence < 1 {
		return nil
	}
	return fmt.Errorf("stats: confidence: got %v, want in (0, 1)", confidence)
}
