package audit

import (
	"fmt"

	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
	"distillation/kdlib/table"
)

// rightOf is the number of correct predictions behind a printed test accuracy. All of these are shares of the test
// set's pictures.
func rightOf(accuracy paper.Printed) int {
	k, _ := accuracy.MultipleOf(pictures[predictions.Test])
	return k
}

// byChance asks whether chance can explain that the first of two models was right more often on the test set.
// Both saw the same pictures, but their separate predictions are not printed: only bounds of the p-value are known.
func byChance(first, second paper.Printed) (paper.Verdict, float64, float64) {
	low, high, err := stats.McNemarBounds(pictures[predictions.Test], rightOf(first), rightOf(second))
	if err != nil {
		panic(err) // counts of the embedded tables
	}
	switch {
	case rightOf(first) > rightOf(second) && high < stats.SignificanceLevel:
		return paper.Holds, low, high
	case low >= stats.SignificanceLevel || rightOf(first) < rightOf(second) && high < stats.SignificanceLevel:
		return paper.Fails, low, high
	}
	return paper.Undecided, low, high
}

// ChanceTable tells how much of the printed test accuracies on ground-truth labels can be chance. It gives Wilson's interval of
// each, and the smallest and largest possible p-value of McNemar's exact test against each model that was right less often.
func ChanceTable(augmentation string) table.Table {
	n := pictures[predictions.Test]
	t := table.Table{
		Title: fmt.Sprintf("Printed accuracies on the %d pictures of the test set, %s augmentation", n, augmentation),
		Columns: []table.Column{table.Text("model"), table.Number("printed"), table.Number("right predictions"), table.Number("low"), table.Number("high"),
			table.Text("against"), table.Number("more right predictions"), table.Number("smallest p"), table.Number("largest p")},
		Notes: []string{fmt.Sprintf("low, high: Wilson's interval of %.0f %%; p: McNemar's exact test, smallest if one model is right wherever the other is, "+
			"largest if their errors overlap as little as they can", 100*stats.Confidence)},
	}
	for _, model := range models {
		one := onTest(model, augmentation)
		wilson, err := stats.Wilson(rightOf(one), n, stats.Confidence)
		if err != nil {
			panic(err) // counts of the embedded tables
		}
		for _, other := range models {
			if rival := onTest(other, augmentation); rightOf(one) > rightOf(rival) {
				_, low, high := byChance(one, rival)
				t.Add(model, one.Text, fmt.Sprint(rightOf(one)), fraction(wilson.Low), fraction(wilson.High), other, fmt.Sprint(rightOf(one)-rightOf(rival)),
					fmt.Sprintf("%.2g", low), fmt.Sprintf("%.2g", high))
			}
		}
	}
	return t
}

// onTest is a test accuracy on ground-truth labels.
func onTest(model, augmentation string) paper.Printed {
	row, _ := paper.LookupResult(model, predictions.Test, "ground truth", augmentation)
	return row.Accuracy
}
