package study_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/study"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"
)

// recorder counts what a study tells; stop is called when the named model has stored an epoch.
type recorder struct {
	lines  []string
	epochs map[string]int
	stopAt string
	stop   func()
}

func (r *recorder) Say(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}
func (r *recorder) Progress(string, int, int) {}
func (r *recorder) Step(string, history.Step) {}
func (r *recorder) Epoch(model string, _ int, _ history.Epoch) {
	r.epochs[model]++
	if model == r.stopAt {
		r.stop()
	}
}

func tiny(t *testing.T) study.Study {
	t.Helper()
	dir := t.TempDir()
	pictures := filepath.Join(dir, "faces.tar")
	if err := synth.Write(context.Background(), pictures, synth.Faces{N: 40, Size: 32, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	r := recipe.Demo
	r.Teacher.Network, r.Student.Network = smallnet.Name, smallnet.Name
	r.Data.Pictures, r.Repetitions, r.Seeds = 40, 2, 2
	r.FurtherRules = []distill.Named{{Rule: distill.Smoothed{Smoothing: 0.1}}}
	r.Teacher.Epochs, r.Teacher.Batch, r.Student.Batch = 1, 8, 8
	r.Teacher.Dropout = r.Student.Dropout // one compiled network serves all models
	r.Teacher.Augment = images.Augment{Flip: true}
	return study.Study{Recipe: r, Pictures: pictures, Dir: filepath.Join(dir, "run"), CacheDir: filepath.Join(dir, "cache")}
}

// A study that is interrupted goes on where it stopped and ends with every table and figure.
func TestInterruptedStudyEndsWhole(t *testing.T) {
	backend := xlatest.Backend(t)
	s := tiny(t)
	ctx, stop := context.WithCancel(context.Background())
	first := &recorder{epochs: map[string]int{}, stopAt: "hard", stop: stop}
	s.Report = first
	if err := s.Run(ctx, backend); !errors.Is(err, context.Canceled) {
		t.Fatalf("first session: got error %v, want context.Canceled", err)
	}
	second := &recorder{epochs: map[string]int{}}
	s.Report = second
	if err := s.Run(context.Background(), backend); err != nil {
		t.Fatal(err)
	}
	for model, want := range map[string][2]int{"teacher": {1, 0}, "classical": {1, 0}, "hard": {1, 0}, "hard-1": {0, 1}, "soft": {0, 1}, "soft-1": {0, 1}, "smoothed": {0, 1}, "smoothed-seed2": {0, 1},
		"classical-seed2": {0, 1}, "hard-seed2": {0, 1}, "soft-seed2": {0, 1}} {
		if got := [2]int{first.epochs[model], second.epochs[model]}; got != want {
			t.Errorf("%s: epochs in the two sessions: got %v, want %v", model, got, want)
		}
	}
	for _, model := range []string{"teacher", "classical"} {
		if news := model + ": done before"; !slices.Contains(second.lines, news) {
			t.Errorf("news of the second session: got %q, want %q", second.lines, news)
		}
	}
	run, err := report.Open(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Complete(); err != nil {
		t.Error(err)
	}
	sessions, err := run.Sessions()
	if err != nil || len(sessions) != 2 || sessions[0].Ended != nil || sessions[1].Ended == nil {
		t.Errorf("sessions: got %+v, %v, want an interrupted and a finished one", sessions, err)
	}
	checkMade(t, run, [][]string{{"classical", "teacher"},
		{"hard", "soft", "hard-1", "soft-1", "smoothed", "classical-seed2", "hard-seed2", "soft-seed2", "smoothed-seed2", "timing"}})
	for i, s := range sessions {
		const library = 100 << 20 // bytes of XLA's code, more or less
		if s.Peak < library {
			t.Errorf("session %d: got a peak of %d bytes of memory, want more than XLA itself has", i+1, s.Peak)
		}
	}
	out := t.TempDir()
	for _, named := range run.Tables() {
		if err := named.Save(out); err != nil {
			t.Errorf("%s: %v", named.File, err)
		}
	}
	for _, named := range run.Figures() {
		if err := named.Save(out); err != nil {
			t.Errorf("%s: %v", named.File, err)
		}
	}
	again, size, err := train.ReadConfig(filepath.Join(s.Dir, "hard-seed2", train.ConfigFile))
	if err != nil || again.Seed != s.Recipe.Student.Seed+1 || size != s.Recipe.Data.Size {
		t.Errorf("hard-seed2: got the seed %d and the size %d, %v, want %d and %d", again.Seed, size, err, s.Recipe.Student.Seed+1, s.Recipe.Data.Size)
	}
	checkSplit(t, run)
	checkTrainingLabels(t, run)
	checkRepetitions(t, run)
	checkDamage(t, s)
	checkRefusals(t, s)
	checkMoreSeeds(t, s)
}

// What was cut or changed since it was made is told and made again as it was, and nothing is trained for it.
func checkDamage(t *testing.T, s study.Study) {
	t.Helper()
	spoil := map[string]func(string) string{
		"hard/history.csv":    func(text string) string { return text[:strings.LastIndex(text[:len(text)-1], "\n")+1] },
		"soft/test.csv":       func(string) string { return "" },
		"soft-1/train.csv":    func(text string) string { return strings.Replace(text, "0.", "0.1", 1) },
		folder.TimingFile:     func(text string) string { return text[:strings.Index(text, "\n")+1] },
		"teacher/history.csv": func(text string) string { return text + text },
	}
	before := map[string]string{}
	for name, how := range spoil {
		text, err := os.ReadFile(filepath.Join(s.Dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(s.Dir, name), []byte(how(string(text))), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		before[name] = string(text)
	}
	if _, err := report.Open(s.Dir); err == nil || !strings.Contains(err.Error(), "teacher/history.csv: got 3 rows, want 1") {
		t.Errorf("a damaged study: got error %v, want the first damaged file", err)
	}
	heard := &recorder{epochs: map[string]int{}}
	s.Report = heard
	if err := s.Run(context.Background(), xlatest.Backend(t)); err != nil || len(heard.epochs) > 0 {
		t.Fatalf("a damaged study: got epochs %v, %v, want none", heard.epochs, err)
	}
	for name, want := range before {
		text, err := os.ReadFile(filepath.Join(s.Dir, name))
		if name != folder.TimingFile && string(text) != want || err != nil {
			t.Errorf("%s: got %q, %v, want it as before", name, text, err)
		}
		what := strings.TrimSuffix(strings.Split(name, "/")[0], ".csv")
		if !slices.ContainsFunc(heard.lines, func(line string) bool { return strings.HasPrefix(line, what+" is made again: ") }) {
			t.Errorf("%s: news %q, want that it is made again", name, heard.lines)
		}
	}
	if run, err := report.Open(s.Dir); err != nil || run.Complete() != nil {
		t.Errorf("made again: %v", err)
	}
}

// checkMade compares what each session made, in its record and in the table of sources, where it follows the commit.
func checkMade(t *testing.T, run *report.Study, want [][]string) {
	t.Helper()
	sessions, err1 := run.Sessions()
	source, err2 := run.SourceTable()
	if err := errors.Join(err1, err2); err != nil || len(sessions) != len(want) {
		t.Fatalf("got %d sessions, %v, want %d", len(sessions), err, len(want))
	}
	var rows []string
	for i, row := range source.Rows {
		if row[0] == "commit" {
			rows = append(rows, strings.Join(source.Rows[i+1], ": "))
		}
	}
	for i, made := range want {
		if !slices.Equal(sessions[i].Models, made) {
			t.Errorf("session %d: got models %q, want %q", i+1, sessions[i].Models, made)
		}
		if row := "made: " + strings.Join(made, ", "); rows[i] != row {
			t.Errorf("session %d: got the row %q after its commit, want %q", i+1, rows[i], row)
		}
	}
}

// 20 faces of a class are split by 14, 3 and 3.
func checkSplit(t *testing.T, run *report.Study) {
	t.Helper()
	for split, want := range map[predictions.Split]int{predictions.Train: 28, predictions.Validation: 6, predictions.Test: 6} {
		predicted, err := run.Predictions("soft-1", split)
		if err != nil {
			t.Fatal(err)
		}
		dogs := 0
		for _, y := range predicted.Labels() {
			dogs += int(y)
		}
		if len(predicted) != want || dogs != want/2 {
			t.Errorf("%s: got %d predictions on %d dogs, want %d on %d", split, len(predicted), dogs, want, want/2)
		}
	}
}

// Each student was measured on the labels that the model before it in its chain made of the validation set: the loss in its
// history is that of its predictions on them.
func checkTrainingLabels(t *testing.T, run *report.Study) {
	t.Helper()
	for _, model := range []string{"hard", "hard-1", "soft", "soft-1"} {
		past, err := run.History(model)
		if err != nil {
			t.Fatal(err)
		}
		best, _ := past.Best()
		s, err := run.Score(model, predictions.Validation, analysis.TeacherLabels, distill.Threshold)
		if err != nil {
			t.Fatal(err)
		}
		const float32Labels = 1e-6 // of the loss: predictions are stored in full, labels were rounded to float32
		if math.Abs(s.Loss/best.ValidationLoss-1) > float32Labels {
			t.Errorf("%s: its predictions have loss %v on its teacher's labels, its history says %v", model, s.Loss, best.ValidationLoss)
		}
	}
}

// The repetitions on the augmented test set differ from each other and from the set as it is.
func checkRepetitions(t *testing.T, run *report.Study) {
	t.Helper()
	still, err1 := run.Predictions("soft", predictions.Test)
	augmented, err2 := run.Augmented("soft")
	if err := errors.Join(err1, err2); err != nil || len(augmented) != 2 {
		t.Fatalf("got %d repetitions, error %v, want 2", len(augmented), err)
	}
	if slices.Equal(augmented[0].P(), augmented[1].P()) || slices.Equal(augmented[0].P(), still.P()) {
		t.Errorf("predictions on the test set: as it is %v, augmented %v and %v, want all to differ", still.P(), augmented[0].P(), augmented[1].P())
	}
}

// A finished study goes on with more seeds, and not with fewer.
func checkMoreSeeds(t *testing.T, s study.Study) {
	t.Helper()
	heard := &recorder{epochs: map[string]int{}}
	more := s
	more.Report = heard
	more.Recipe.Seeds++
	if err := more.Run(context.Background(), xlatest.Backend(t)); err != nil {
		t.Fatal(err)
	}
	if want := map[string]int{"classical-seed3": 1, "hard-seed3": 1, "soft-seed3": 1, "smoothed-seed3": 1}; !maps.Equal(heard.epochs, want) {
		t.Errorf("one more seed: trained epochs %v, want %v", heard.epochs, want)
	}
	run, err := report.Open(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Complete(); err != nil || run.Recipe.Seeds != more.Recipe.Seeds {
		t.Errorf("one more seed: got %d, %v, want %d", run.Recipe.Seeds, err, more.Recipe.Seeds)
	}
	if err := s.Run(context.Background(), xlatest.Backend(t)); err == nil || !strings.Contains(err.Error(), "another study") {
		t.Errorf("fewer seeds: got error %v, want a refusal", err)
	}
}

// A finished folder is not overwritten by another recipe or on other pictures.
func checkRefusals(t *testing.T, s study.Study) {
	t.Helper()
	other := s
	other.Recipe.Student.Epochs++
	if err := other.Run(context.Background(), xlatest.Backend(t)); err == nil || !strings.Contains(err.Error(), "another study") {
		t.Errorf("another recipe: got error %v, want a refusal", err)
	}
	other = s
	other.Pictures = filepath.Join(t.TempDir(), "few.tar")
	if err := synth.Write(context.Background(), other.Pictures, synth.Faces{N: 10, Size: 32, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	if err := other.Run(context.Background(), xlatest.Backend(t)); err == nil || !strings.Contains(err.Error(), "not among the decoded pictures") {
		t.Errorf("other pictures: got error %v, want a refusal", err)
	}
}
