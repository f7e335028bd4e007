package folder_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"
)

// finished writes a study of 4, 2 and 2 pictures to its end, with the checksums of the hard student's files.
func finished(t *testing.T) *folder.Study {
	t.Helper()
	r := &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}
	r.Recipe.Timing = recipe.Timing{Size: 32, Images: 9, Batch: 2}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(recipe.WriteJSON(filepath.Join(r.Dir, folder.StudyFile), r.Recipe))
	var manifest images.Manifest
	for i, split := range []predictions.Split{"train", "train", "train", "train", "validation", "validation", "test", "test"} {
		manifest = append(manifest, images.Entry{ID: fmt.Sprintf("cat.%d", i), Label: i % 2, Split: split})
	}
	must(manifest.Write(filepath.Join(r.Dir, folder.ManifestFile)))
	for _, model := range r.Models() {
		must(os.MkdirAll(filepath.Join(r.Dir, model), 0o755))
		for i, path := range r.PredictionFiles(model) {
			var rows predictions.Table
			for _, e := range manifest.Of(folder.Splits[min(i, 2)]) {
				rows = append(rows, predictions.Row{ID: e.ID, Split: e.Split, Label: float64(e.Label), P: 0.25})
			}
			must(predictions.Write(path, rows))
		}
		var past history.History
		for i := range r.Training(model).Epochs {
			past = append(past, history.Epoch{Number: i + 1})
		}
		must(past.Write(filepath.Join(r.Dir, model, history.File)))
	}
	var calls []folder.Call
	for range 2 * (1 + 2 + 1 + 1) { // two networks, each 1 + 2 calls of one picture and 1 + 1 of two
		calls = append(calls, folder.Call{Network: recipe.ResNet18})
	}
	must(folder.WriteTiming(filepath.Join(r.Dir, folder.TimingFile), calls))
	sums, err := folder.Checksums(r.Dir, append(r.PredictionFiles("hard"), filepath.Join(r.Dir, "hard", history.File))...)
	must(err)
	must(recipe.WriteJSON(filepath.Join(r.Dir, folder.SessionsFile), []folder.Session{{Files: map[string]string{"hard/test.csv": "of before"}}, {Files: sums}}))
	return r
}

// What is cut at the end of a line, emptied, or changed where a checksum was noted is refused by name, by all that open the folder.
func TestWhole(t *testing.T) {
	r := finished(t)
	if opened, err := folder.Open(r.Dir); err != nil || opened.Complete() != nil {
		t.Fatalf("whole: got %v, %v", err, opened.Complete())
	}
	cut := func(text []byte) []byte { return text[:bytes.LastIndexByte(text[:len(text)-1], '\n')+1] }
	header := func(text []byte) []byte { return text[:bytes.IndexByte(text, '\n')+1] }
	change := func(text []byte) []byte { return bytes.Replace(text, []byte("0.25"), []byte("0.75"), 1) }
	for _, c := range []struct {
		file  string
		spoil func([]byte) []byte
		want  string
	}{
		{"soft/history.csv", cut, fmt.Sprintf("got %d rows, want %d", recipe.Demo.Student.Epochs-1, recipe.Demo.Student.Epochs)},
		{"teacher/test.csv", header, "got 0 rows, want 2"},
		{"teacher/test.csv", func([]byte) []byte { return nil }, "got 0 rows, want 2"},
		{"classical/train.csv", cut, "got 3 rows, want 4"},
		{"soft/test-augmented-0.csv", cut, "got 1 rows, want 2"},
		{"timing.csv", cut, "got 9 rows, want 10"},
		{"hard/test.csv", change, "it was changed since it was made"},
		{"manifest.csv", cut, "got 2 rows, want 1"},
	} {
		path := filepath.Join(r.Dir, filepath.FromSlash(c.file))
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, c.spoil(before), 0o644); err != nil {
			t.Fatal(err)
		}
		for who, err := range map[string]error{"Open": second(folder.Open(r.Dir)), "Complete": r.Complete(), "Whole": r.Whole()} {
			if named := strings.Contains(fmt.Sprint(err), path) || c.file == "manifest.csv"; err == nil || !strings.Contains(err.Error(), c.want) || !named {
				t.Errorf("%s, %s: got error %v, want %q and the path", c.file, who, err, c.want)
			}
		}
		if strings.Contains(c.file, "/") && r.Finished(filepath.Dir(c.file)) == nil {
			t.Errorf("%s: its model counts as finished", c.file)
		}
		if strings.Contains(c.file, "/t") { // predictions
			if err := folder.CheckFile(path); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("CheckFile: %s: got error %v, want %q", c.file, err, c.want)
			}
		}
		if err := os.WriteFile(path, before, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := folder.CheckFile(filepath.Join(r.Dir, "soft", "test.csv")); err != nil {
		t.Errorf("CheckFile of a whole file: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// A study that goes on is opened, too: what is there is whole, and no history is short before its model is finished.
func TestUnfinishedIsWhole(t *testing.T) {
	r := finished(t)
	for _, gone := range []string{"soft/test.csv", folder.TimingFile} {
		if err := os.Remove(filepath.Join(r.Dir, gone)); err != nil {
			t.Fatal(err)
		}
	}
	if err := (history.History{{Number: 1}}).Write(filepath.Join(r.Dir, "soft", history.File)); err != nil {
		t.Fatal(err)
	}
	if _, err := folder.Open(r.Dir); err != nil {
		t.Error(err)
	}
	for what, err := range map[string]error{"soft": r.Finished("soft"), "timing": r.FinishedTiming(), "study": r.Complete()} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v, want a missing file", what, err)
		}
	}
}
