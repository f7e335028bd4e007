package stats

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
)

// Bootstrap draws as many pictures as there are, with replacement, again and again, and measures each draw (Efron 1979). It
// draws within classes, because the paper's sets have as many cats as dogs by design. The same seed gives the same intervals.
type Bootstrap struct {
	Resamples  int    // how often; at least 1
	Seed       uint64 // of the draws
	Confidence float64
}

// DefaultBootstrap is the one that tables and figures use.
var DefaultBootstrap = Bootstrap{Resamples: 1000, Seed: 1, Confidence: Confidence}

// Of returns the percentile interval of each statistic that measure computes of a draw. rows are the rows of the draw in
// ascending order: some are missing, some are there twice or more. class[i] is the class of row i. Two models measured in one
// call are measured on the same draws, so the difference of their accuracies is a statistic like any other. The next draw
// overwrites rows.
func (b Bootstrap) Of(class []int, measure func(rows []int) ([]float64, error)) ([]Interval, error) {
	if b.Resamples < 1 || len(class) == 0 {
		return nil, fmt.Errorf("stats: bootstrap: got %d draws of %d rows, want at least one of each", b.Resamples, len(class))
	}
	if err := checkConfidence(b.Confidence); err != nil {
		return nil, err
	}
	var measured [][]float64 // a slice a statistic
	rows := b.draws(class)
	for draw := range b.Resamples {
		values, err := measure(rows(draw))
		if err != nil {
			return nil, fmt.Errorf("stats: bootstrap: draw %d: %w", draw, err)
		}
		if measured == nil {
			measured = make([][]float64, len(values))
		}
		for i, v := range values {
			if math.IsNaN(v) {
				return nil, fmt.Errorf("stats: bootstrap: draw %d: statistic %d: got NaN, want a number", draw, i)
			}
			measured[i] = append(measured[i], v)
		}
	}
	intervals := make([]Interval, len(measured))
	for i, values := range measured {
		slices.Sort(values)
		intervals[i] = Interval{quantile(values, (1-b.Confidence)/2), quantile(values, (1+b.Confidence)/2)}
	}
	return intervals, nil
}

// drawn are all draws of a bootstrap on one set.
type drawn struct {
	class []int
	seed  uint64
	rows  []uint16 // draw by draw
}

// keptNumbers is how many numbers of draws are kept at most, 16 MB.
const keptNumbers = 8 << 20

// kept are the latest draws: tables measure one model after the other on the same ones, and drawing takes half of their time.
var kept atomic.Pointer[drawn]

// draws returns the rows of each draw, which the next one overwrites. Draws are asked for in their order.
func (b Bootstrap) draws(class []int) func(draw int) []int {
	n := len(class)
	if n > math.MaxUint16 || n*b.Resamples > keptNumbers {
		s := newSampler(class, b.Seed)
		return func(int) []int { return s.next() }
	}
	k := kept.Load()
	if k == nil || k.seed != b.Seed || len(k.rows) < n*b.Resamples || !slices.Equal(k.class, class) {
		k = &drawn{slices.Clone(class), b.Seed, make([]uint16, 0, n*b.Resamples)}
		s := newSampler(class, b.Seed)
		for range b.Resamples {
			for _, row := range s.next() {
				k.rows = append(k.rows, uint16(row))
			}
		}
		kept.Store(k)
	}
	rows := make([]int, n)
	return func(draw int) []int {
		for i, row := range k.rows[draw*n:][:n] {
			rows[i] = int(row)
		}
		return rows
	}
}

// sampler draws rows with replacement, class by class.
type sampler struct {
	random  *rand.Rand
	classes [][]int // the rows of each class
	times   []int   // how often each row was drawn
	rows    []int   // the draw
}

func newSampler(class []int, seed uint64) *sampler {
	byClass := map[int][]int{}
	for row, c := range class {
		byClass[c] = append(byClass[c], row)
	}
	s := &sampler{random: rand.New(rand.NewPCG(seed, 0)), times: make([]int, len(class)), rows: make([]int, len(class))}
	for _, c := range slices.Sorted(maps.Keys(byClass)) {
		s.classes = append(s.classes, byClass[c])
	}
	return s
}

// next counts how often each row is drawn and then writes the rows in order: what was sorted stays sorted.
func (s *sampler) next() []int {
	clear(s.times)
	for _, rows := range s.classes {
		for range rows {
			s.times[rows[s.random.IntN(len(rows))]]++
		}
	}
	at := 0
	for row, n := range s.times {
		for range n {
			s.rows[at] = row
			at++
		}
	}
	return s.rows
}

// quantile interpolates between ascending values as NumPy's default does, type 7 of Hyndman and Fan (1996).
// gonum's stat.Quantile has types 1 and 4 only.
func quantile(ascending []float64, q float64) float64 {
	place := q * float64(len(ascending)-1)
	below := int(place)
	low, high := ascending[below], ascending[min(below+1, len(ascending)-1)]
	if low == high { // also where both are infinite
		return low
	}
	return low + (place-float64(below))*(high-low)
}
