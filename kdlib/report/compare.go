package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"
)

// ThresholdTable measures models on ground-truth labels of a set at one threshold: accuracy (12), both kinds of
// error, uncertainty (15).
func (r *Study) ThresholdTable(split predictions.Split, threshold float64, models ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("The %s set at the threshold %v", split, threshold),
		Columns: []table.Column{table.Text("model"), table.Number("pictures"), table.Number("accuracy"),
			table.Number("cats called dogs"), table.Number("dogs called cats"), table.Number("unc")},
	}
	for _, model := range models {
		predicted, err := r.Predictions(model, split)
		if err != nil {
			return t, err
		}
		c, err1 := metrics.NewConfusion(predicted.P(), predicted.Labels(), threshold)
		uncertainty, err2 := metrics.Uncertainty(predicted.P(), threshold)
		if err := cmp.Or(err1, err2); err != nil {
			return t, fmt.Errorf("report: %s on %s: %w", model, split, err)
		}
		t.Add(model, fmt.Sprint(c.N()), table.Fixed(metrics.Accuracy.Of(c), table.Decimals), fmt.Sprint(c.FalsePositive), fmt.Sprint(c.FalseNegative),
			table.Fixed(uncertainty, table.Decimals))
	}
	return t, nil
}

// AgreementTable counts the pictures of a set that both models, one of them, or neither gets right on ground-truth labels.
func (r *Study) AgreementTable(a, b string, split predictions.Split, threshold float64) (table.Table, error) {
	t := table.Table{
		Title:   fmt.Sprintf("%s and %s on the %s set at the threshold %v", a, b, split, threshold),
		Columns: []table.Column{table.Text("case"), table.Number("pictures"), table.Number("share")},
	}
	pairs, err := r.Pairs(a, b, split)
	if err != nil {
		return t, err
	}
	counts := analysis.Compare(pairs, threshold)
	for _, one := range []struct {
		name string
		n    int
	}{{"both are right", counts.Both}, {"only " + a + " is right", counts.First}, {"only " + b + " is right", counts.Second}, {"both are wrong", counts.Neither}} {
		t.Add(one.name, fmt.Sprint(one.n), table.Fixed(float64(one.n)/float64(counts.N()), table.Decimals))
	}
	return t, nil
}

// DifferencesTable compares each model with each later one on ground-truth labels of a set. It gives the accuracies, the
// pictures that only one of the two gets right, and the p-value of McNemar's exact test: whether chance can explain the
// difference; also adjusted by Holm's method, for all pairs of the table.
func (r *Study) DifferencesTable(split predictions.Split, threshold float64, models ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Pairs of models on the %s set at the threshold %v: McNemar's exact test", split, threshold),
		Columns: []table.Column{table.Text("first"), table.Text("second"), table.Number("accuracy"), table.Number("accuracy"), table.Number("difference"),
			table.Number("only first is right"), table.Number("only second is right"), table.Number("p-value"), table.Number("p adjusted")},
		Notes: []string{fmt.Sprintf("a p-value below %v: the two differ by more than chance on these pictures; of many pairs without any difference, one in %.0f falls below it. "+
			"p adjusted (Holm) makes up for so many pairs: with no difference at all, one table in %.0f has any below it",
			stats.SignificanceLevel, 1/stats.SignificanceLevel, 1/stats.SignificanceLevel)},
	}
	var rows [][]string
	var p []float64
	for i, a := range models {
		for _, b := range models[i+1:] {
			pairs, err := r.Pairs(a, b, split)
			if err != nil {
				return t, err
			}
			c := analysis.Compare(pairs, threshold)
			n := float64(c.N())
			first, second := float64(c.Both+c.First)/n, float64(c.Both+c.Second)/n
			rows = append(rows, []string{a, b, table.Fixed(first, table.Decimals), table.Fixed(second, table.Decimals), table.Signed(first-second, table.Decimals),
				fmt.Sprint(c.First), fmt.Sprint(c.Second), table.PValue(c.P())})
			p = append(p, c.P())
		}
	}
	adjusted, err := stats.Holm(p)
	for i, p := range adjusted {
		t.Add(append(rows[i], table.PValue(p))...)
	}
	return t, err
}

