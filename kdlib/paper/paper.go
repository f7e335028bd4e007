// Package paper holds the tables that the paper prints, as typed values, for tables of the form "ours | printed | difference".
// The CSV files beside the code are the source. Every number keeps the text in which it was printed.
//
// Models are named Teacher, Classical, Hard and Soft. Sets are those of package predictions.
package paper

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"distillation/kdlib/predictions"
)

// The paper's four models, and its networks in the table of section 4.1. Hard
// and Soft also name the chains of section 4.4 that begin with these students.
const (
	Teacher   = "teacher"
	Classical = "classical"
	Hard      = "hard"
	Soft      = "soft"

	ResNet18 = "ResNet-18"
	ResNet50 = "ResNet-50"
)

// BinWidth is the step h of the histograms of section 4.2.
const BinWidth = 0.05

// Printed is a number as the paper prints it. Trailing zeros show its precision.
type Printed struct {
	Text  string  // such as "0.96160"
	Value float64 // the number that Text names
}

// Decimals is the number of digits that are printed after the point.
func (p Printed) Decimals() int {
	_, decimals, _ := strings.Cut(p.Text, ".")
	return len(decimals)
}

// Rounding is half a unit of the last printed digit: how far the number can have been from Value before it was rounded.
func (p Printed) Rounding() float64 { return 0.5 * math.Pow10(-p.Decimals()) }

// MultipleOf tells whether the printed number can be a share of n objects, and so how many objects an accuracy can have been
// measured on. k is the count nearest to it, and ok tells whether k/n rounds to what is printed.
func (p Printed) MultipleOf(n int) (k int, ok bool) {
	k = int(math.Round(p.Value * float64(n)))
	const slack = 1e-12 // float64 rounding of k/n, far below half of a fifth decimal
	return k, math.Abs(float64(k)/float64(n)-p.Value) <= p.Rounding()+slack
}

// Result is a line of sections 3.1 and 3.2: a model measured on a set.
type Result struct {
	Model        string
	Split        predictions.Split
	Labels       string // "ground truth", or "teacher": its predictions by (13) or (14)
	Augmentation string // "with" or "without" on the test set, else ""
	Loss         Printed
	Accuracy     Printed
}

// Time is a line of section 4.1: how long a network's predictions take.
type Time struct {
	Network         string
	SecondsPerImage Printed
	SecondsTotal    Printed
	Images          int
	MeanMegapixels  float64 // mean size of a picture before it is resized
	Machine         string
}

// Frequency is a bin of a table of section 4.2 (figures 6 to 8).
type Frequency struct {
	Split    predictions.Split
	Model    string
	Low      float64 // lower edge; the bin is [Low, High), the last one closed
	High     float64
	Relative Printed
}

// Uncertain is a line of section 4.3.
type Uncertain struct {
	Model       string
	Split       predictions.Split
	Accuracy    Printed
	Uncertainty Printed
}

// Generation is a line of section 4.4. Number 0 is the student that begins the chain.
type Generation struct {
	Chain       string // Hard or Soft
	Number      int
	Split       predictions.Split
	Accuracy    Printed
	Uncertainty Printed
}

// LookupResult finds a line of Results.
func LookupResult(model string, split predictions.Split, labels, augmentation string) (Result, bool) {
	return find(Results(), func(r Result) bool {
		return r.Model == model && r.Split == split && r.Labels == labels && r.Augmentation == augmentation
	})
}

// LookupTime finds a line of Timing.
func LookupTime(network string) (Time, bool) {
	return find(Timing(), func(t Time) bool { return t.Network == network })
}

// LookupUncertainty finds a line of Uncertainty.
func LookupUncertainty(model string, split predictions.Split) (Uncertain, bool) {
	return find(Uncertainty(), func(u Uncertain) bool { return u.Model == model && u.Split == split })
}

// LookupRecursive finds a line of Recursive.
func LookupRecursive(chain string, generation int, split predictions.Split) (Generation, bool) {
	return find(Recursive(), func(g Generation) bool {
		return g.Chain == chain && g.Number == generation && g.Split == split
	})
}

func find[T any](rows []T, match func(T) bool) (T, bool) {
	if i := slices.IndexFunc(rows, match); i >= 0 {
		return rows[i], true
	}
	var none T
	return none, false
}

// HistogramOf is a table of section 4.2: the 20 relative frequencies with step BinWidth, from [0, 0.05) to [0.95, 1]. It
// returns false for the soft student on the test set, a table that is missing from our copy of the paper.
func HistogramOf(split predictions.Split, model string) ([]float64, bool) {
	printed, known := PrintedHistogramOf(split, model)
	frequencies := make([]float64, len(printed))
	for i, p := range printed {
		frequencies[i] = p.Value
	}
	return frequencies, known
}

// PrintedHistogramOf is HistogramOf with the text of the numbers.
func PrintedHistogramOf(split predictions.Split, model string) ([]Printed, bool) {
	var rows []Frequency
	for _, f := range Histograms() {
		if f.Split == split && f.Model == model {
			rows = append(rows, f)
		}
	}
	slices.SortFunc(rows, func(a, b Frequency) int { return cmp.Compare(a.Low, b.Low) })
	frequencies := make([]Printed, len(rows))
	for i, f := range rows {
		frequencies[i] = f.Relative
	}
	return frequencies, len(rows) > 0
}

// BestEpoch is the epoch with the best validation accuracy that section 3.2 names
// for the classical and the hard student; false for other models.
func BestEpoch(model string) (epoch int, ok bool) {
	epoch, ok = map[string]int{Classical: 86, Hard: 47}[model]
	return epoch, ok
}
