package study

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// By (13) a student learns the class of its teacher's prediction, 0.5 being a cat; by (14) the prediction itself; without a
// source the ground-truth label.
func TestRelabelled(t *testing.T) {
	dir := t.TempDir()
	c := Collection{Manifest: append(teacherFile(t, dir, predictions.Train), teacherFile(t, dir, predictions.Validation)...)}
	for _, test := range []struct {
		from *LabelSource
		want []float32
	}{
		{nil, []float32{0, 1, 0}},
		{&LabelSource{dir, "teacher", distill.Hard{}}, []float32{0, 0, 1}},
		{&LabelSource{dir, "teacher", distill.Soft{}}, []float32{0.125, 0.5, 0.75}},
		{&LabelSource{dir, "no teacher", distill.Smoothed{Smoothing: 0.5}}, []float32{0.25, 0.75, 0.25}},
		{&LabelSource{dir, "teacher", distill.Soft{Alpha: 0.5}}, []float32{0.0625, 0.75, 0.375}}, // half of it, half of 0, 1, 0
	} {
		train, validation, err := c.TrainingData(test.from)
		if err != nil {
			t.Fatal(err)
		}
		for split, data := range map[predictions.Split]dataset.Data{predictions.Train: train, predictions.Validation: validation} {
			var got []float32
			for _, e := range data.Examples {
				got = append(got, e.Label)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%+v on %s: got labels %v, want %v", test.from, split, got, test.want)
			}
		}
	}
}

// With 4 hand labels of 10 pictures the classical student and smoothed labels see 4 pictures, two of each class, as often as makes an epoch;
// a teacher's students see all; fewer labelled pictures are among more.
func TestHandLabels(t *testing.T) {
	dir := t.TempDir()
	c := Collection{data: recipe.Data{Seed: 5, HandLabels: 4}}
	predicted := map[predictions.Split]predictions.Table{}
	for i := range 12 {
		split := predictions.Train
		if i >= 10 {
			split = predictions.Validation
		}
		e := images.Entry{ID: fmt.Sprint("p.", i), Split: split, Label: i % 2}
		c.Manifest = append(c.Manifest, e)
		predicted[split] = append(predicted[split], predictions.Row{ID: e.ID, Split: split, Label: float64(e.Label), P: 0.25})
	}
	for split, table := range predicted {
		path := folder.PredictionPath(dir, "teacher", split)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := predictions.Write(path, table); err != nil {
			t.Fatal(err)
		}
	}
	seen := func(from *LabelSource) map[string]int {
		train, validation, err := c.TrainingData(from)
		if err != nil || len(train.Examples) != 10 || len(validation.Examples) != 2 {
			t.Fatalf("%+v: got %d and %d examples, %v, want 10 and 2", from, len(train.Examples), len(validation.Examples), err)
		}
		often := map[string]int{}
		for _, e := range train.Examples {
			often[e.ID]++
		}
		return often
	}
	four := seen(nil)
	classes := [2]int{}
	for _, e := range c.Manifest {
		if n := four[e.ID]; n > 0 {
			classes[e.Label]++
			if n != 2 && n != 3 { // 10 of 4 in turn
				t.Errorf("%s is seen %d times, want 2 or 3", e.ID, n)
			}
		}
	}
	if classes != [2]int{2, 2} {
		t.Errorf("got %v pictures of the classes, want two of each", classes)
	}
	if n := len(seen(&LabelSource{dir, "teacher", distill.Smoothed{Smoothing: 0.1}})); n != 4 {
		t.Errorf("smoothed hand labels: got %d pictures, want 4", n)
	}
	if n := len(seen(&LabelSource{dir, "teacher", distill.Soft{}})); n != 10 {
		t.Errorf("the teacher's labels: got %d pictures, want 10", n)
	}
	c.data.HandLabels = 2
	for id := range seen(nil) {
		if four[id] == 0 {
			t.Errorf("%s is among two, and not among four", id)
		}
	}
	c.data.HandLabels = 12
	if _, _, err := c.TrainingData(nil); err == nil || !strings.Contains(err.Error(), "data.hand_labels: got 12, want at most 10") {
		t.Errorf("more than there are: got error %v", err)
	}
}

// teacherFile writes a teacher's predictions 0.125, 0.5 and 0.75 on a cat, a dog and a cat.
func teacherFile(t *testing.T, dir string, split predictions.Split) images.Manifest {
	t.Helper()
	var predicted predictions.Table
	var manifest images.Manifest
	for i, p := range []float64{0.125, 0.5, 0.75} {
		id := []string{"cat.1", "dog.2", "cat.3"}[i]
		hand := i % 2 // cat, dog, cat
		predicted = append(predicted, predictions.Row{ID: id, Split: split, Label: float64(hand), P: p})
		manifest = append(manifest, images.Entry{ID: id, Split: split, Label: hand})
	}
	path := folder.PredictionPath(dir, "teacher", split)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := predictions.Write(path, predicted); err != nil {
		t.Fatal(err)
	}
	return manifest
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
