package audit

import (
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/chart"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/stat/distuv"
	"gonum.org/v1/plot"
)

// Accuracies are the different accuracies that the paper prints for one set. An accuracy is a share k/n, so that they
// tell on how many pictures n they were measured.
type Accuracies struct {
	Split   predictions.Split
	Printed []paper.Printed // each text once, in the order of sections 3, 4.3 and 4.4
}

// AccuraciesOf collects what is printed for a set, whatever the labels.
func AccuraciesOf(split predictions.Split) Accuracies {
	a := Accuracies{Split: split}
	add := func(s predictions.Split, p paper.Printed) {
		if s == split && !slices.Contains(a.Printed, p) {
			a.Printed = append(a.Printed, p)
		}
	}
	for _, r := range paper.Results() {
		add(r.Split, r.Accuracy)
	}
	for _, u := range paper.Uncertainty() {
		add(u.Split, u.Accuracy)
	}
	for _, g := range paper.Recursive() {
		add(g.Split, g.Accuracy)
	}
	return a
}

// Fit counts the accuracies that can be shares of n pictures.
func (a Accuracies) Fit(n int) int {
	fit := 0
	for _, p := range a.Printed {
		if _, ok := p.MultipleOf(n); ok {
			fit++
		}
	}
	return fit
}

// Sizes are the numbers of pictures from 1 to most of which all accuracies can be shares.
func (a Accuracies) Sizes(most int) []int {
	var sizes []int
	for n := 1; n <= most; n++ {
		if a.Fit(n) == len(a.Printed) {
			sizes = append(sizes, n)
		}
	}
	return sizes
}

// Chance is the probability that at least fit numbers with five decimals, drawn at random, are shares of n pictures. Each
// number is one with probability n/100,000, because n of the 100,000 numbers are.
func (a Accuracies) Chance(n, fit int) float64 {
	one := math.Min(1, float64(n)*math.Pow10(-table.Decimals))
	spread := distuv.Binomial{N: float64(len(a.Printed)), P: one}
	sum := 0.0
	for k := fit; k <= len(a.Printed); k++ { // not 1 - CDF, which loses what is below 1e-16
		sum += spread.Prob(float64(k))
	}
	return sum
}

// batch is the paper's number of pictures a step.
const batch = 32

// Table tells how many accuracies fit sizes of the set.
func (a Accuracies) Table(sizes ...int) table.Table {
	t := table.Table{
		Title: fmt.Sprintf("On how many %s pictures can the %d printed accuracies have been measured?", a.Split, len(a.Printed)),
		Columns: []table.Column{table.Number("pictures"), table.Text("in batches of 32"), table.Number("accuracies that fit"),
			table.Number("of"), table.Number("probability by chance")},
	}
	for _, n := range sizes {
		fit := a.Fit(n)
		t.Add(fmt.Sprint(n), fmt.Sprintf("%d × %d + %d", n/batch, batch, n%batch), fmt.Sprint(fit), fmt.Sprint(len(a.Printed)),
			fmt.Sprintf("%.2g", a.Chance(n, fit)))
	}
	return t
}

// CountsTable gives for each accuracy the count k whose share k/n rounds to it, or the word no.
func (a Accuracies) CountsTable(sizes ...int) table.Table {
	t := table.Table{Title: fmt.Sprintf("Right predictions behind the printed %s accuracies", a.Split),
		Columns: []table.Column{table.Number("printed")}}
	for _, n := range sizes {
		t.Columns = append(t.Columns, table.Number(fmt.Sprintf("of %d", n)))
	}
	for _, p := range a.Printed {
		row := []string{p.Text}
		for _, n := range sizes {
			row = append(row, countCell(p, n))
		}
		t.Add(row...)
	}
	return t
}

func countCell(p paper.Printed, n int) string {
	k, ok := p.MultipleOf(n)
	if !ok {
		return "no"
	}
	return fmt.Sprint(k)
}

// Figure draws how many accuracies fit each number of pictures from low to high.
func (a Accuracies) Figure(low, high int) (*plot.Plot, error) {
	curve := chart.Curve{Name: "accuracies that fit"}
	for n := low; n <= high; n++ {
		curve.X = append(curve.X, float64(n))
		curve.Y = append(curve.Y, float64(a.Fit(n)))
	}
	return chart.Lines(chart.Axes{
		Title: fmt.Sprintf("Which number of %s pictures explains the %d accuracies?", a.Split, len(a.Printed)),
		X:     "pictures", Y: "accuracies that can be shares",
	}, curve)
}

// SharesTable tells for each number of pictures whether a printed accuracy can be a share of it.
func SharesTable(printed paper.Printed, sizes ...int) table.Table {
	t := table.Table{
		Title:   "Can " + printed.Text + " be a share of so many pictures?",
		Columns: []table.Column{table.Number("pictures"), table.Number("nearest count"), table.Number("its share"), table.Number("printed"), table.Text("possible")},
	}
	for _, n := range sizes {
		count, ok := printed.MultipleOf(n)
		t.Add(fmt.Sprint(n), fmt.Sprint(count), table.Fixed(float64(count)/float64(n), printed.Decimals()), printed.Text, yesNo(ok))
	}
	return t
}

func yesNo(ok bool) string {
	if ok {
		return "yes"
	}
	return "no"
}

// Sizes are the findings on the sizes of the sets that section 3 states.
func Sizes() []Finding {
	var findings []Finding
	for _, split := range splits {
		a, n := AccuraciesOf(split), pictures[split]
		verdict := paper.Fails
		if a.Fit(n) == len(a.Printed) {
			verdict = paper.Holds
		}
		best := a.best(pictures[predictions.Train])
		findings = append(findings, Finding{"3", fmt.Sprintf("accuracies on %s are measured on its %d pictures", split, n), verdict,
			fmt.Sprintf("%d of %d can be shares of %d; most, %d, of %d = %d × %d + %d",
				a.Fit(n), len(a.Printed), n, a.Fit(best), best, best/batch, batch, best%batch)})
	}
	return findings
}

// best is the smallest number of pictures up to most that the most accuracies fit.
func (a Accuracies) best(most int) int {
	best, fit := 0, 0
	for n := 1; n <= most; n++ {
		if f := a.Fit(n); f > fit {
			best, fit = n, f
		}
	}
	return best
}
