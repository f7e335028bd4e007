package report

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/predictions"
	"distillation/kdlib/report/internal/teststudy"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"
)

// The soft student of the first study is right on three of four pictures with the uncertainty 0.076025 and the calibration error 0.3225;
// that of the second, certain and right on all, has 1, 0 and 0. One picture that only one of them gets right is what chance does with p 1.
func TestSideBySide(t *testing.T) {
	one := func(change func(*folder.Study)) *Study {
		of := teststudy.Small(t)
		if err := (history.History{{Number: 1}}).Write(filepath.Join(of.Dir, "soft", history.File)); err != nil { // the others are not finished
			t.Fatal(err)
		}
		change(of)
		return &Study{&analysis.Study{Study: of}}
	}
	a := one(func(*folder.Study) {})
	rows := func(ids ...string) (t predictions.Table) {
		for i, id := range ids {
			t = append(t, predictions.Row{ID: id, Split: predictions.Test, Label: float64(i / 3), P: float64(i / 3)})
		}
		return t
	}
	b := one(func(of *folder.Study) {
		of.Recipe.Data.Seed = 7
		teststudy.Write(t, folder.PredictionPath(of.Dir, "soft", predictions.Test), rows("cat.2", "cat.1", "cat.0", "dog.0"))
	})
	got, err := SideBySide(a, b)
	want := []string{"soft", "0.75000", "1.00000", "+0.25000", "0.07603", "0.00000", "-0.07603", "0.32250", "0.00000", "-0.32250", "1.0000"}
	if err != nil || len(got.Rows) != 1 || !slices.Equal(got.Rows[0][:4], want[:4]) || !slices.Equal(got.Rows[0][7:10], want[7:10]) || !strings.HasPrefix(got.Rows[0][10], "1") {
		t.Errorf("got %q, %v, want %q", got.Rows, err, want)
	}
	if len(got.Notes) > 0 {
		t.Errorf("got notes %q", got.Notes)
	}
	recipes, err := RecipesTable(a, b)
	if err != nil || len(recipes.Rows) != 1 || !slices.Equal(recipes.Rows[0], []string{"data.seed", "1", "7"}) {
		t.Errorf("recipes: got %q, %v", recipes.Rows, err)
	}
	teststudy.Write(t, folder.PredictionPath(b.Dir, "soft", predictions.Test), rows("cat.2", "cat.1", "cat.9", "dog.0"))
	if got, err = SideBySide(a, b); err != nil || got.Rows[0][10] != "" || len(got.Notes) != 1 {
		t.Errorf("other pictures: got %q, %q, %v, want no p-value and a note", got.Rows, got.Notes, err)
	}
}
