// Package interval tells how far measured numbers may be off because they were measured on so many
// pictures and no more: Wilson's interval for shares, the percentile bootstrap for any other statistic,
// Welch's for means of repeated runs.
package interval

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Confidence is the one that tables and figures use.
const Confidence = 0.95

// Interval is the range of values that the data allow.
type Interval struct{ Low, High float64 }

// Above tells whether all of the interval lies above a bound.
func (i Interval) Above(bound float64) bool { return i.Low > bound }

// Below tells whether all of the interval lies below a bound.
func (i Interval) Below(bound float64) bool { return i.High < bound }

// Wilson is the interval of a share k/n, such as an accuracy of k right answers on n pictures (Wilson 1927),
// z being the normal quantile of the confidence:
//
//	(k + z^2/2 +- z sqrt(k (n - k) / n + z^2/4)) / (n + z^2)
//
// It stays within [0, 1] and, unlike the share give or take standard errors, is right near the ends too.
func Wilson(k, n int, confidence float64) (Interval, error) {
	if n < 1 || k < 0 || k > n {
		return Interval{}, fmt.Errorf("interval: share: got %d of %d, want 0 to n of at least 1", k, n)
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

// Welch is the interval of mean(a) - mean(b) for two samples with a spread of their own (Welch 1947), such
// as the accuracies of two kinds of students, each trained from several seeds. It holds 0 unless Welch's
// two-sided t-test finds a difference. Error unless each sample has at least two values and one has a spread.
func Welch(a, b []float64, confidence float64) (Interval, error) {
	if len(a) < 2 || len(b) < 2 {
		return Interval{}, fmt.Errorf("interval: means: got %d and %d values, want at least 2 of each", len(a), len(b))
	}
	if err := checkConfidence(confidence); err != nil {
		return Interval{}, err
	}
	meanA, varianceA := stat.MeanVariance(a, nil)
	meanB, varianceB := stat.MeanVariance(b, nil)
	errorA, errorB := varianceA/float64(len(a)), varianceB/float64(len(b))
	if !(errorA+errorB > 0) {
		return Interval{}, fmt.Errorf("interval: means: got variances %v and %v, want one above 0", varianceA, varianceB)
	}
	freedom := (errorA + errorB) * (errorA + errorB) / (errorA*errorA/float64(len(a)-1) + errorB*errorB/float64(len(b)-1))
	half := distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile((1+confidence)/2) * math.Sqrt(errorA+errorB)
	return Interval{meanA - meanB - half, meanA - meanB + half}, nil
}

func checkConfidence(confidence float64) error {
	if confidence > 0 && confidence < 1 {
		return nil
	}
	return fmt.Errorf("interval: confidence: got %v, want in (0, 1)", confidence)
}
