package tracking

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"
)

// tiny is a study that a script made.
func tiny(t *testing.T) *folder.Study {
	t.Helper()
	study, err := folder.Open(filepath.Join("..", "..", "study", "analysis", "testdata", "run"))
	if err != nil {
		t.Fatal(err)
	}
	return study
}

// files are those below a folder, by their slashed paths.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil {
			all[filepath.ToSlash(name)], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The files that are written are those that the real TensorBoard read; KDLIB_REGENERATE=1 writes them, for gen_tensorboard.py.
func TestWritesWhatTensorBoardRead(t *testing.T) {
	dir := t.TempDir()
	logs := filepath.Join("testdata", "logs")
	if os.Getenv("KDLIB_REGENERATE") == "1" {
		dir = logs
	}
	written, err := TensorBoard(tiny(t), dir)
	if want := tiny(t).Models(); err != nil || !slices.Equal(written, want) {
		t.Fatalf("got %q, %v, want %q", written, err, want)
	}
	got, want := files(t, dir), files(t, logs)
	for name, data := range want {
		if !bytes.Equal(got[name], data) {
			t.Errorf("%s: got %d bytes, want the %d of testdata", name, len(got[name]), len(data))
		}
	}
	if len(got) != len(want) || len(want) != 6 {
		t.Errorf("got %d files, want %d, one a model", len(got), len(want))
	}
}

// read is what TensorBoard has of a run: for each plugin the events of each tag.
type read map[string]map[string][]struct {
	Step  int
	Time  float64 `json:"wall_time"`
	Value json.RawMessage
}

func decoded[T any](t *testing.T, raw json.RawMessage) (v T) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TensorBoard has every number of the histories at its epoch, under a name that says on which labels it is, with the time since the
// session began (2026-01-02 03:04:05 UTC); the recipe; and the predictions in the paper's bins.
func TestTensorBoardReadsTheStudy(t *testing.T) {
	var runs map[string]read
	golden.Read(t, "tensorboard.json", &runs)
	study := tiny(t)
	labels := map[string]string{"teacher": "ground truth", "classical": "ground truth", "hard": "hard labels of teacher", "soft": "soft labels of teacher",
		"hard-1": "hard labels of hard", "soft-1": "soft labels of soft"}
	if len(runs) != len(labels) {
		t.Errorf("got %d runs, want %d", len(runs), len(labels))
	}
	for model, on := range labels {
		run := runs[model]
		past, err := study.History(model)
		if err != nil {
			t.Fatal(err)
		}
		for tag, of := range map[string]func(history.Epoch) float64{
			"loss/train on " + on:          func(e history.Epoch) float64 { return e.TrainLoss },
			"loss/validation on " + on:     func(e history.Epoch) float64 { return e.ValidationLoss },
			"accuracy/train on " + on:      func(e history.Epoch) float64 { return e.TrainAccuracy },
			"accuracy/validation on " + on: func(e history.Epoch) float64 { return e.ValidationAccuracy },
			"seconds/an epoch":             func(e history.Epoch) float64 { return e.Seconds },
		} {
			events := run["scalars"][tag]
			if len(events) != len(past) {
				t.Fatalf("%s: %s: got %d events, want %d", model, tag, len(events), len(past))
			}
			at := float64(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).Unix())
			for i, e := range past {
				at += e.Seconds
				if got := events[i]; got.Step != i+1 || got.Time != at || float32(decoded[float64](t, got.Value)) != float32(of(e)) {
					t.Errorf("%s: %s: got %+v, want %v at epoch %d", model, tag, got, of(e), i+1)
				}
			}
		}
		if n := len(run["scalars"]); n != 5+4 {
			t.Errorf("%s: got %d curves, want 5 and 4 numbers on the test set", model, n)
		}
		checkText(t, run, study.Training(model))
		checkHistograms(t, run, study, model)
	}
}

func checkText(t *testing.T, run read, want recipe.Training) {
	t.Helper()
	text := decoded[[]string](t, run["text"]["recipe"][0].Value)[0]
	var got recipe.Training
	if err := json.Unmarshal([]byte(strings.Trim(text, "`json\n")), &got); err != nil || !got.Equal(want) {
		t.Errorf("recipe: got %s, %v, want %+v", text, err, want)
	}
}

