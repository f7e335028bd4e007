package stats

import (
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"
)

// SignificanceLevel is the usual bound: a difference counts if its p-value lies below.
const SignificanceLevel = 0.05

// McNemar counts the pictures that two models get right and wrong.
type McNemar struct {
	Both    int // both are right
	First   int // only the first is
	Second  int // only the second is
	Neither int // both are wrong
}

// NewMcNemar compares predictions picture by picture: first[i] and second[i] tell whether the models' predictions on
// picture i are right.
func NewMcNemar(first, second []bool) (McNemar, error) {
	var t McNemar
	if len(first) != len(second) {
		return t, fmt.Errorf("stats: got %d and %d predictions, want as many of each", len(first), len(second))
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
func (t McNemar) N() int { return t.Both + t.First + t.Second + t.Neither }

// P is the p-value of the exact test.
func (t McNemar) P() float64 { return SignTest(t.First, t.Second) }

// SignTest is the two-sided p-value of the counts a and b, which are at least 0: the probability that a fair coin, tossed a + b
// times, falls at least as unevenly (the sign test).
//
//	min(1, 2 P(X <= min(a, b))),  X binomial of a + b with 1/2
//
// Without tosses it is 1.
func SignTest(a, b int) float64 {
	coin := distuv.Binomial{N: float64(a + b), P: 0.5}
	return min(1, 2*coin.CDF(float64(min(a, b))))
}

// McNemarBounds are the smallest and the largest possible p-value of two models if only their numbers of correct predictions on
// the same n pictures are known, such as from printed accuracies. The p-value is smallest if one model is right wherever the
// other is, and largest if their errors overlap as little as possible.
func McNemarBounds(n, first, second int) (low, high float64, err error) {
	if n < 1 || min(first, second) < 0 || max(first, second) > n {
		return 0, 0, fmt.Errorf("stats: got %d and %d correct predictions of %d, want 0 to n of at least 1", first, second, n)
	}
	lead := max(first, second) - min(first, second)
	most := min(n-max(first, second), min(first, second)) // pictures that only the worse one gets right
	return SignTest(lead, 0), SignTest(lead+most, most), nil
}
