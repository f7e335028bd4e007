package results

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/label"
	"distillation/kdlib/pred"
	"distillation/kdlib/score"
	"distillation/kdlib/table"
)

// ThresholdTable measures models on hand labels of a set at one threshold: accuracy (12), both kinds of
// error, uncertainty (15).
func (r *Run) ThresholdTable(set pred.Set, threshold float64, models ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("The %s set at the threshold %v", set, threshold),
		Columns: []table.Column{table.Text("model"), table.Number("pictures"), table.Number("accuracy"),
			table.Number("cats called dogs"), table.Number("dogs called cats"), table.Number("unc")},
	}
	for _, model := range models {
		answers, err := r.Predictions(model, set)
		if err != nil {
			return t, err
		}
		s, err := score.Of(answers.P(), answers.Labels(), threshold)
		if err != nil {
			return t, fmt.Errorf("results: %s on %s: %w", model, set, err)
		}
		var errors [2]int // by class
		for _, row := range answers {
			if !score.Correct(row.P, row.Label, threshold) {
				errors[label.Class(row.Label, threshold)]++
			}
		}
		t.Add(model, fmt.Sprint(s.N), table.Fixed(s.Accuracy, table.Decimals), fmt.Sprint(errors[0]), fmt.Sprint(errors[1]),
			table.Fixed(s.Uncertainty, table.Decimals))
	}
	return t, nil
}

// AgreementTable counts the pictures of a set that two models answer rightly and wrongly, on hand labels.
func (r *Run) AgreementTable(a, b string, set pred.Set, threshold float64) (table.Table, error) {
	t := table.Table{
		Title:   fmt.Sprintf("%s and %s on the %s set at the threshold %v", a, b, set, threshold),
		Columns: []table.Column{table.Text("case"), table.Number("pictures"), table.Number("share")},
	}
	pairs, err := r.pairs(a, b, set)
	if err != nil {
		return t, err
	}
	counts := map[[2]bool]int{}
	for _, p := range pairs {
		counts[[2]bool{score.Correct(p.P, p.Label, threshold), score.Correct(p.other, p.Label, threshold)}]++
	}
	for _, one := range []struct {
		name string
		a, b bool
	}{{"both are right", true, true}, {"only " + a + " is right", true, false}, {"only " + b + " is right", false, true}, {"both are wrong", false, false}} {
		n := counts[[2]bool{one.a, one.b}]
		t.Add(one.name, fmt.Sprint(n), table.Fixed(float64(n)/float64(len(pairs)), table.Decimals))
	}
	return t, nil
}

// DisputedTable lists the n pictures of a set on which two models' answers lie farthest apart.
func (r *Run) DisputedTable(a, b string, set pred.Set, n int) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Where %s and %s differ most on the %s set", a, b, set),
		Columns: []table.Column{table.Text("picture"), table.Number("hand label"), table.Number("p of " + a),
			table.Number("p of " + b), table.Number("difference")},
	}
	pairs, err := r.pairs(a, b, set)
	if err != nil {
		return t, err
	}
	slices.SortStableFunc(pairs, func(x, y pair) int { return cmp.Compare(y.distance(), x.distance()) })
	for _, p := range pairs[:min(max(n, 0), len(pairs))] {
		t.Add(p.ID, fmt.Sprint(p.Label), table.Fixed(p.P, table.Decimals), table.Fixed(p.other, table.Decimals), table.Signed(p.P-p.other, table.Decimals))
	}
	return t, nil
}

// pair holds two models' answers on one picture.
type pair struct {
	pred.Row
	other float64 // the second model's p
}

func (p pair) distance() float64 { return math.Abs(p.P - p.other) }

func (r *Run) pairs(a, b string, set pred.Set) ([]pair, error) {
	first, err := r.Predictions(a, set)
	if err != nil {
		return nil, err
	}
	second, err := r.Predictions(b, set)
	if err != nil {
		return nil, err
	}
	of := make(map[string]float64, len(second))
	for _, row := range second {
		of[row.ID] = row.P
	}
	var pairs []pair
	for _, row := range first {
		other, ok := of[row.ID]
		if !ok || len(first) != len(second) {
			return nil, fmt.Errorf("results: %s set: %s and %s answered different pictures, such as %s", set, a, b, row.ID)
		}
		pairs = append(pairs, pair{row, other})
	}
	return pairs, nil
}
