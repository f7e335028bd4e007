package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/recipe"
)

// eventFiles are the sizes of the event files below a folder, by the folder of each.
func eventFiles(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	sizes := map[string]int64{}
	for _, path := range must(filepath.Glob(filepath.Join(dir, "*", "events.out.tfevents.*"))) {
		sizes[filepath.Base(filepath.Dir(path))] = must(os.Stat(path)).Size()
	}
	return sizes
}

// TensorBoard's files are written while networks train, and hold in the end what an export of the finished study holds.
func TestTensorBoardFollows(t *testing.T) {
	xlatest.Backend(t) // or skip
	t.Chdir(t.TempDir())
	s := smallDemo()
	if err := recipe.WriteJSON("study.json", s); err != nil {
		t.Fatal(err)
	}
	if _, err := kd("data", "synth", "--n", "40", "--size", "32", "--out", "faces.tar"); err != nil {
		t.Fatal(err)
	}
	pictures := []string{"--pictures", "faces.tar", "--cache", "cache"}
	for _, only := range []string{"classical", "hard"} {
		if _, err := kd(append([]string{"study", "--config", "study.json", "--dir", "run", "--only", only, "--tensorboard", "live"}, pictures...)...); err != nil {
			t.Fatal(err)
		}
	}
	out, err := kd("export", "tensorboard", "run", "--out", "after")
	if err != nil || !strings.Contains(out, "after: teacher, classical, hard; to see them: tensorboard --logdir after") {
		t.Errorf("got %q, %v", out, err)
	}
	live, after := eventFiles(t, "live"), eventFiles(t, "after")
	for _, model := range []string{"teacher", "classical", "hard"} {
		if live[model] == 0 || live[model] != after[model] {
			t.Errorf("%s: got %d bytes while it was trained, %d afterwards", model, live[model], after[model])
		}
	}
	train := append([]string{"train", "--manifest", "run/manifest.csv", "--size", "32", "--dir", "one", "--network", smallnet.Name, "--batch", "8", "--tensorboard", "live"}, pictures...)
	if _, err := kd(append(train, "--epochs", "1")...); err != nil {
		t.Fatal(err)
	}
	first := eventFiles(t, "live")["one"]
	if _, err := kd(append(train, "--epochs", "2")...); err != nil {
		t.Fatal(err)
	}
	if second := eventFiles(t, "live")["one"]; first == 0 || second <= first {
		t.Errorf("got %d bytes after an epoch, %d after two", first, second)
	}
}

// A training goes on without TensorBoard's files, and says once that they are not written.
func TestTensorBoardStopsNoTraining(t *testing.T) {
	xlatest.Backend(t) // or skip
	t.Chdir(t.TempDir())
	if err := os.WriteFile("taken", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := kd("data", "synth", "--n", "40", "--size", "32", "--out", "faces.tar"); err != nil {
		t.Fatal(err)
	}
	log := "log.txt"
	err := command(t, log, "train", "--pictures", "faces.tar", "--cache", "cache", "--manifest", "m.csv", "--size", "32", "--dir", "one", "--network", smallnet.Name,
		"--batch", "8", "--epochs", "3", "--tensorboard", "taken").Run()
	said := string(must(os.ReadFile(log)))
	if err == nil || strings.Count(said, "TensorBoard's files are not written") != 1 || !strings.Contains(said, "epoch 3 of 3") {
		t.Errorf("got %v, %s", err, said)
	}
}
