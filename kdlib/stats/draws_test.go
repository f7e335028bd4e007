package stats

import (
	"slices"
	"testing"
)

// Draws that are kept are those of a sampler of one's own, whatever was asked before: another set, another seed, fewer or more of them.
func TestKeptDraws(t *testing.T) {
	a, b, large := []int{0, 1, 1, 0, 1, 0, 0}, []int{1, 1, 1, 0, 0, 0, 0}, make([]int, 1<<16)
	for i, c := range []struct {
		class []int
		Bootstrap
	}{
		{a, Bootstrap{Resamples: 20, Seed: 1}}, {a, Bootstrap{Resamples: 10, Seed: 1}}, {a, Bootstrap{Resamples: 30, Seed: 1}},
		{b, Bootstrap{Resamples: 30, Seed: 1}}, {b, Bootstrap{Resamples: 30, Seed: 2}}, {large, Bootstrap{Resamples: 2, Seed: 2}}, {a, Bootstrap{Resamples: 30, Seed: 2}},
	} {
		c.Confidence = Confidence
		own, draws := newSampler(c.class, c.Seed), 0
		_, err := c.Of(c.class, func(rows []int) ([]float64, error) {
			draws++
			if !slices.Equal(rows, own.next()) {
				t.Errorf("case %d, draw %d: other rows than a sampler of its own gives", i, draws)
			}
			return []float64{1}, nil
		})
		if err != nil || draws != c.Resamples {
			t.Errorf("case %d: got %d draws, %v, want %d", i, draws, err, c.Resamples)
		}
	}
}
