package study

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"distillation/kdlib/catdog"
	"distillation/kdlib/label"
	"distillation/kdlib/pred"
	"distillation/kdlib/results"
)

// By (13) a student learns the class of its teacher's answer, 0.5 being a cat; by (14) the answer itself; without a
// lesson the hand label.
func TestTaught(t *testing.T) {
	dir := t.TempDir()
	var answers pred.Table
	var c Collection
	for i, p := range []float64{0.125, 0.5, 0.75} {
		id := []string{"cat.1", "dog.2", "cat.3"}[i]
		hand := i % 2 // cat, dog, cat
		answers = append(answers, pred.Row{ID: id, Set: pred.Validation, Label: float64(hand), P: p})
		c.Manifest = append(c.Manifest, catdog.Entry{ID: id, Set: pred.Validation, Label: hand})
	}
	path := results.PredictionPath(dir, "teacher", pred.Validation)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := pred.Write(path, answers); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		from *Lesson
		want []float32
	}{
		{nil, []float32{0, 1, 0}},
		{&Lesson{dir, "teacher", label.Hard{}}, []float32{0, 0, 1}},
		{&Lesson{dir, "teacher", label.Soft{}}, []float32{0.125, 0.5, 0.75}},
	} {
		data, err := c.Taught(pred.Validation, test.from)
		if err != nil {
			t.Fatal(err)
		}
		var got []float32
		for _, e := range data.Examples {
			got = append(got, e.Label)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%+v: got labels %v, want %v", test.from, got, test.want)
		}
	}
}

// The moves of evaluations are not those of training.
func TestEvaluationSeed(t *testing.T) {
	seen := map[uint64]bool{}
	for seed := range uint64(100) {
		seen[seed] = true
	}
	for seed := range uint64(100) {
		if e := EvaluationSeed(seed); seen[e] {
			t.Errorf("evaluation seed of %d: %d is a training seed or another's evaluation seed", seed, e)
		} else {
			seen[e] = true
		}
	}
}
