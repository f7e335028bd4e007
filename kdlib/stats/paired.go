package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// DefaultPower is the usual one: the chance that a test finds what is there.
const DefaultPower = 0.8

// pairs are the differences a[i] - b[i], summed up: their number, mean and standard error.
type pairs struct {
	n                   int
	mean, standardError float64
}

func newPairs(a, b []float64) (pairs, error) {
	if len(a) < 2 || len(a) != len(b) {
		return pairs{}, fmt.Errorf("stats: pairs: got %d and %d values, want as many of each, at least 2", len(a), len(b))
	}
	differences := make([]float64, len(a))
	floats.SubTo(differences, a, b)
	mean, deviation := stat.MeanStdDev(differences, nil)
	if !(deviation > 0) {
		return pairs{}, fmt.Errorf("stats: pairs: got differences of standard deviation %v, want it above 0", deviation)
	}
	return pairs{len(a), mean, deviation / math.Sqrt(float64(len(a)))}, nil
}

// t is Student's distribution that belongs to them.
func (p pairs) t() distuv.StudentsT { return distuv.StudentsT{Sigma: 1, Nu: float64(p.n - 1)} }

// PairedT is the interval of the mean of a[i] - b[i] (Student 1908). An example are the accuracies of two kinds of students,
// where the i-th of each was trained from the same seed. The interval contains 0 unless the two-sided paired t-test finds a
// difference. It is an error if there are fewer than two pairs or if their differences have no spread.
func PairedT(a, b []float64, confidence float64) (Interval, error) {
	p, err := newPairs(a, b)
	if err != nil {
		return Interval{}, err
	}
	if err := checkConfidence(confidence); err != nil {
		return Interval{}, err
	}
	half := p.t().Quantile((1+confidence)/2) * p.standardError
	return Interval{p.mean - half, p.mean + half}, nil
}

// PairedTTest is the two-sided p-value of the paired t-test, whether the mean of a[i] - b[i] may be 0. Its errors are PairedT's.
func PairedTTest(a, b []float64) (p float64, err error) {
	of, err := newPairs(a, b)
	if err != nil {
		return 0, err
	}
	return 2 * of.t().CDF(-math.Abs(of.mean)/of.standardError), nil
}

// PairedTOST is the p-value of two one-sided paired t-tests (Schuirmann 1987): whether the mean of a[i] - b[i] may lie outside
// (-margin, margin). Below a level such as 0.05 the two are equivalent: the interval of confidence 1 - 2 level lies within the
// margin, which is to be set before looking. That a test finds no difference does not show this. Its errors are PairedT's, and
// a margin that is not above 0.
func PairedTOST(a, b []float64, margin float64) (p float64, err error) {
	if !(margin > 0) {
		return 0, fmt.Errorf("stats: margin of equivalence: got %v, want above 0", margin)
	}
	of, err := newPairs(a, b)
	if err != nil {
		return 0, err
	}
	return of.t().CDF((math.Abs(of.mean) - margin) / of.standardError), nil
}

// PairedPower is the chance that the two-sided paired t-test at a level finds a mean difference, given in standard
// deviations of the differences, with so many pairs (Cohen 1988): the noncentral t distribution beyond its critical values.
func PairedPower(effect float64, n int, level float64) (float64, error) {
	if n < 2 {
		return 0, fmt.Errorf("stats: power: got %d pairs, want at least 2", n)
	}
	if math.IsNaN(effect) || math.IsInf(effect, 0) {
		return 0, fmt.Errorf("stats: power: got an effect of %v standard deviations, want a finite one", effect)
	}
	if !(level > 0 && level < 1) {
		return 0, fmt.Errorf("stats: power: got level %v, want in (0, 1)", level)
	}
	return pairedPower(math.Abs(effect), n, level), nil
}

// pairedPower integrates over s, the ratio of the measured to the true standard deviation, whose density is that of a chi
// variable over the root of its degrees of freedom.
func pairedPower(effect float64, n int, level float64) float64 {
	const nodes, reach = 200, 9 // reach: standard deviations of s to either side, at most; beyond lies less than 1e-15
	nu := float64(n - 1)
	critical := distuv.StudentsT{Sigma: 1, Nu: nu}.Quantile(1 - level/2)
	shift := effect * math.Sqrt(float64(n))
	gamma, _ := math.Lgamma(nu / 2)
	scale := math.Ln2 + nu/2*math.Log(nu/2) - gamma
	half := reach / math.Sqrt(2*nu)
	return quad.Fixed(func(s float64) float64 {
		density := math.Exp(scale + (nu-1)*math.Log(s) - nu*s*s/2)
		return density * (distuv.UnitNormal.CDF(shift-critical*s) + distuv.UnitNormal.CDF(-shift-critical*s))
	}, max(0, 1-half), 1+half, nodes, quad.Legendre{}, 0)
}

// DetectableEffect is what so many pairs could have seen: the smallest mean difference, in standard deviations of the
// differences, that the two-sided paired t-test at a level finds with a power, which is above the level.
func DetectableEffect(n int, level, power float64) (float64, error) {
	if _, err := PairedPower(0, n, level); err != nil {
		return 0, err
	}
	if !(power > level && power < 1) {
		return 0, fmt.Errorf("stats: power: got %v, want above the level %v and below 1", power, level)
	}
	low, high := 0.0, 1.0
	for pairedPower(high, n, level) < power {
		high *= 2
	}
	const halvings = 60 // beyond the precision of float64
	for range halvings {
		if middle := (low + high) / 2; pairedPower(middle, n, level) < power {
			low = middle
		} else {
			high = middle
		}
	}
	return high, nil
}

// PairsNeeded is the smallest number of pairs with which the two-sided paired t-test at a level finds a mean difference, given
// in standard deviations of the differences, with at least a power. Its limit is a million pairs.
func PairsNeeded(effect, level, power float64) (int, error) {
	if _, err := PairedPower(effect, 2, level); err != nil {
		return 0, err
	}
	if !(power > level && power < 1) {
		return 0, fmt.Errorf("stats: power: got %v, want above the level %v and below 1", power, level)
	}
	const most = 1 << 20
	effect = math.Abs(effect)
	if pairedPower(effect, most, level) < power {
		return 0, fmt.Errorf("stats: power: an effect of %v standard deviations takes more than %d pairs", effect, most)
	}
	low, high := 1, most // low has too few
	for high-low > 1 {
		if middle := (low + high) / 2; pairedPower(effect, middle, level) < power {
			low = middle
		} else {
			high = middle
		}
	}
	return high, nil
}
