package stats

import (
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
	r := stat.Correlation(ranks(a), ranks(b), nil)
	if math.IsNaN(r) {
		return 0, fmt.Errorf("stats: rank correlation: got values that are all equal, or one that is no number")
	}
	return r, nil
}

// ranks are 1 for the smallest value, 2 for the next, ..., the mean of them for equal values.
func ranks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		switch {
		case values[i] < values[j]:
			return -1
		case values[i] > values[j]:
			return 1
		}
		return 0
	})
	of := make([]float64, len(values))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && values[order[to]] == values[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			of[i] = float64(from+1+to) / 2
		}
		if to == from+1 && values[order[from]] != values[order[from]] {
			of[order[from]] = math.NaN()
		}
		from = to
	}
	return of
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
