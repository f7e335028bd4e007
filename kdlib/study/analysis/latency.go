package analysis

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/paper"
	"distillation/kdlib/recipe"
	"distillation/kdlib/stats"

	"gonum.org/v1/gonum/stat"
)

// Timed pairs our networks with the paper's names, the slower first.
var Timed = []struct{ Network, Printed string }{{recipe.ResNet50, paper.ResNet50}, {recipe.ResNet18, paper.ResNet18}}

// Latency is the time of one network for one picture, in seconds: the time of a call over its number of pictures.
type Latency struct {
	Images         int
	Prepare        []float64 // reading, decoding, resizing; in the order of the calls
	Inference      []float64 // the network; in the order of the calls
	First          float64   // the whole call that compiled the program
	Megapixels     float64   // mean size of the pictures before they are resized; 0 if not recorded
	PaperInference paper.Time
}

// Latency returns the measurements of section 4.1 for a network (recipe.ResNet18 or recipe.ResNet50) and a number of
// pictures at a time; the paper's has 1.
func (r *Study) Latency(network string, batch int) (Latency, error) {
	calls, err := r.Timing()
	if err != nil {
		return Latency{}, err
	}
	var s Latency
	for _, c := range calls {
		switch {
		case c.Network != network || c.Batch != batch:
		case c.Number == 0:
			s.First = c.Inference
		default:
			s.Prepare = append(s.Prepare, c.Prepare/float64(batch))
			s.Inference = append(s.Inference, c.Inference/float64(batch))
			s.Megapixels += c.Megapixels
		}
	}
	if len(s.Inference) == 0 {
		return s, fmt.Errorf("analysis: %s holds no timing of %s on %d pictures at a time", r.Dir, network, batch)
	}
	s.Images = len(s.Inference) * batch
	s.Megapixels /= float64(len(s.Inference))
	for _, pair := range Timed {
		if pair.Network == network {
			s.PaperInference, _ = paper.LookupTime(pair.Printed)
		}
	}
	return s, nil
}

// Median is the smallest of the values such that at least half of them are not above it. Of an even number of values it is the
// lower of the middle two, a time that was measured, and not their mean as bench.Median is.
func Median(values []float64) float64 { return Quantile(0.5, values) }

// Quantile is the smallest of the values such that at least a share q of them, in [0, 1], are not above it.
func Quantile(q float64, values []float64) float64 {
	return stat.Quantile(q, stat.Empirical, slices.Sorted(slices.Values(values)), nil)
}

// inBlocks holds times in ascending order, each with the block of calls in which it was measured; there are about as many
// blocks as calls in each. Calls that follow one another are alike, since the machine's speed drifts: a bootstrap that draws
// calls gives intervals that are too narrow, one that draws blocks keeps most of the likeness (Künsch 1989).
type inBlocks struct {
	ascending []float64
	block     []int // from 0
	blocks    int
}

func newInBlocks(times []float64) inBlocks {
	order := make([]int, len(times))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(times[a], times[b]) })
	b := inBlocks{blocks: int(math.Ceil(math.Sqrt(float64(len(times)))))}
	for _, i := range order {
		b.ascending = append(b.ascending, times[i])
		b.block = append(b.block, i*b.blocks/len(times))
	}
	return b
}

// median of the times of the drawn blocks, some of which are there twice or more.
func (b inBlocks) median(drawn []int) float64 {
	times := make([]float64, b.blocks)
	for _, block := range drawn {
		times[block]++
	}
	weights := make([]float64, len(b.block))
	for i, block := range b.block {
		weights[i] = times[block]
	}
	return stat.Quantile(0.5, stat.Empirical, b.ascending, weights)
}

// BootstrapMedian is the interval of the median of times in the order of the calls.
func BootstrapMedian(times []float64) (stats.Interval, error) {
	b := newInBlocks(times)
	return bootstrapOne(make([]int, b.blocks), b.median)
}

// BootstrapRatio is the interval of the ratio of two medians. The two were measured in turns, one call each, so whatever slows
// the machine slows both. A draw therefore takes the same blocks of both.
func BootstrapRatio(above, below []float64) (stats.Interval, error) {
	if len(above) != len(below) {
		return stats.Interval{}, fmt.Errorf("analysis: times in turns: got %d and %d calls, want as many of each", len(above), len(below))
	}
	a, b := newInBlocks(above), newInBlocks(below)
	return bootstrapOne(make([]int, a.blocks), func(drawn []int) float64 { return a.median(drawn) / b.median(drawn) })
}
