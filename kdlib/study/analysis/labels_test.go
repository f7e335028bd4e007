package analysis

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// labelled is a study of ten cats and ten dogs on the test set; p is a model's prediction of picture i, of which the first ten are cats.
func labelled(t *testing.T, models map[string]func(i int) float64) *Study {
	t.Helper()
	r := &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}
	for model, p := range models {
		var rows predictions.Table
		for i := range 20 {
			id := fmt.Sprintf("cat.%d", i)
			if i >= 10 {
				id = fmt.Sprintf("dog.%d", i-10)
			}
			rows = append(rows, predictions.Row{ID: id, Split: predictions.Test, Label: float64(i / 10), P: p(i)})
		}
		path := folder.PredictionPath(r.Dir, model, predictions.Test)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := predictions.Write(path, rows); err != nil {
			t.Fatal(err)
		}
	}
	return &Study{r}
}

// doubting is 0.1 for cats and 0.9 for dogs, and other numbers where it is told.
func doubting(elsewhere map[int]float64) func(i int) float64 {
	return func(i int) float64 {
		if p, ok := elsewhere[i]; ok {
			return p
		}
		return 0.1 + 0.8*float64(i/10)
	}
}

// By hand: of the mean, cat.3 has 0.95 and dog.2 0.08, each more than the others of the other class have on average. dog.5 is
// doubted by one model alone.
func TestSuspects(t *testing.T) {
	r := labelled(t, map[string]func(int) float64{
		"teacher": doubting(map[int]float64{3: 0.94, 12: 0.06, 15: 0.9}),
		"soft":    doubting(map[int]float64{3: 0.96, 12: 0.1, 15: 0.2}),
	})
	suspects, err := r.Suspects(predictions.Test, "teacher", "soft")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := listed(suspects), "cat.3 0 [0.94 0.96] 0.05, dog.2 1 [0.06 0.1] 0.08"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if n := suspects[0].Against(); n != 2 {
		t.Errorf("%d models against, want 2", n)
	}
	for want, of := range map[string]func() ([]Suspect, error){
		"learned from these labels": func() ([]Suspect, error) { return r.Suspects(predictions.Train, "teacher") },
		"got no model":              func() ([]Suspect, error) { return r.Suspects(predictions.Test) },
		`got the model "x"`:         func() ([]Suspect, error) { return r.Suspects(predictions.Test, "x") },
	} {
		if _, err := of(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}

func listed(suspects []Suspect) string {
	var all []string
	for _, s := range suspects {
		all = append(all, fmt.Sprintf("%s %v %v %.2f", s.ID, s.Label, s.P, s.Quality))
	}
	return strings.Join(all, ", ")
}

func written(f Following) string {
	return fmt.Sprintf("%d of %d (%.4f to %.4f)", f.Teacher, f.Of, f.Interval.Low, f.Interval.High)
}

// By hand: the teacher contradicts three labels, cat.3, cat.4 and dog.2, and doubts two of them: 0.55 is less than dogs have on
// average. The student follows it on cat.3 and cat.4. Wilson's intervals of 2/3 and 1/2 are his formula's, by a pocket calculator.
func TestFollow(t *testing.T) {
	r := labelled(t, map[string]func(int) float64{
		"teacher": doubting(map[int]float64{3: 0.95, 4: 0.55, 12: 0.05}),
		"hard":    doubting(map[int]float64{3: 0.6, 4: 0.7, 6: 0.9, 12: 0.8}),
	})
	contradicted, doubted, err := r.Follow(predictions.Test, "hard")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := written(contradicted)+", "+written(doubted), "2 of 3 (0.2077 to 0.9385), 1 of 2 (0.0945 to 0.9055)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	r = labelled(t, map[string]func(int) float64{"teacher": doubting(nil), "hard": doubting(nil)})
	if contradicted, _, err := r.Follow(predictions.Test, "hard"); err != nil || contradicted.Of != 0 || contradicted.Interval.High != 1 {
		t.Errorf("a teacher that contradicts nothing: got %v, %v", contradicted, err)
	}
}

// Left-out pictures are in no predictions, and the study itself keeps them.
func TestLeaveOut(t *testing.T) {
	r := labelled(t, map[string]func(int) float64{"teacher": doubting(nil), "soft": doubting(map[int]float64{3: 0.96})})
	accuracy := func(of *Study) float64 {
		t.Helper()
		a, err := of.TestAccuracy("soft")
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	left := r.LeaveOut("cat.3", "cat.99")
	if got := accuracy(left); got != 1 {
		t.Errorf("without the wrong one: accuracy %v, want 1", got)
	}
	if got := accuracy(left.LeaveOut("dog.0")); got != 1 {
		t.Errorf("without another one, too: accuracy %v, want 1", got)
	}
	if got := accuracy(r); got != 0.95 {
		t.Errorf("afterwards: accuracy %v, want 0.95", got)
	}
	var all []string
	for i := range 10 {
		all = append(all, fmt.Sprint("cat.", i), fmt.Sprint("dog.", i))
	}
	if _, err := r.LeaveOut(all...).Predictions("soft", predictions.Test); err == nil || !strings.Contains(err.Error(), "all of its pictures are left out") {
		t.Errorf("without any: error %v", err)
	}
}
