// Package mcnemar compares two models on one set of pictures by the exact test of McNemar (1947). Pictures
// that both answer rightly, or both wrongly, say nothing about which of the two is better; the test asks
// whether the others are spread as by tosses of a coin.
package mcnemar

import (
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"
)

// Level is the usual bound: a difference counts if its p-value lies below.
const Level = 0.05

// Table counts the pictures that two models answer rightly and wrongly.
type Table struct {
	Both    int // both are right
	First   int // only the first is
	Second  int // only the second is
	Neither int // both are wrong
}

// Count compares answers picture by picture: first[i] and second[i] tell whether the models' answers on
// picture i are right.
func Count(first, second []bool) (Table, error) {
	var t Table
	if len(first) != len(second) {
		return t, fmt.Errorf("mcnemar: got %d and %d answers, want as many of each", len(first), len(second))
	}
	for i := range first {
		switch {
		case first[i] && second[i]:
			t.Both++
		case first[i]:
			t.First++
		case second[i]:
			t.Second++
		default:
			t.Neither++
		}
	}
	return t, nil
}

// N is the number of pictures.
func (t Table) N() int { return t.Both + t.First + t.Second + t.Neither }

// P is the p-value of the exact test.
func (t Table) P() float64 { return Exact(t.First, t.Second) }

// Exact is the two-sided p-value of a against b, counts of at least 0: how likely a fair coin, tossed
// a + b times, falls as unevenly as that or more so (the sign test).
//
//	min(1, 2 P(X <= min(a, b))),  X binomial of a + b with 1/2
//
// Without tosses it is 1.
func Exact(a, b int) float64 {
	coin := distuv.Binomial{N: float64(a + b), P: 0.5}
	return min(1, 2*coin.CDF(float64(min(a, b))))
}

// Bounds are the smallest and the largest p-value that two models can have of which only the numbers of
// right answers on the same n pictures are known, such as from printed accuracies. It is smallest if one
// model is right wherever the other is, and largest if their errors overlap as little as they can.
func Bounds(n, first, second int) (low, high float64, err error) {
	if n < 1 || min(first, second) < 0 || max(first, second) > n {
		return 0, 0, fmt.Errorf("mcnemar: got %d and %d right answers of %d, want 0 to n of at least 1", first, second, n)
	}
	lead := max(first, second) - min(first, second)
	most := min(n-max(first, second), min(first, second)) // pictures that only the worse one answers rightly
	return Exact(lead, 0), Exact(lead+most, most), nil
}
