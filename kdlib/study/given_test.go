package study_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
)

// givenStudy is a tiny study whose teacher is not trained.
func givenStudy(t *testing.T, given recipe.Given) study.Study {
	t.Helper()
	s := tiny(t)
	s.Recipe.Teacher, s.Recipe.Given = recipe.Training{}, given
	s.Recipe.Generations, s.Recipe.Repetitions = 0, 1
	s.Report = &recorder{epochs: map[string]int{}}
	return s
}

// predictionsOn writes the file id,p of a teacher who knows the class from the name, and of what change makes of the lines.
func predictionsOn(t *testing.T, s study.Study, change func(lines []string) []string) string {
	t.Helper()
	source, err := images.Open(s.Pictures)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	var lines []string
	for _, p := range source.Pictures() {
		lines = append(lines, p.ID+","+map[int]string{0: "0.125", 1: "0.75"}[p.Label])
	}
	path := filepath.Join(t.TempDir(), "answers.csv")
	text := "id,p\n" + strings.Join(change(lines), "\n") + "\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func asTheyAre(lines []string) []string { return lines }

// runWhole runs a study and makes all its tables and figures.
func runWhole(t *testing.T, s study.Study) *report.Study {
	t.Helper()
	if err := s.Run(context.Background(), xlatest.Backend(t)); err != nil {
		t.Fatal(err)
	}
	run, err := report.Open(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Complete(); err != nil {
		t.Error(err)
	}
	out := t.TempDir()
	if err := run.SaveTables(out); err != nil {
		t.Error(err)
	}
	for _, named := range run.Figures() {
		if err := named.Save(out); err != nil {
			t.Errorf("%s: %v", named.File, err)
		}
	}
	if _, err := run.SummaryFigure(); err != nil {
		t.Error(err)
	}
	return run
}

// A teacher who calls most training pictures by the other class is refused before anything is trained, and nothing of it is kept;
// AnyTeacher goes on with it. What it is worth is said in any case.
func TestTeacherWithSwappedClasses(t *testing.T) {
	s := givenStudy(t, recipe.Given{})
	s.Recipe.Given.Predictions = predictionsOn(t, s, func(lines []string) []string {
		for i, line := range lines {
			id, p, _ := strings.Cut(line, ",")
			lines[i] = id + "," + map[string]string{"0.125": "0.875", "0.75": "0.25"}[p]
		}
		return lines
	})
	for range 2 {
		report := &recorder{epochs: map[string]int{}}
		s.Report = report
		err := s.Run(context.Background(), xlatest.Backend(t))
		if !errors.Is(err, study.ErrWrongTeacher) || !strings.Contains(err.Error(), "answers.csv") || !strings.Contains(err.Error(), "--any-teacher") || len(report.epochs) > 0 {
			t.Fatalf("got error %v and epochs %v, want none trained", err, report.epochs)
		}
		if !slices.Contains(report.lines, "the teacher is right on 0.0000 of 28 training pictures, by their ground truth") {
			t.Errorf("said %q, want what the teacher is worth", report.lines)
		}
		if _, err := os.Stat(filepath.Join(s.Dir, "teacher")); err == nil {
			t.Error("something of the teacher is kept")
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	s.AnyTeacher, s.Report = true, &recorder{epochs: map[string]int{}, stopAt: "classical", stop: stop}
	if err := s.Run(ctx, xlatest.Backend(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("with AnyTeacher: got error %v, want one of the stop after an epoch", err)
	}
	if _, err := os.Stat(folder.PredictionPath(s.Dir, "teacher", predictions.Train)); err != nil {
		t.Error(err)
	}
	s.AnyTeacher = false
	if err := s.Run(context.Background(), xlatest.Backend(t)); !errors.Is(err, study.ErrWrongTeacher) {
		t.Errorf("without AnyTeacher again: got error %v", err)
	}
}

// The students learn what the file says, and nothing is said about augmented pictures or a training of the teacher.
func TestTeacherGivenByPredictions(t *testing.T) {
	s := givenStudy(t, recipe.Given{})
	s.Recipe.Given.Predictions = predictionsOn(t, s, asTheyAre)
	run := runWhole(t, s)
	for _, split := range folder.Splits {
		predicted, err := run.Predictions("teacher", split)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range predicted {
			if want := map[float64]float64{0: 0.125, 1: 0.75}[row.Label]; row.Split != split || row.P != want {
				t.Errorf("%s: got %+v, want p = %v", split, row, want)
			}
		}
	}
	if labels, err := run.TrainingLabels("hard", predictions.Train); err != nil || slices.Max(labels) != 1 || slices.Min(labels) != 0 {
		t.Errorf("labels of the hard student: got %v, %v, want 0 and 1", labels, err)
	}
	if _, err := run.History("teacher"); err == nil || !strings.Contains(err.Error(), "was given") {
		t.Errorf("the teacher's history: got error %v", err)
	}
	scores, err := run.ScoresTable("teacher")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range scores.Rows {
		if row[3] == "with" {
			t.Errorf("the teacher's scores: got %q, want no numbers on augmented pictures", row)
		}
	}
	if !strings.Contains(strings.Join(scores.Notes, " "), "given by its predictions") {
		t.Errorf("notes: got %q, want one that says so", scores.Notes)
	}
	checkMade(t, run, [][]string{{"teacher", "classical", "hard", "soft", "smoothed", "classical-seed2", "hard-seed2", "soft-seed2", "smoothed-seed2", "timing"}})
	if training, err := run.TrainingTable("teacher"); err != nil || training.Rows[0][1] != "given" || training.Rows[0][5] != "1.00000" {
		t.Errorf("training of the teacher: got %q, %v, want given, accuracy 1", training.Rows, err)
	}
	again := &recorder{epochs: map[string]int{}}
	s.Report = again
	if err := s.Run(context.Background(), xlatest.Backend(t)); err != nil || len(again.epochs) > 0 || again.lines[1] != "teacher: given before" {
		t.Errorf("second run: got error %v, %q, epochs of %v", err, again.lines, again.epochs)
	}
}

// A network from elsewhere predicts on pictures of its own size, augmented ones too.
func TestTeacherGivenAsNetwork(t *testing.T) {
	network := filepath.Join("..", "network", "onnx", "testdata", "bytes_logit.onnx") // of 32x32 pictures
	s := givenStudy(t, recipe.Given{ONNX: recipe.ONNX{File: network}, Augment: images.Augment{Flip: true, Shift: 0.4}})
	s.Recipe.Data.Size = 40
	run := runWhole(t, s)
	still, err := run.Predictions("teacher", predictions.Test)
	if err != nil {
		t.Fatal(err)
	}
	augmented, err := run.Augmented("teacher")
	if err != nil || len(augmented) != 1 || slices.Equal(augmented[0].P(), still.P()) {
		t.Errorf("augmented pictures: got %v, %v, want other predictions than %v", augmented, err, still.P())
	}
	source, err := run.GivenSource()
	if err != nil || source.File != "bytes_logit.onnx" || len(source.Sum) != 64 {
		t.Errorf("source: got %+v, %v", source, err)
	}
	for _, size := range []int{32, 40} {
		onlyCache(t, s.CacheDir, size)
	}
}

// A given teacher who cannot predict is refused before anything is compiled or trained, and no session is recorded.
func TestBadTeacherIsRefusedFirst(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) recipe.Given {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return recipe.Given{Predictions: path}
	}
	network := func(path string) recipe.Given { return recipe.Given{ONNX: recipe.ONNX{File: path}} }
	s := givenStudy(t, recipe.Given{})
	changed := func(change func([]string) []string) recipe.Given {
		return recipe.Given{Predictions: predictionsOn(t, s, change)}
	}
	for name, test := range map[string]struct {
		given recipe.Given
		want  []string
	}{
		"no file":    {recipe.Given{Predictions: filepath.Join(dir, "absent.csv")}, []string{"no such file"}},
		"empty":      {file("empty.csv", ""), []string{"empty file"}},
		"column":     {file("column.csv", "id,q\ncat.0,0.5\n"), []string{`column "p" is missing`}},
		"one":        {changed(without("cat.0,")), []string{"no prediction on 1 of the split's 40 pictures, the first cat.0;"}},
		"cats":       {changed(without("cat.")), []string{"no prediction on 20 of the split's 40 pictures, the first cat."}},
		"extra":      {changed(func(l []string) []string { return append(l, "cat.900,0.5", "dog.901,0.5") }), []string{"no picture of the split: 2 of 42, the first cat.900;"}},
		"other":      {changed(func([]string) []string { return []string{"bird.1,0.5"} }), []string{"no prediction on 40 of", "no picture of the split: 1 of 1, the first bird.1;"}},
		"twice":      {changed(func(l []string) []string { return append(l, l[0]) }), []string{"again"}},
		"beyond":     {changed(func(l []string) []string { l[0] = "cat.0,2"; return l }), []string{`got "2"`}},
		"no network": {network(filepath.Join(dir, "absent.onnx")), []string{"no such file"}},
		"broken":     {network(file("broken.onnx", "<html>not found</html>").Predictions), nil},
	} {
		heard := &recorder{epochs: map[string]int{}}
		s.Recipe.Given, s.Report, s.Dir = test.given, heard, filepath.Join(dir, name)
		err := s.Run(context.Background(), xlatest.Backend(t))
		if err == nil {
			t.Errorf("%s: got no error", name)
			continue
		}
		for _, want := range append(test.want, test.given.Predictions+test.given.ONNX.File) {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got error %q, want %q in it", name, err, want)
			}
		}
		if _, err := os.Stat(filepath.Join(s.Dir, folder.SessionsDir)); len(heard.lines)+len(heard.epochs) > 0 || err == nil {
			t.Errorf("%s: heard %q and epochs of %v, a session: %v; want none", name, heard.lines, heard.epochs, err == nil)
		}
	}
}

// without drops the lines that begin so.
func without(start string) func([]string) []string {
	return func(lines []string) []string {
		return slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, start) })
	}
}
