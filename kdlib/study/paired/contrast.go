package paired

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"distillation/kdlib/paper"
	"distillation/kdlib/stats"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/stat"
)

// Contrast is a question to two kinds of students: is a measure of the first greater than that of the second?
type Contrast struct {
	Point, Measure string
	First, Second  string  // models
	Against        string  // the setting of Second; empty: Point
	Margin         float64 // within which the two count as equivalent, of a ratio a factor above 1; 0: nothing is said of it
	Ratio          bool    // of the first to the second, by their logarithms, instead of the difference
}

// against is the setting of Second.
func (c Contrast) against() string {
	if c.Against != "" {
		return c.Against
	}
	return c.Point
}

// Difference is what the seeds say of a contrast: of the mean difference, or of the geometric mean of the ratios.
type Difference struct {
	Contrast
	Seeds       int
	Means       [2]float64     // of the first and of the second
	Mean        float64        // difference or ratio
	Interval    stats.Interval // of Mean, stats.Confidence
	P           float64        // two-sided paired t-test; NaN where all differences are the same
	Adjusted    float64        // P after Holm, among all differences of a Compare
	Detectable  float64        // the smallest difference that so many seeds would have seen with stats.DefaultPower; as a ratio above 1
	PEquivalent float64        // of two one-sided tests; NaN without a margin
}

// Compare answers contrasts. P-values are adjusted among all of them.
func (r Rows) Compare(contrasts []Contrast) ([]Difference, error) {
	all := make([]Difference, len(contrasts))
	var tested []int
	var p []float64
	for i, c := range contrasts {
		d, err := r.compare(c)
		if err != nil {
			return nil, fmt.Errorf("paired: %s of %s less %s at %q: %w", c.Measure, c.First, c.Second, c.Point, err)
		}
		if all[i] = d; !math.IsNaN(d.P) {
			tested, p = append(tested, i), append(p, d.P)
		}
	}
	adjusted, err := stats.Holm(p)
	if err != nil {
		return nil, err
	}
	for k, i := range tested {
		all[i].Adjusted = adjusted[k]
	}
	return all, nil
}

func (r Rows) compare(c Contrast) (Difference, error) {
	a, b, err := r.pairs(c)
	if err != nil {
		return Difference{}, err
	}
	d := Difference{Contrast: c, Seeds: len(a), Means: [2]float64{stat.Mean(a, nil), stat.Mean(b, nil)}, P: math.NaN(), Adjusted: math.NaN(), PEquivalent: math.NaN()}
	back := func(v float64) float64 { return v }
	margin := c.Margin
	if c.Ratio {
		a, b, back = logs(a), logs(b), math.Exp
		margin = math.Log(max(1, c.Margin))
	}
	mean := stat.Mean(a, nil) - stat.Mean(b, nil)
	d.Mean, d.Interval = back(mean), stats.Interval{Low: back(mean), High: back(mean)}
	if !spread(a, b) {
		return d, nil
	}
	if d.P, err = stats.PairedTTest(a, b); err != nil {
		return d, err
	}
	interval, err := stats.PairedT(a, b, stats.Confidence)
	if err != nil {
		return d, err
	}
	d.Interval = stats.Interval{Low: back(interval.Low), High: back(interval.High)}
	effect, err := stats.DetectableEffect(len(a), stats.SignificanceLevel, stats.DefaultPower)
	if err != nil {
		return d, err
	}
	d.Detectable = back(effect * deviation(a, b))
	if margin > 0 {
		d.PEquivalent, err = stats.PairedTOST(a, b, margin)
	}
	return d, err
}

// pairs are the values of the seeds that both kinds have.
func (r Rows) pairs(c Contrast) (a, b []float64, err error) {
	if !slices.Contains(names[:], c.Measure) {
		return nil, nil, fmt.Errorf("measure: got %q, want one of %q", c.Measure, names)
	}
	first, second := r.Over(c.Point, c.First, c.Measure), r.Over(c.against(), c.Second, c.Measure)
	for _, seed := range slices.Sorted(maps.Keys(first)) {
		if other, ok := second[seed]; ok {
			a, b = append(a, first[seed]), append(b, other)
		}
	}
	if len(a) < 2 {
		return nil, nil, fmt.Errorf("got %d seeds that both have, want at least 2", len(a))
	}
	return a, b, nil
}

func logs(values []float64) []float64 {
	l := make([]float64, len(values))
	for i, v := range values {
		l[i] = math.Log(v)
	}
	return l
}

// spread says whether the differences differ.
func spread(a, b []float64) bool { return deviation(a, b) > 0 }

// deviation is the standard deviation of the differences.
func deviation(a, b []float64) float64 {
	d := make([]float64, len(a))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return stat.StdDev(d, nil)
}

// Verdict says in words what a difference shows at stats.SignificanceLevel: of a difference the adjusted p-value decides, of
// equivalence that of its two tests.
func (d Difference) Verdict() string {
	nothing := 0.0
	if d.Ratio {
		nothing = 1
	}
	switch {
	case math.IsNaN(d.P) && d.Mean == nothing:
		return "the same"
	case d.Adjusted < stats.SignificanceLevel && d.Mean > nothing:
		return "greater"
	case d.Adjusted < stats.SignificanceLevel:
		return "less"
	case d.PEquivalent < stats.SignificanceLevel:
		return "equivalent"
	}
	return string(paper.TooLittlePower)
}

// Table shows differences, a row each.
func Table(title string, differences []Difference) table.Table {
	t := table.Table{Title: title, Columns: []table.Column{table.Text("point"), table.Text("measure"), table.Text("first"), table.Text("second")}}
	for _, name := range []string{"seeds", "mean of first", "mean of second", "difference", "low", "high", "p", "p adjusted", "detectable", "margin", "p equivalent"} {
		t.Columns = append(t.Columns, table.Number(name))
	}
	t.Columns = append(t.Columns, table.Text("verdict"))
	for _, d := range differences {
		t.Add(d.cells()...)
		if d.Ratio {
			t.Notes = append(t.Notes, fmt.Sprintf("%s, %s to %s: difference, low and high are ratios (geometric means), detectable a factor", d.Point, d.First, d.Second))
		}
	}
	return t
}

func (d Difference) cells() []string {
	number := func(v float64) string { return table.Fixed(v, table.Decimals) }
	signed := func(v float64) string { return table.Signed(v, table.Decimals) }
	if d.Ratio {
		signed = number
	}
	second, margin, p, adjusted, equivalent, detectable := d.Second, "", "", "", "", ""
	if d.Against != "" {
		second += " at " + d.Against
	}
	if !math.IsNaN(d.P) {
		p, adjusted, detectable = table.PValue(d.P), table.PValue(d.Adjusted), number(d.Detectable)
	}
	if d.Margin > 0 {
		margin = fmt.Sprint(d.Margin)
	}
	if !math.IsNaN(d.PEquivalent) {
		equivalent = table.PValue(d.PEquivalent)
	}
	return []string{d.Point, d.Measure, d.First, second, fmt.Sprint(d.Seeds), number(d.Means[0]), number(d.Means[1]), signed(d.Mean), signed(d.Interval.Low), signed(d.Interval.High),
		p, adjusted, detectable, margin, equivalent, d.Verdict()}
}
