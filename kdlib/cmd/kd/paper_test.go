package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/paper"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// The trainings of the preset paper begin: two steps of 32 pictures of 224x224, the teacher's from a file of weights. Nothing is
// changed but the number of epochs, and the file, whose place a drawn network takes.
func TestPaperBegins(t *testing.T) {
	if os.Getenv("KDLIB_E2E") != "1" {
		t.Skip("takes minutes; set KDLIB_E2E=1 to run it")
	}
	backend := xlatest.Backend(t)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if _, err := kd("data", "synth", "--n", "92", "--size", "224", "--out", at("faces.tar")); err != nil { // 64 of them to train on
		t.Fatal(err)
	}
	teacher, student := recipe.Paper.Teacher, recipe.Paper.Student
	const anotherSeed = 99 // whose network the recipe's own seed does not draw
	writeInitial(t, backend, teacher, anotherSeed, at("imagenet.safetensors"))
	writeInitial(t, backend, student, student.Seed, at("random.safetensors"))
	for _, test := range []struct {
		model    string
		training recipe.Training
		start    string
		args     []string
	}{
		{paper.Teacher, teacher, at("imagenet.safetensors"), []string{"--weights", at("imagenet.safetensors")}},
		{paper.Classical, student, at("random.safetensors"), nil},
	} {
		config, run, log := at(test.model+".json"), at(test.model), at(test.model+".txt")
		if err := recipe.WriteJSON(config, test.training); err != nil {
			t.Fatal(err)
		}
		args := append([]string{"train", "--config", config, "--epochs", "1", "--size", "224", "--pictures", at("faces.tar"),
			"--manifest", at("manifest.csv"), "--cache", dir, "--dir", run}, test.args...)
		if err := command(t, log, args...).Run(); err != nil {
			text, _ := os.ReadFile(log)
			t.Fatalf("%s: %v\n%s", test.model, err, text)
		}
		past, err := history.Read(filepath.Join(run, history.File))
		if err != nil || len(past) != 1 {
			t.Fatalf("%s: got %d epochs, %v, want one", test.model, len(past), err)
		}
		if losses := past[0].TrainLoss + past[0].ValidationLoss; math.IsNaN(losses) || math.IsInf(losses, 0) {
			t.Errorf("%s: got %+v, want finite losses", test.model, past[0])
		}
		// Adam's step is the learning rate where the gradient keeps its sign, and hardly more anywhere: two steps are two of them.
		const least, most = 1.9, 2.1
		if got := farthestChange(t, test.start, filepath.Join(run, train.BestFile)) / test.training.Optimizer.LearningRate; !(got > least && got < most) {
			t.Errorf("%s: the weight that moved farthest moved by %v learning rates, want %v to %v", test.model, got, least, most)
		}
	}
}

// writeInitial writes the network of a training as a seed draws it.
func writeInitial(t *testing.T, backend compute.Backend, training recipe.Training, seed uint64, path string) {
	t.Helper()
	m, err := train.New(backend, architecture.Network(training.Network), train.Start{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Finalize()
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
}

// farthestChange is the greatest difference between two files' kernels, each of which must have moved.
func farthestChange(t *testing.T, before, after string) (farthest float64) {
	t.Helper()
	a, err1 := weights.Read(before)
	b, err2 := weights.Read(after)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for name, tensor := range a.Tensors {
		if !strings.HasSuffix(name, "/kernel") {
			continue
		}
		x, y := tensors.MustCopyFlatData[float32](tensor), tensors.MustCopyFlatData[float32](b.Tensors[name])
		most := 0.0
		for i := range x {
			most = max(most, math.Abs(float64(y[i])-float64(x[i])))
		}
		if most == 0 {
			t.Errorf("%s has not moved", name)
		}
		farthest = max(farthest, most)
	}
	return farthest
}
