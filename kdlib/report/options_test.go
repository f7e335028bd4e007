package report

import (
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/predictions"
	"distillation/kdlib/report/internal/teststudy"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
)

// swept is a study of three cats and a dog with students at three temperatures, from two seeds; the numbers are worked out by hand.
func swept(t *testing.T) *Study {
	t.Helper()
	of := teststudy.Small(t)
	var err error
	if of.Recipe, err = of.Recipe.Sweep(map[string][]float64{"temperature": {1, 2, 4}}); err != nil {
		t.Fatal(err)
	}
	of.Recipe.Seeds = 2
	for model, p := range map[string][]float64{
		"soft-t2": {0, 0, 0, 1}, "soft-t2-seed2": {0, 0, 1, 1}, "soft-t4": {0.5, 0.5, 0.5, 0.5}, "soft-t4-seed2": {0.5, 0.5, 0.5, 0.5},
		"soft-seed2": {0.1, 0.45, 0.7, 0.96}, "classical-seed2": {0, 0, 0, 1}, "hard-seed2": {0, 0, 0, 1},
	} {
		rows := predictions.Table{{ID: "cat.0"}, {ID: "cat.1"}, {ID: "cat.2"}, {ID: "dog.0", Label: 1}}
		for i := range rows {
			rows[i].Split, rows[i].P = predictions.Test, p[i]
		}
		teststudy.Write(t, folder.PredictionPath(of.Dir, model, predictions.Test), rows)
	}
	return &Study{&analysis.Study{Study: of}}
}

// A prediction of 0.5 is a cat: three of four are right, with the uncertainty 0.25, and the dogs' share of 0.25 is 0.25 off. Two seeds
// with 1 and 0.75 right have the mean 0.875 and the standard deviation 0.125 sqrt 2.
func TestOptionsTable(t *testing.T) {
	r := swept(t)
	got, err := r.OptionsTable()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]string{
		{"classical", "ground truth", "2"},
		{"soft", "soft, temperature 1, alpha 0", "2", "0.75000", "0.00000"},
		{"soft-t2", "soft, temperature 2, alpha 0", "2", "0.87500", "0.17678", "0.00000", "0.00000", "0.12500", "0.17678"},
		{"soft-t4", "soft, temperature 4, alpha 0", "2", "0.75000", "0.00000", "0.25000", "0.00000", "0.25000", "0.00000"},
	} {
		i := slices.IndexFunc(got.Rows, func(row []string) bool { return row[0] == want[0] })
		if i < 0 || !slices.Equal(got.Rows[i][:len(want)], want) {
			t.Errorf("got %q, want %q among them", got.Rows, want)
		}
	}
}

// A study whose students differ in one option has a figure of it, and only of it; others have none.
func TestSweeps(t *testing.T) {
	r := swept(t)
	if got := r.Sweeps(); !slices.Equal(got, []string{"temperature"}) {
		t.Errorf("got %q, want temperature", got)
	}
	if _, err := r.OptionFigure("temperature"); err != nil {
		t.Error(err)
	}
	if _, err := r.OptionFigure("alpha"); err == nil || !strings.Contains(err.Error(), `"alpha"`) {
		t.Errorf("alpha: got %v", err)
	}
	if got := r.along("temperature"); len(got) != 1 || !slices.Equal(got["soft"], []point{{"soft", 1}, {"soft-t2", 2}, {"soft-t4", 4}}) {
		t.Errorf("got %v", got)
	}
	plain := &Study{&analysis.Study{Study: teststudy.Small(t)}}
	if got := plain.Sweeps(); len(got) > 0 {
		t.Errorf("without a sweep: got %q", got)
	}
}
