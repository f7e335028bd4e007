package metrics

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
)

// maxBins keeps a mistyped width from asking for gigabytes.
const maxBins = 1_000_000

// Histogram counts values of [0, 1] in bins [low, high); the last bin is closed.
type Histogram struct {
	Edges  []float64 // bins+1 edges from 0 to 1; Edges[i] is the float64 nearest to i/bins
	Counts []int     // values in the bin [Edges[i], Edges[i+1])
	Total  int       // sum of Counts
}

// BinCount is the number of bins of a width: 1/width. It reads the width as the shortest decimal that names it, so that 0.05
// gives 20 although the nearest float64 is not 1/20. It is an error unless the width divides 1 into at most a million bins.
func BinCount(width float64) (int, error) {
	decimal := strconv.FormatFloat(width, 'g', -1, 64)
	exact, ok := new(big.Rat).SetString(decimal)
	if !ok || exact.Sign() <= 0 || exact.Num().Cmp(big.NewInt(1)) != 0 {
		return 0, fmt.Errorf("metrics: bin width: got %s, want a decimal that divides 1, such as 0.05 or 0.125", decimal)
	}
	if exact.Denom().Cmp(big.NewInt(maxBins)) > 0 {
		return 0, fmt.Errorf("metrics: bin width: got %s, want at least 1/%d", decimal, maxBins)
	}
	return int(exact.Denom().Int64()), nil
}

// NewHistogram counts p, values in [0, 1], in bins of the given width (see BinCount).
func NewHistogram(p []float64, width float64) (Histogram, error) {
	bins, err := BinCount(width)
	if err != nil {
		return Histogram{}, err
	}
	if len(p) == 0 {
		return Histogram{}, fmt.Errorf("metrics: got no values, want at least one")
	}
	h := Histogram{Edges: edges(bins), Counts: make([]int, bins), Total: len(p)}
	for i, value := range p {
		if !(value >= 0 && value <= 1) { // not (value < 0 || value > 1): NaN
			return Histogram{}, fmt.Errorf("metrics: value %d: got %v, want a number in [0, 1]", i, value)
		}
		h.Counts[h.Bin(value)]++
	}
	return h, nil
}

// edges are the quotients i/bins. Division rounds correctly, so each is the
// float64 that the same decimal in a file parses to; adding widths would drift.
func edges(bins int) []float64 {
	e := make([]float64, bins+1)
	for i := range e {
		e[i] = float64(i) / float64(bins)
	}
	return e
}

// Bin is the number of the bin, from 0, that holds a value in [0, 1]. It compares with the edges instead of dividing by the
// width, because 0.95/0.05 is less than 19 in float64.
func (h Histogram) Bin(value float64) int {
	i, isEdge := slices.BinarySearch(h.Edges, value)
	if !isEdge {
		i-- // i is the first edge above value
	}
	return min(i, len(h.Counts)-1) // 1 belongs to the last, closed bin
}

// Frequency is the relative frequency of bin i, Counts[i]/Total.
func (h Histogram) Frequency(i int) float64 { return float64(h.Counts[i]) / float64(h.Total) }

// Frequencies are the relative frequencies of all bins; they sum to 1.
func (h Histogram) Frequencies() []float64 {
	f := make([]float64, len(h.Counts))
	for i := range f {
		f[i] = h.Frequency(i)
	}
	return f
}

// WriteCSV writes the columns bin_low, bin_high, count and relative_frequency,
// one line a bin, numbers as the shortest decimals that read back the same.
func (h Histogram) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"bin_low", "bin_high", "count", "relative_frequency"})
	for i, count := range h.Counts {
		out.Write([]string{decimal(h.Edges[i]), decimal(h.Edges[i+1]), strconv.Itoa(count), decimal(h.Frequency(i))})
	}
	out.Flush()
	return out.Error() // the first error of any Write
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
