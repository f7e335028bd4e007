package audit

import (
	"fmt"
	"strings"

	"distillation/kdlib/distill"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/table"
)

// histogram is a table of section 4.2: a model's relative frequencies on a set.
type histogram struct {
	split       predictions.Split
	model       string
	frequencies []paper.Printed // 20, from [0, 0.05) to [0.95, 1], five decimals each
}

// histograms are the tables of section 4.2 that our copy of the paper has: eleven, without the soft student's on the test
// set.
func histograms() []histogram {
	var found []histogram
	for _, split := range splits {
		for _, model := range models {
			if h, known := histogramOf(split, model); known {
				found = append(found, h)
			}
		}
	}
	return found
}

// histogramOf gives back the zeros at the end that these tables leave out: 0.0048 and 0 stand for 0.00480 and 0.00000.
func histogramOf(split predictions.Split, model string) (h histogram, known bool) {
	frequencies, known := paper.PrintedHistogramOf(split, model)
	for i, f := range frequencies {
		frequencies[i].Text = table.Fixed(f.Value, table.Decimals)
	}
	return histogram{split, model, frequencies}, known
}

// between sums the frequencies of the bins from first up to and without last.
func (h histogram) between(first, last int) span {
	sum := exactly(0)
	for _, f := range h.frequencies[first:last] {
		sum = sum.plus(share(f))
	}
	return sum
}

// outer sums the two outermost bins.
func (h histogram) outer() span {
	return share(h.frequencies[0]).plus(share(h.frequencies[len(h.frequencies)-1]))
}

// sum is the sum of the printed frequencies.
func (h histogram) sum() float64 {
	total := 0.0
	for _, f := range h.frequencies {
		total += f.Value
	}
	return total
}

// sumsToOne says whether rounding can explain that the sum is not 1.
func (h histogram) sumsToOne() paper.Verdict {
	return h.between(0, len(h.frequencies)).meets(exactly(1))
}

// odd lists the bins whose frequency is no count of the set's pictures, to the printed digits.
func (h histogram) odd() (bins []int) {
	for i, f := range h.frequencies {
		if _, ok := f.MultipleOf(pictures[h.split]); !ok {
			bins = append(bins, i)
		}
	}
	return bins
}

// counted is the sum of the counts nearest to the frequencies: the pictures in the histogram.
func (h histogram) counted() int {
	sum := 0
	for _, f := range h.frequencies {
		k, _ := f.MultipleOf(pictures[h.split])
		sum += k
	}
	return sum
}

// bin names a bin as the paper does.
func (h histogram) bin(i int) string {
	end := ")"
	if i == len(h.frequencies)-1 {
		end = "]"
	}
	return fmt.Sprintf("[%.4g, %.4g%s", float64(i)*paper.BinWidth, float64(i+1)*paper.BinWidth, end)
}

// SumsTable checks the sums of the tables of section 4.2, and whether their frequencies are counts of the set's pictures.
func SumsTable() table.Table {
	t := table.Table{
		Title: "Sums of the relative frequencies (section 4.2)",
		Columns: []table.Column{table.Text("set"), table.Text("model"), table.Number("sum"), table.Number("rounding allows ±"),
			table.Text("the sum is 1"), table.Number("pictures"), table.Number("counts add up to"), table.Text("bins that are no count")},
	}
	for _, h := range histograms() {
		whole := h.between(0, len(h.frequencies))
		var odd []string
		for _, i := range h.odd() {
			odd = append(odd, h.bin(i)+": "+h.frequencies[i].Text)
		}
		t.Add(string(h.split), h.model, fraction(h.sum()), fraction((whole.high-whole.low)/2), string(h.sumsToOne()),
			fmt.Sprint(pictures[h.split]), fmt.Sprint(h.counted()), strings.Join(odd, ", "))
	}
	return t
}

// bounds are the smallest and the largest unc (15) that predictions with these relative frequencies in equal bins of [0, 1]
// can have: in each bin all predictions lie at the edge where (p - y)^2 is smallest, or largest. The number of bins is even, so
// that no bin lies on both sides of the threshold 0.5.
func bounds(frequencies []span) span {
	var b span
	n := float64(len(frequencies))
	for i, f := range frequencies {
		near, far := float64(i)/n, float64(i+1)/n // distances from the prediction 0
		if near >= distill.Threshold {
			near, far = 1-far, 1-near // from the prediction 1
		}
		b.low += f.low * near * near
		b.high += f.high * far * far
	}
	return b
}

func (h histogram) bounds() span {
	spans := make([]span, len(h.frequencies))
	for i, f := range h.frequencies {
		spans[i] = share(f)
	}
	return bounds(spans)
}

// allowsUncertainty is the verdict on the printed unc of section 4.3: within the histogram's bounds or not.
func (h histogram) allowsUncertainty() paper.Verdict {
	row, _ := paper.LookupUncertainty(h.model, h.split)
	return h.bounds().meets(of(row.Uncertainty))
}

// BoundsTable checks the printed unc of section 4.3 against the bounds that the histograms of section 4.2 set.
func BoundsTable() table.Table {
	t := table.Table{
		Title:   "The paper's unc (4.3) and what its histograms (4.2) allow",
		Columns: []table.Column{table.Text("model"), table.Text("set"), table.Number("least"), table.Number("printed unc"), table.Number("most"), table.Text("within")},
		Notes:   []string{"the soft student's histogram on the test set is missing from the copy of the paper that we have"},
	}
	for _, h := range histograms() {
		allowed := h.bounds()
		row, _ := paper.LookupUncertainty(h.model, h.split)
		t.Add(h.model, string(h.split), fraction(allowed.low), row.Uncertainty.Text, fraction(allowed.high), string(h.allowsUncertainty()))
	}
	return t
}

// DoubtTable compares, for each table of section 4.2, the unsure predictions on the side of the dogs with those on the side of
// the cats.
func DoubtTable() table.Table {
	t := table.Table{
		Title: "On which side are the unsure predictions? (section 4.2)",
		Columns: []table.Column{table.Text("set"), table.Text("model"), table.Number("cats: [0.05, 0.5)"), table.Number("dogs: [0.5, 0.95)"),
			table.Number("difference")},
	}
	for _, h := range histograms() {
		cats, dogs := h.doubt()
		t.Add(string(h.split), h.model, fraction(cats.middle()), fraction(dogs.middle()), signed(dogs.minus(cats).middle()))
	}
	return t
}

// doubt sums the inner bins below and above the threshold 0.5.
func (h histogram) doubt() (cats, dogs span) {
	bins := len(h.frequencies)
	middle := bins / 2
	return h.between(1, middle), h.between(middle, bins-1)
}
