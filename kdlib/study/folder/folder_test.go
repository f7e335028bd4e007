package folder_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

func TestUnfinishedStudy(t *testing.T) {
	run, err := folder.Open("../analysis/testdata/run")
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Complete(); err != nil {
		t.Errorf("finished study: got %v", err)
	}
	dir := t.TempDir()
	if _, err := folder.Open(dir); err == nil || !strings.Contains(err.Error(), "holds no study") {
		t.Errorf("empty folder: got error %v", err)
	}
	if err := recipe.WriteJSON(filepath.Join(dir, folder.StudyFile), recipe.Demo); err != nil {
		t.Fatal(err)
	}
	begun, err := folder.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := begun.Complete(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("begun study: got %v, want a missing file", err)
	}
}

// Whoever asks for a model or a set that there is not is told which there are.
func TestUnknownModel(t *testing.T) {
	run, err := folder.Open("../../../datasets/results/reduced")
	if err != nil {
		t.Fatal(err)
	}
	of := func(_ any, err error) error { return err }
	const models = `got the model "sofft", want one of teacher, classical, hard, hard-1, hard-2, soft, soft-1, soft-2`
	for want, errs := range map[string][]error{
		models: {of(run.Predictions("sofft", predictions.Test)), of(run.Augmented("sofft")), of(run.History("sofft"))},
		`reduced: predictions: set: got "tset", want "train", "validation" or "test"`: {of(run.Predictions("soft", "tset"))},
	} {
		for i, err := range errs {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%d: got error %v, want %q in it", i, err, want)
			}
		}
	}
}

func TestTimingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), folder.TimingFile)
	calls := []folder.Call{{Network: "resnet18", Size: 64, Batch: 1, Number: 3, Prepare: 0.25, Inference: 0.125, Megapixels: 0.152}}
	if err := folder.WriteTiming(path, calls); err != nil {
		t.Fatal(err)
	}
	run := folder.Study{Dir: filepath.Dir(path)}
	if got, err := run.Timing(); err != nil || !slices.Equal(got, calls) {
		t.Errorf("got %v, %v, want %v", got, err, calls)
	}
	const header = "network,size,batch,call,prepare_seconds,answer_seconds"
	old := header + "\nresnet18,64,1,3,0.25,0.125\n" // as in the committed studies
	if err := os.WriteFile(path, []byte(old), 0o644); err != nil {
		t.Fatal(err)
	}
	calls[0].Megapixels = 0
	if got, err := run.Timing(); err != nil || !slices.Equal(got, calls) {
		t.Errorf("without megapixels: got %v, %v, want %v", got, err, calls)
	}
	bad := header + ",megapixels\nresnet18,64,1,0,0.1,-2,0\n"
	if err := os.WriteFile(path, []byte(bad), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := run.Timing(); err == nil || !strings.Contains(err.Error(), `line 2: answer_seconds: got "-2"`) {
		t.Errorf("got error %v, want one with file, line and value", err)
	}
}

// Each generation learns from the one before it, the student at a chain's beginning from the teacher.
func TestLabelSourceOfChains(t *testing.T) {
	r := &folder.Study{Recipe: recipe.Paper}
	for model, want := range map[string]string{"hard": "teacher", "hard-1": "hard", "hard-2": "hard-1", "soft-6": "soft-5"} {
		if teacher, rule, ok := r.LabelSource(model); !ok || teacher != want || !strings.HasPrefix(model, rule.String()) {
			t.Errorf("%s: got labels of %q by %v, %v, want those of %s", model, teacher, rule, ok, want)
		}
	}
}