// FidelityTable tells how closely students follow their teacher at a threshold: how often they predict the same class, how
// often both are right or wrong on ground-truth labels, and how near their probabilities are.
func (r *Study) FidelityTable(teacher string, split predictions.Split, threshold float64, students ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Students beside their %s on the %s set at the threshold %v, shares of pictures", teacher, split, threshold),
		Columns: []table.Column{table.Text("student"), table.Number("same class"), table.Number("both right"), table.Number("only teacher right"),
			table.Number("only student right"), table.Number("both wrong"), table.Number("of the teacher's errors"), table.Number("mean |p - p|")},
		Notes: []string{"of the teacher's errors: the part of them that the student makes too"},
	}
	for _, student := range students {
		pairs, err := r.Pairs(teacher, student, split)
		if err != nil {
			return t, err
		}
		c := analysis.Compare(pairs, threshold)
		apart := 0.0
		for _, p := range pairs {
			apart += p.Distance()
		}
		n, errors := float64(c.N()), ""
		if wrong := c.Second + c.Neither; wrong > 0 {
			errors = table.Fixed(float64(c.Neither)/float64(wrong), table.Decimals)
		}
		share := func(count int) string { return table.Fixed(float64(count)/n, table.Decimals) }
		// Of two classes, two right or two wrong predictions are the same one.
		t.Add(student, share(c.Both+c.Neither), share(c.Both), share(c.First), share(c.Second), share(c.Neither), errors, table.Fixed(apart/n, table.Decimals))
	}
	return t, nil
}

// DisagreementTable lists the n pictures of a set on which two models' predictions lie farthest apart.
func (r *Study) DisagreementTable(a, b string, split predictions.Split, n int) (table.Table, error) {
	t := pairTable(fmt.Sprintf("Where %s and %s differ most on the %s set", a, b, split), a, b)
	pairs, err := r.Pairs(a, b, split)
	if err != nil {
		return t, err
	}
	slices.SortStableFunc(pairs, func(x, y analysis.Pair) int { return cmp.Compare(y.Distance(), x.Distance()) })
	addPairs(&t, pairs, n)
	return t, nil
}

// Listing says which pictures a table lists.
type Listing struct {
	Split     predictions.Split
	Threshold float64 // of a prediction of class 1, [0, 1]
	N         int     // how many pictures at most
}

// MissedTable lists pictures that two models both get wrong. The pictures on which the two are surest together come first.
func (r *Study) MissedTable(a, b string, l Listing) (table.Table, error) {
	t := pairTable(fmt.Sprintf("What %s and %s both miss on the %s set at the threshold %v", a, b, l.Split, l.Threshold), a, b)
	pairs, err := r.Pairs(a, b, l.Split)
	if err != nil {
		return t, err
	}
	missed := slices.DeleteFunc(pairs, func(p analysis.Pair) bool {
		return metrics.Correct(p.P, p.Label, l.Threshold) || metrics.Correct(p.Other, p.Label, l.Threshold)
	})
	off := func(p analysis.Pair) float64 { return math.Abs(p.P-p.Label) + math.Abs(p.Other-p.Label) }
	slices.SortStableFunc(missed, func(x, y analysis.Pair) int { return cmp.Compare(off(y), off(x)) })
	addPairs(&t, missed, l.N)
	t.Notes = append(t.Notes, fmt.Sprintf("%d pictures are missed by both", len(missed)))
	return t, nil
}

func pairTable(title, a, b string) table.Table {
	return table.Table{Title: title, Columns: []table.Column{table.Text("picture"), table.Number("ground truth"), table.Number("p of " + a),
		table.Number("p of " + b), table.Number("difference")}}
}

func addPairs(t *table.Table, pairs []analysis.Pair, n int) {
	for _, p := range pairs[:min(max(n, 0), len(pairs))] {
		t.Add(p.ID, fmt.Sprint(p.Label), table.Fixed(p.P, table.Decimals), table.Fixed(p.Other, table.Decimals), table.Signed(p.P-p.Other, table.Decimals))
	}
}
