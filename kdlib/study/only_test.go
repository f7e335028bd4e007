package study_test

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// One model is made with those that its labels come from and no others; then the study goes on as one that began with all. Its
// students learn at two sizes and look at mirror images, too.
func TestOnlyOneModel(t *testing.T) {
	backend := xlatest.Backend(t)
	s := tiny(t)
	s.Recipe.FurtherRules, s.Recipe.Seeds = nil, 0
	s.Recipe.Student = recipe.Better.Student
	s.Recipe.Student.Network, s.Recipe.Student.Batch = smallnet.Name, 8
	s.Recipe.Student.EarlyStages = []recipe.Stage{{Epochs: 1, Size: 40, Shift: 0.2}}
	s.Recipe.Student.Epochs = 2
	s.Recipe.Student.Optimizer.LearningRate = 1e-4 // the wide layer of the small network dies of more
	run := folder.Study{Dir: s.Dir, Recipe: s.Recipe}
	for _, step := range []struct {
		only string
		want map[string]int // epochs of models
	}{
		{"classical", map[string]int{"classical": 2}},
		{"soft-1", map[string]int{"teacher": 1, "soft": 2, "soft-1": 2}},
		{"", map[string]int{"hard": 2, "hard-1": 2}},
	} {
		heard := &recorder{epochs: map[string]int{}}
		s.Only, s.Report = step.only, heard
		if err := s.Run(context.Background(), backend); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(heard.epochs, step.want) {
			t.Errorf("only %q: trained epochs %v, want %v", step.only, heard.epochs, step.want)
		}
		if err := run.Complete(); (err == nil) != (step.only == "") {
			t.Errorf("only %q: complete: %v", step.only, err)
		}
	}
	checkMirrored(t, &run)
	checkSizes(t, &run)
	s.Only = "medium"
	if err := s.Run(context.Background(), backend); err == nil || !strings.Contains(err.Error(), `only: got "medium", want one of`) {
		t.Errorf("an unknown model: got error %v", err)
	}
}

// The students, and they alone, have the mean with the mirror image beside their predictions; it is another number.
func checkMirrored(t *testing.T, run *folder.Study) {
	t.Helper()
	for _, split := range folder.Splits {
		plain, err1 := predictions.Read(folder.PredictionPath(run.Dir, "soft", split))
		mirrored, err2 := run.Mirrored("soft", split)
		if err1 != nil || err2 != nil || slices.Equal(plain.P(), mirrored.P()) {
			t.Errorf("%s: got %v, %v and %v, %v, want two that differ", split, plain, err1, mirrored, err2)
		}
	}
	for _, path := range []string{folder.PredictionPath(run.Dir, "teacher", predictions.Test), folder.AugmentedPath(run.Dir, "soft", 0)} {
		if _, err := predictions.ReadMirrored(path); err == nil {
			t.Errorf("%s: got mirrored predictions, want none", path)
		}
	}
}

// The history says the size of each epoch, and the pixels of both sizes are known beside the split.
func checkSizes(t *testing.T, run *folder.Study) {
	t.Helper()
	past, err := run.History("soft")
	if err != nil || past[0].Size != 40 || past[1].Size != 32 {
		t.Errorf("history: got %+v, %v, want the sizes 40 and 32", past, err)
	}
	known := map[int]string{}
	if err := recipe.ReadJSON(filepath.Join(run.Dir, "manifest-pixels.json"), &known); err != nil || known[40] == "" || known[32] == "" {
		t.Errorf("pixels: got %v, %v, want those of 40x40 and 32x32", known, err)
	}
}
