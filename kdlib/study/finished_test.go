package study

import (
	"os"
	"path/filepath"
	"testing"

	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"
)

// A model is finished when all its predictions and its history are there; one that vanished is missed.
func TestFinished(t *testing.T) {
	w := &work{Study: Study{Dir: t.TempDir(), Recipe: recipe.Study{Repetitions: 2}}}
	if err := os.Mkdir(filepath.Join(w.Dir, "soft"), 0o755); err != nil {
		t.Fatal(err)
	}
	paths := []string{folder.AugmentedPath(w.Dir, "soft", 0), folder.AugmentedPath(w.Dir, "soft", 1)}
	paths = append(paths, filepath.Join(w.Dir, "soft", history.File))
	for _, split := range folder.Splits {
		paths = append(paths, folder.PredictionPath(w.Dir, "soft", split))
	}
	for _, path := range paths {
		if w.finished("soft") {
			t.Errorf("finished without %s", path)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !w.finished("soft") {
		t.Error("not finished with all files")
	}
	for _, path := range paths {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if w.finished("soft") {
			t.Errorf("finished when %s has vanished", path)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