func checkHistograms(t *testing.T, run read, study *folder.Study, model string) {
	t.Helper()
	for _, split := range folder.Splits {
		table, err := study.Predictions(model, split)
		if err != nil {
			t.Fatal(err)
		}
		want, err := metrics.NewHistogram(table.P(), HistogramWidth)
		if err != nil {
			t.Fatal(err)
		}
		// TensorBoard leaves out the empty buckets at both ends and draws the outer edges at the least and the largest value, in float32.
		buckets := decoded[[][3]float64](t, run["histograms"]["predictions/"+string(split)][0].Value)
		first := slices.IndexFunc(want.Counts, func(n int) bool { return n > 0 })
		total := 0.0
		for i, b := range buckets {
			total += b[2]
			if int(b[2]) != want.Counts[first+i] || i+1 < len(buckets) && float32(b[1]) != float32(want.Edges[first+i+1]) {
				t.Errorf("%s on %s: bucket %d: got %v, want %d up to %v", model, split, i, b, want.Counts[first+i], want.Edges[first+i+1])
			}
		}
		if int(total) != len(table) {
			t.Errorf("%s on %s: got %v predictions, want %d", model, split, total, len(table))
		}
	}
}

// A file grows with its training; what was written is never written anew, which TensorBoard would not see. That of another training in
// the same folder is replaced, and files of others stay.
func TestFileGrows(t *testing.T) {
	dir := t.TempDir()
	r, err := Of(tiny(t), "soft")
	if err != nil {
		t.Fatal(err)
	}
	write := func(r Run) os.FileInfo {
		t.Helper()
		if err := r.WriteTensorBoard(dir); err != nil {
			t.Fatal(err)
		}
		found, _ := filepath.Glob(filepath.Join(dir, "*.kdlib"))
		if len(found) != 1 {
			t.Fatalf("got %q, want one file", found)
		}
		info, err := os.Stat(found[0])
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	early := r
	early.Past, early.Predictions = r.Past[:1], map[predictions.Split]predictions.Table{}
	first := write(early)
	early.Past = r.Past
	second, third, fourth := write(early), write(r), write(r)
	if !os.SameFile(first, second) || !os.SameFile(second, third) || first.Size() >= second.Size() || second.Size() >= third.Size() || third.Size() != fourth.Size() {
		t.Errorf("got sizes %d, %d, %d, %d, want one file that grows until nothing is new", first.Size(), second.Size(), third.Size(), fourth.Size())
	}
	want := files(t, filepath.Join("testdata", "logs", "soft"))
	if got := files(t, dir); !bytes.Equal(got[third.Name()], want[third.Name()]) {
		t.Error("got another file in three steps than in one")
	}
	theirs := filepath.Join(dir, "events.out.tfevents.1.host")
	if err := os.WriteFile(theirs, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	r.Started = r.Started.Add(time.Hour)
	if other := write(r); os.SameFile(first, other) {
		t.Error("another training was appended to the file of this one")
	}
	if _, err := os.Stat(theirs); err != nil {
		t.Error(err)
	}
}

// Models that have not begun are left out, and a study of none is an error.
func TestUnfinishedStudy(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(tiny(t).Dir)); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"soft/test.csv", "soft-1"} {
		if err := os.RemoveAll(filepath.Join(dir, gone)); err != nil {
			t.Fatal(err)
		}
	}
	study := &folder.Study{Dir: dir, Recipe: tiny(t).Recipe}
	if written, err := TensorBoard(study, t.TempDir()); err != nil || slices.Contains(written, "soft-1") || !slices.Contains(written, "soft") {
		t.Errorf("got %q, %v, want all that have begun", written, err)
	}
	if r, err := Of(study, "soft"); err != nil || r.Predictions != nil || len(r.Past) != 3 {
		t.Errorf("soft: got %+v, %v, want its epochs and no predictions", r, err)
	}
	if _, err := Of(study, "soft-1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("soft-1: got %v", err)
	}
	study.Dir = t.TempDir()
	if _, err := TensorBoard(study, t.TempDir()); err == nil || !strings.Contains(err.Error(), "none of its models has begun") {
		t.Errorf("nothing there: got %v", err)
	}
}
