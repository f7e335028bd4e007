package report_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/report"
)

// Sets of one class: every table is made, with nothing for numbers that there are not, and every figure but those of such numbers.
func TestSetsOfOneClass(t *testing.T) {
	for label, leftOut := range map[float64][]string{
		0: {"more_cost.svg", "more_curves.svg", "more_threshold_f1.svg", "more_threshold_recall.svg"},
		1: {"more_cost.svg", "more_curves.svg", "more_threshold_false_positive_rate.svg"},
	} {
		dir := filepath.Join(t.TempDir(), "run")
		if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "study", "analysis", "testdata", "run"))); err != nil {
			t.Fatal(err)
		}
		keepLabel(t, dir, label)
		run, err := report.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, named := range run.Tables() {
			made, err := named.Make()
			if err != nil {
				t.Errorf("label %v: %s: %v", label, named.File, err)
			}
			for _, row := range made.Rows {
				if strings.Contains(strings.Join(row, " "), "NaN") {
					t.Errorf("label %v: %s: got the row %q", label, named.File, row)
				}
			}
		}
		var without []string
		for _, named := range run.Figures() {
			if _, err := named.Make(); errors.Is(err, metrics.ErrOneClass) {
				without = append(without, named.File)
			} else if err != nil {
				t.Errorf("label %v: %s: %v", label, named.File, err)
			}
		}
		slices.Sort(without)
		if !slices.Equal(without, leftOut) {
			t.Errorf("label %v: got no figures %q, want none of %q", label, without, leftOut)
		}
	}
}

// keepLabel leaves the rows of one label in all files of predictions.
func keepLabel(t *testing.T, dir string, label float64) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, file := range files {
		rows, err := predictions.Read(file)
		if err != nil { // a history
			continue
		}
		rows = slices.DeleteFunc(rows, func(r predictions.Row) bool { return r.Label != label })
		if err := predictions.Write(file, rows); err != nil {
			t.Fatal(err)
		}
		kept++
	}
	if kept < 12 {
		t.Fatalf("got %d files of predictions", kept)
	}
}
