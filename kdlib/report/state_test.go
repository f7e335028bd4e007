package report_test

import (
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/chart"
	"distillation/kdlib/internal/lock"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"
)

// A study of two seeds has its recipe alone, one epoch of the teacher, on which this process works, and one of a classical student, on which
// nobody does. The graph has a box a kind, and says of each how far it is.
func TestStateFigure(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mine")
	how := recipe.Demo
	how.Seeds, how.Teacher.Epochs = 2, 7
	for _, model := range []string{"teacher", "classical-seed2"} {
		held, err := lock.Take(filepath.Join(dir, model))
		must(t, err)
		must(t, (history.History{{Number: 1}}).Write(filepath.Join(dir, model, history.File)))
		if model == "teacher" {
			t.Cleanup(func() { _ = held.Release() })
		} else {
			must(t, held.Release())
		}
	}
	if _, _, err := report.StateFigure(dir); err == nil || !strings.Contains(err.Error(), "has not begun") {
		t.Errorf("without a recipe: got %v", err)
	}
	must(t, recipe.WriteJSON(filepath.Join(dir, folder.StudyFile), how))
	p, height, err := report.StateFigure(dir)
	must(t, err)
	svg, err := chart.SVG(p, chart.Width, height)
	must(t, err)
	text := string(svg)
	for part, n := range map[string]int{">teacher<": 1, ">epoch 1/7<": 1, ">0 of 2 done<": 3, ">hard-1<": 1, "seed2": 0, ">mine: 0 of 10 parts done, 1 running<": 1, ">interrupted<": 1} {
		if got := strings.Count(text, part); got != n {
			t.Errorf("got %s %d times, want %d", part, got, n)
		}
	}
}
