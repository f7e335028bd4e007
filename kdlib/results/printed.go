package results

import (
	"fmt"
	"strconv"

	"distillation/kdlib/label"
	"distillation/kdlib/paper"
	"distillation/kdlib/pred"
	"distillation/kdlib/score"
	"distillation/kdlib/table"
)

// SharesTable tells of which numbers of pictures a printed accuracy can be a share.
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

// BoundsTable checks the printed unc of section 4.3 against the bounds that the histograms of section 4.2 set.
func BoundsTable() table.Table {
	t := table.Table{
		Title:   "The paper's unc (4.3) and what its histograms (4.2) allow",
		Columns: []table.Column{table.Text("model"), table.Text("set"), table.Number("least"), table.Number("printed unc"), table.Number("most"), table.Text("within")},
		Notes:   []string{"the soft student's histogram on the test set is missing from the copy of the paper that we have"},
	}
	for _, u := range paper.Uncertainty() {
		frequencies, known := paper.HistogramOf(u.Set, u.Model)
		if !known {
			continue
		}
		low, high := paper.UncertaintyBounds(frequencies)
		t.Add(u.Model, string(u.Set), table.Fixed(low, table.Decimals), u.Uncertainty.Text, table.Fixed(high, table.Decimals),
			yesNo(low <= u.Uncertainty.Value && u.Uncertainty.Value <= high))
	}
	return t
}

// ConfidenceTable measures the uncertainty (15) of the four models on a set for their right and their wrong
// answers apart, by hand labels.
func (r *Run) ConfidenceTable(set pred.Set, threshold float64) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Uncertainty (15) of right and of wrong answers on the %s set, threshold %v", set, threshold),
		Columns: []table.Column{table.Text("model"), table.Number("right answers"), table.Number("unc of these"),
			table.Number("wrong answers"), table.Number("unc of these")},
	}
	for _, model := range r.Students() {
		answers, err := r.Predictions(model, set)
		if err != nil {
			return t, err
		}
		var right, wrong []float64
		for _, row := range answers {
			if score.Correct(row.P, float64(label.Class(row.Label, label.Threshold)), threshold) {
				right = append(right, row.P)
			} else {
				wrong = append(wrong, row.P)
			}
		}
		t.Add(model, strconv.Itoa(len(right)), uncertaintyCell(right, threshold), strconv.Itoa(len(wrong)), uncertaintyCell(wrong, threshold))
	}
	return t, nil
}

// uncertaintyCell is empty for no answers. Answers come from files, which hold no others than score accepts.
func uncertaintyCell(p []float64, threshold float64) string {
	u, err := score.Uncertainty(p, threshold)
	if err != nil {
		return ""
	}
	return table.Fixed(u, table.Decimals)
}
