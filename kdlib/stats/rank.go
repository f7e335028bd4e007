package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Spearman is the rank correlation of a and b, in [-1, 1] (Spearman 1904): the correlation of their ranks, where equal values share
// the mean of theirs. It is an error if there are fewer than two pairs, or if all values of one are equal.
func Spearman(a, b []float64) (float64, error) {
	if len(a) < 2 || len(a) != len(b) {
		return 0, fmt.Errorf("stats: rank correlation: got %d and %d values, want as many of each, at least 2", len(a), len(b))
	}
	r := stat.Correlation(NewRanking(a).Ranks(nil), NewRanking(b).Ranks(nil), nil)
	if math.IsNaN(r) {
		return 0, fmt.Errorf("stats: rank correlation: got values that are all equal, or one that is no number")
	}
	return r, nil
}

// Ranking holds values in ascending order, so that the ranks of many draws of them take no sorting.
type Ranking struct {
	values []float64
	order  []int // their rows
}

// NewRanking sorts values, which it keeps.
func NewRanking(values []float64) Ranking {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	return Ranking{values, order}
}

// Ranks are 1 for the smallest value, 2 for the next, ..., the mean of them for equal values, and NaN for one that is no number. times
// says how often each value is there; nil: once.
func (r Ranking) Ranks(times []float64) []float64 {
	ranks := make([]float64, len(r.order))
	below := 0.0
	for from := 0; from < len(r.order); {
		to, here := from, 0.0
		for to == from || to < len(r.order) && r.values[r.order[to]] == r.values[r.order[from]] {
			if times == nil {
				here++
			} else {
				here += times[r.order[to]]
			}
			to++
		}
		for _, row := range r.order[from:to] {
			ranks[row] = below + (here+1)/2
			if math.IsNaN(r.values[row]) {
				ranks[row] = math.NaN()
			}
		}
		below, from = below+here, to
	}
	return ranks
}

// ExpectedRange is the mean difference between the largest and the smallest of k values that are drawn from these without putting
// them back, over all choices of k: how far k seeds lie apart. k is 2 to the number of values.
//
//	sum over i of x(i) (C(i - 1, k - 1) - C(n - i, k - 1)) / C(n, k),  x(1) <= ... <= x(n)
func ExpectedRange(values []float64, k int) (float64, error) {
	n := len(values)
	if k < 2 || k > n {
		return 0, fmt.Errorf("stats: range of %d of %d values: want 2 to as many as there are", k, n)
	}
	sum := 0.0
	for i, x := range slices.Sorted(slices.Values(values)) {
		sum += x * (chance(i, k-1, n, k) - chance(n-1-i, k-1, n, k))
	}
	return sum, nil
}

// chance is C(a, b) / C(n, k).
func chance(a, b, n, k int) float64 {
	if b > a {
		return 0
	}
	return math.Exp(logChoices(a, b) - logChoices(n, k))
}

func logChoices(n, k int) float64 {
	of := func(m int) float64 { v, _ := math.Lgamma(float64(m + 1)); return v }
	return of(n) - of(k) - of(n-k)
}
