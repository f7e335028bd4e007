package report_test

import (
	"slices"
	"testing"

	"distillation/kdlib/table"
)

// Epochs 1 to 3 of the study of package analysis: train 0.9, 0.5, 0.4 and 0.5, 0.7, 0.8; validation 0.8, 0.6, 0.7 and 0.5, 0.75, 0.75. Afterwards
// by scikit-learn, see testdata of that package.
func TestDuringTable(t *testing.T) {
	run, want := load(t)
	tab, err := run.DuringTable("classical", "hard")
	must(t, err)
	train, validation := want.Scores["hard train teacher"], want.Scores["hard validation teacher"]
	fixed := func(v float64) string { return table.Fixed(v, table.Decimals) }
	for i, want := range [][]string{
		{"hard", "train", "teacher", "loss (2)", "0.40000", "0.20442", "+0.19558", "3", fixed(train.Loss)},
		{"hard", "train", "teacher", "accuracy (12)", "0.80000", "0.97762", "-0.17762", "3", fixed(train.Accuracy)},
		{"hard", "validation", "teacher", "loss (2)", "0.60000", "0.28316", "+0.31684", "2", fixed(validation.Loss)},
		{"hard", "validation", "teacher", "accuracy (12)", "0.75000", "0.95293", "-0.20293", "2", fixed(validation.Accuracy)},
	} {
		if got := tab.Rows[4+i]; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := tab.Rows[0][:6]; !slices.Equal(got, []string{"classical", "train", "ground truth", "loss (2)", "0.40000", "0.05183"}) {
		t.Errorf("classical: got %q", got)
	}
}
