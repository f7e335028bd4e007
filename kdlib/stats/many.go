package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
)

// Holm adjusts the p-values of several tests (Holm 1979), in the order in which they are given. If each adjusted one is held
// against a level, the chance to find anything where nothing is stays below the level, however the tests depend on each other:
//
//	max over j <= i of min(1, (m - j + 1) p(j)),  p(1) <= ... <= p(m)
//
// It is an error if one of them is not in [0, 1].
func Holm(p []float64) ([]float64, error) {
	order := make([]int, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("stats: p-value %d: got %v, want in [0, 1]", i, v)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	adjusted, largest := make([]float64, len(p)), 0.0
	for rank, i := range order {
		largest = max(largest, min(1, float64(len(p)-rank)*p[i]))
		adjusted[i] = largest
	}
	return adjusted, nil
}

// mostLooks bounds O'Brien-Fleming plans: beyond it the bounds hardly change.
const mostLooks = 50

// OBrienFleming are the levels at which two-sided p-values count at each of so many looks at growing data, after equal shares
// of it (O'Brien and Fleming 1979). The chance to find a difference at any look where there is none is the level as a whole:
// early looks ask for much, the last one for a little more than a single test would. With a t-test the levels hold nearly
// (Jennison and Turnbull 2000, section 3.8).
//
//	look k of K: |Z(k)| >= C sqrt(K / k)
//
// looks is 1 to 50.
func OBrienFleming(looks int, level float64) ([]float64, error) {
	if looks < 1 || looks > mostLooks {
		return nil, fmt.Errorf("stats: looks: got %d, want 1 to %d", looks, mostLooks)
	}
	if !(level > 0 && level < 1) {
		return nil, fmt.Errorf("stats: looks: got level %v, want in (0, 1)", level)
	}
	low, high := 0.0, 2*distuv.UnitNormal.Quantile(1-level/(2*float64(looks))) // Bonferroni's is more than enough
	const halvings = 60                                                        // beyond the precision of float64
	for range halvings {
		if middle := (low + high) / 2; staysWithin(middle*math.Sqrt(float64(looks)), looks) < 1-level {
			low = middle
		} else {
			high = middle
		}
	}
	levels := make([]float64, looks)
	for k := range levels {
		levels[k] = 2 * distuv.UnitNormal.CDF(-high*math.Sqrt(float64(looks)/float64(k+1)))
	}
	return levels, nil
}

// staysWithin is the chance that a sum of standard normal steps is never beyond the bound, by quadrature of its density from step
// to step.
func staysWithin(bound float64, steps int) float64 {
	nodes := 16 + 8*int(math.Ceil(bound)) // some for every step's width: more change no digit
	x, weight := make([]float64, nodes), make([]float64, nodes)
	quad.Legendre{}.FixedLocations(x, weight, -bound, bound)
	density := make([]float64, nodes)
	for i := range density {
		density[i] = distuv.UnitNormal.Prob(x[i])
	}
	for range steps - 1 {
		next := make([]float64, nodes)
		for i := range next {
			for j := range density {
				next[i] += weight[j] * density[j] * distuv.UnitNormal.Prob(x[i]-x[j])
			}
		}
		density = next
	}
	stays := 0.0
	for i := range density {
		stays += weight[i] * density[i]
	}
	return stays
}
