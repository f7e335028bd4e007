package analysis_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/golden"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
)

// sums is what float64 sums of up to 28 terms in another order may differ by.
const sums = 1e-12

type expected struct {
	Scores    map[string]numbers
	Augmented map[string]struct {
		Each []numbers
		Mean struct{ N, Loss, Accuracy, Uncertainty float64 }
	}
}

type numbers struct {
	N                           int
	Loss, Accuracy, Uncertainty float64
}

func load(t *testing.T) (*analysis.Study, expected) {
	t.Helper()
	run, err := analysis.Open(filepath.Join("testdata", "run"))
	if err != nil {
		t.Fatal(err)
	}
	var want expected
	golden.Read(t, "expected.json", &want)
	return run, want
}

func check(t *testing.T, what string, got metrics.Summary, want numbers) {
	t.Helper()
	if got.N != want.N || math.Abs(got.Loss-want.Loss) > sums || math.Abs(got.Accuracy-want.Accuracy) > sums ||
		math.Abs(got.Uncertainty-want.Uncertainty) > sums {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

func TestScores(t *testing.T) {
	run, want := load(t)
	for what, numbers := range want.Scores {
		words := strings.Fields(what) // model, set, labels
		got, err := run.Score(words[0], predictions.Split(words[1]), words[2], distill.Threshold)
		if err != nil {
			t.Fatal(err)
		}
		check(t, what, got, numbers)
	}
	for model, numbers := range want.Augmented {
		each, err := run.Repetitions(model, analysis.GroundTruth, distill.Threshold)
		if err != nil || len(each) != len(numbers.Each) {
			t.Fatalf("%s: got %d repetitions, %v, want %d", model, len(each), err, len(numbers.Each))
		}
		for i, s := range each {
			check(t, fmt.Sprintf("%s augmented, repetition %d", model, i), s, numbers.Each[i])
		}
		mean, err := run.MeanOfRepetitions(model, analysis.GroundTruth, distill.Threshold)
		if err != nil {
			t.Fatal(err)
		}
		want := numbers.Mean
		check(t, model+" augmented, mean", mean.Summary, struct {
			N                           int
			Loss, Accuracy, Uncertainty float64
		}{int(want.N), want.Loss, want.Accuracy, want.Uncertainty})
	}
}

func TestTrainingLabelsNeedATeacher(t *testing.T) {
	run, _ := load(t)
	if _, err := run.TrainingLabels("classical", predictions.Test); err == nil || !strings.Contains(err.Error(), "classical") {
		t.Errorf("got error %v, want one that names the model", err)
	}
}

// Predictions in the wrong file, or in another order than the teacher's, are no quiet mistake.
func TestPredictionsOfAnotherSet(t *testing.T) {
	run := &analysis.Study{Study: &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}}
	rows := predictions.Table{{ID: "a", Split: predictions.Validation, Label: 0, P: 0.2}, {ID: "b", Split: predictions.Validation, Label: 1, P: 0.9}}
	save := func(model string, split predictions.Split, rows predictions.Table) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(run.Dir, model), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := predictions.Write(folder.PredictionPath(run.Dir, model, split), rows); err != nil {
			t.Fatal(err)
		}
	}
	save("hard", predictions.Validation, rows)
	save("hard", predictions.Test, rows)
	if _, err := run.Predictions("hard", predictions.Test); err == nil || !strings.Contains(err.Error(), "test.csv: row 1: got the set validation, want test") {
		t.Errorf("predictions on another set: got error %v, want a refusal", err)
	}
	save("teacher", predictions.Validation, predictions.Table{rows[1], rows[0]})
	if labels, err := run.TrainingLabels("hard", predictions.Validation); err != nil || !slices.Equal(labels, []float64{0, 1}) {
		t.Errorf("a teacher in another order: got labels %v, %v, want 0 for a and 1 for b", labels, err)
	}
}
