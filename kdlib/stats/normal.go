package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// StandardError is that of a normal estimate with this interval: half of the width over the normal quantile of its confidence.
func (i Interval) StandardError(confidence float64) float64 {
	return (i.High - i.Low) / 2 / distuv.UnitNormal.Quantile((1+confidence)/2)
}

// ZTest is the two-sided p-value of a normal estimate that lies a distance away from a bound (Wald 1943): whether the bound may be
// the truth. The standard error is at least 0; where it is 0, so is the p-value, or 1 on the bound itself.
//
//	2 Phi(-|distance| / error)
func ZTest(distance, standardError float64) float64 {
	if distance == 0 {
		return 1
	}
	return 2 * distuv.UnitNormal.CDF(-math.Abs(distance)/standardError)
}

// ScoreTest is the two-sided p-value of a share of k in n, n at least 1, whether it may come from a probability in (0, 1)
// (Rao 1948). Wilson's interval holds the probabilities from which it may.
//
//	2 Phi(-|k/n - p| / sqrt(p (1 - p) / n))
func ScoreTest(k, n int, p float64) float64 {
	return ZTest(float64(k)/float64(n)-p, ScoreError(n, p))
}

// ScoreError is the standard error of a share of n, n at least 1, that comes from a probability: sqrt(p (1 - p) / n).
func ScoreError(n int, p float64) float64 { return math.Sqrt(p * (1 - p) / float64(n)) }

// DetectableShift is what an estimate with a standard error could have seen: the smallest distance from a bound that ZTest finds
// at SignificanceLevel with DefaultPower.
//
//	(z(1 - level/2) + z(power)) error
//
// That the estimate may lie as far on the other side of the bound, with a chance of one in a million, is left out.
func DetectableShift(standardError float64) float64 {
	return (distuv.UnitNormal.Quantile(1-SignificanceLevel/2) + distuv.UnitNormal.Quantile(DefaultPower)) * standardError
}
