package study

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
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
