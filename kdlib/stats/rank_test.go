package stats

import (
	"fmt"
	"math"
	"testing"

	"distillation/kdlib/internal/golden"
)

func TestRanksAgainstSciPy(t *testing.T) {
	var want struct {
		Spearman []struct {
			A, B []float64
			R    float64
		}
		Ranges []struct {
			Values []float64
			K      int
			Range  float64
		}
	}
	golden.Read(t, "rank_golden.json", &want)
	for _, c := range want.Spearman {
		got, err := Spearman(c.A, c.B)
		off(t, fmt.Sprintf("rank correlation of %v and %v", c.A, c.B), got, err, c.R, 1e-14)
	}
	for _, c := range want.Ranges {
		got, err := ExpectedRange(c.Values, c.K)
		off(t, fmt.Sprintf("range of %d", c.K), got, err, c.Range, 1e-12)
	}
}

func TestRankErrors(t *testing.T) {
	for _, c := range [][2][]float64{{{1}, {1}}, {{1, 2}, {1}}, {{1, 1}, {1, 2}}, {{1, math.NaN()}, {1, 2}}} {
		if got, err := Spearman(c[0], c[1]); err == nil {
			t.Errorf("%v: got %v and no error", c, got)
		}
	}
	for _, k := range []int{1, 4} {
		if _, err := ExpectedRange([]float64{1, 2, 3}, k); err == nil {
			t.Errorf("range of %d of 3: no error", k)
		}
	}
}
