package study_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/internal/testweights"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"
)

// refusal starts a study without pictures, which are opened after the weights were looked at, and returns its error.
func refusal(t *testing.T, s study.Study) string {
	t.Helper()
	s.Pictures = "no pictures"
	err := s.Run(context.Background(), nil)
	if err == nil {
		t.Fatal("a study without pictures: got no error")
	}
	return err.Error()
}

// Weights that are missing or not the network's are refused before pictures are decoded, and no folder is left.
func TestWrongWeightsLeaveNothing(t *testing.T) {
	dir := t.TempDir()
	fits, page := filepath.Join(dir, "resnet18.safetensors"), filepath.Join(dir, "page.h5")
	testweights.Zero(t, resnet.ResNet18, fits)
	if err := os.WriteFile(page, []byte("<html>not found</html>"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(*recipe.Study)
		want   string
	}{
		"paper": {func(s *recipe.Study) { *s = recipe.Paper },
			"study: teacher: weights: convert: open datasets/weights/resnet50_notop.h5: no such file or directory; " +
				"`kd weights fetch resnet50-keras --dir datasets/weights` downloads it"},
		"student":         {func(s *recipe.Study) { s.Student.Weights = "absent.h5" }, "study: classical: weights: convert: open absent.h5: no such file"},
		"chain":           {func(s *recipe.Study) { s.Chain = s.Student; s.Chain.Weights = page }, "study: hard-1: weights: weights: " + page + " is not a safetensors file"},
		"another network": {func(s *recipe.Study) { s.Teacher.Network, s.Teacher.Weights = recipe.ResNet50, fits }, "study: teacher: weights: weights: " + fits + " (kdlib's names, safetensors) does not fit the network"},
		"right ones":      {func(s *recipe.Study) { s.Teacher.Weights, s.Student.Weights = fits, fits }, "no pictures"},
	} {
		s := study.Study{Recipe: recipe.Demo, Dir: filepath.Join(dir, "run"), Report: &recorder{epochs: map[string]int{}}}
		test.change(&s.Recipe)
		if got := refusal(t, s); !strings.Contains(got, test.want) {
			t.Errorf("%s: got error %q, want %q", name, got, test.want)
		}
		if _, err := os.Stat(s.Dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the folder of the study: got %v, want none", name, err)
		}
	}
}

// The file of weights may go once the network has stored an epoch, and when its predictions are all that is left of it.
func TestWeightsAreNeededOnce(t *testing.T) {
	s := study.Study{Recipe: recipe.Demo, Dir: filepath.Join(t.TempDir(), "run")}
	s.Recipe.Teacher.Weights = "gone.h5"
	if got := refusal(t, s); !strings.Contains(got, "gone.h5") {
		t.Errorf("before the first epoch: got error %q, want one that names the file", got)
	}
	run := folder.Study{Dir: s.Dir, Recipe: s.Recipe}
	for name, files := range map[string][]string{"an epoch": {filepath.Join(s.Dir, "teacher", train.LastFile)}, "predictions": append(run.PredictionFiles("teacher"), filepath.Join(s.Dir, "teacher", history.File))} {
		if err := os.MkdirAll(filepath.Join(s.Dir, "teacher"), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if err := os.WriteFile(file, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got := refusal(t, s); !strings.Contains(got, "no pictures") {
			t.Errorf("after %s: got error %q, want none about weights", name, got)
		}
		if err := os.RemoveAll(s.Dir); err != nil {
			t.Fatal(err)
		}
	}
}
