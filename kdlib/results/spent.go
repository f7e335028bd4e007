package results

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/interval"
	"distillation/kdlib/paper"
	"distillation/kdlib/recipe"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/stat"
)

// timed pairs our networks with the paper's names, the slower first.
var timed = []struct{ network, printed string }{{recipe.ResNet50, paper.ResNet50}, {recipe.ResNet18, paper.ResNet18}}

// Spent is the time of one network on a picture, in seconds: that of a call over its number of pictures.
type Spent struct {
	Images      int
	Prepare     []float64 // reading, decoding, resizing; in the order of the calls
	Answer      []float64 // the network; in the order of the calls
	First       float64   // the whole call that compiled the program
	PaperAnswer paper.Time
}

// Spent returns the measurements of section 4.1 for a network (recipe.ResNet18 or recipe.ResNet50) and a number of
// pictures at a time; the paper's has 1.
func (r *Run) Spent(network string, batch int) (Spent, error) {
	calls, err := r.Timing()
	if err != nil {
		return Spent{}, err
	}
	var s Spent
	for _, c := range calls {
		switch {
		case c.Network != network || c.Batch != batch:
		case c.Number == 0:
			s.First = c.Answer
		default:
			s.Prepare = append(s.Prepare, c.Prepare/float64(batch))
			s.Answer = append(s.Answer, c.Answer/float64(batch))
		}
	}
	if len(s.Answer) == 0 {
		return s, fmt.Errorf("results: %s holds no timing of %s on %d pictures at a time", r.Dir, network, batch)
	}
	s.Images = len(s.Answer) * batch
	for _, pair := range timed {
		if pair.network == network {
			s.PaperAnswer, _ = paper.LookupTime(pair.printed)
		}
	}
	return s, nil
}

// median: half of the values are not above it. Of an even number it is the lower of the middle two, a time
// that was measured, and not their mean as speed.Median is.
func median(values []float64) float64 { return quantile(0.5, values) }

func quantile(q float64, values []float64) float64 {
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

// bootstrapMedian is the interval of the median of times in the order of the calls.
func bootstrapMedian(times []float64) (interval.Interval, error) {
	b := newInBlocks(times)
	return bootstrapOne(make([]int, b.blocks), b.median)
}

// bootstrapRatio is the interval of the ratio of two medians. The two were measured in turns, a call of the one and a call of
// the other: what slows the machine slows both, so that a draw takes the same blocks of both.
func bootstrapRatio(above, below []float64) (interval.Interval, error) {
	if len(above) != len(below) {
		return interval.Interval{}, fmt.Errorf("results: times in turns: got %d and %d calls, want as many of each", len(above), len(below))
	}
	a, b := newInBlocks(above), newInBlocks(below)
	return bootstrapOne(make([]int, a.blocks), func(drawn []int) float64 { return a.median(drawn) / b.median(drawn) })
}

// TimingTable is section 4.1: one picture at a time as the paper has it, and the batches of the recipe.
func (r *Run) TimingTable() (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Time for one picture, %dx%d (section 4.1)", r.Recipe.Timing.Size, r.Recipe.Timing.Size),
		Columns: slices.Concat([]table.Column{table.Text("network"), table.Number("at a time"), table.Number("pictures")}, versus("median s"),
			[]table.Column{table.Number("10 %"), table.Number("90 %"), table.Number("prepare s"), table.Number("first s"), intervalColumn("median")}),
		Notes: []string{"first: the call that compiles the program, or loads it; prepare: the median time to read, decode and resize; neither is in the median",
			"ratio: of the medians, ResNet-50 to ResNet-18",
			"intervals: bootstrap of blocks of calls, since calls that follow one another are alike; they are about this sitting, another may differ by more"},
	}
	for _, batch := range r.Recipe.Timing.Batches() {
		var spent []Spent
		for _, pair := range timed {
			s, err := r.Spent(pair.network, batch)
			if err != nil {
				return t, err
			}
			spent = append(spent, s)
			off, err := bootstrapMedian(s.Answer)
			if err != nil {
				return t, err
			}
			t.Add(slices.Concat([]string{pair.printed, fmt.Sprint(batch), fmt.Sprint(s.Images)}, table.Versus(median(s.Answer), printedTime(s, batch)),
				[]string{table.Fixed(quantile(0.1, s.Answer), table.Decimals), table.Fixed(quantile(0.9, s.Answer), table.Decimals),
					table.Fixed(median(s.Prepare), table.Decimals), table.Fixed(s.First, 2), intervalCell(off)})...)
		}
		slow, fast := spent[0], spent[1]
		ratio, err := bootstrapRatio(slow.Answer, fast.Answer)
		if err != nil {
			return t, err
		}
		printed := ""
		if batch == 1 {
			printed = table.Fixed(slow.PaperAnswer.SecondsPerImage.Value/fast.PaperAnswer.SecondsPerImage.Value, table.Decimals)
		}
		t.Add(slices.Concat([]string{"ratio", fmt.Sprint(batch), fmt.Sprint(fast.Images)}, table.Versus(median(slow.Answer)/median(fast.Answer), printed),
			[]string{"", "", "", "", intervalCell(ratio)})...)
	}
	return t, nil
}

// printedTime is the paper's time, which is of one picture at a time.
func printedTime(s Spent, batch int) string {
	if batch > 1 {
		return ""
	}
	return s.PaperAnswer.SecondsPerImage.Text
}
