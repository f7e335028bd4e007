package report

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report/internal/teststudy"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"
)

// small is a study of few predictions; the numbers below are worked out by hand.
func small(t *testing.T) *Study { return &Study{&analysis.Study{Study: teststudy.Small(t)}} }

// rows checks the first cells of some rows of a table.
func rows(t *testing.T, got table.Table, err error, want map[int][]string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range want {
		if i >= len(got.Rows) || len(row) > len(got.Rows[i]) || !reflect.DeepEqual(got.Rows[i][:len(row)], row) {
			t.Errorf("%s: row %d of %q, want %q", got.Title, i, got.Rows, row)
		}
	}
}

func TestThresholdTable(t *testing.T) {
	got, err := small(t).ThresholdTable(predictions.Test, 0.5, "teacher", "classical", "hard")
	rows(t, got, err, map[int][]string{
		0: {"teacher", "4", "1.00000", "0", "0", "0.06313"},   // (0 + 0.05^2 + 0.5^2 + 0) / 4: 0.5 is a cat
		1: {"classical", "4", "0.75000", "1", "0", "0.06563"}, // (0.1^2 + 0.05^2 + 0.5^2) / 4
		2: {"hard", "4", "0.50000", "1", "1", "0.11250"},      // (0.2^2 + 0.4^2 + 0.4^2 + 0.3^2) / 4
	})
	lower, err := small(t).ThresholdTable(predictions.Test, 0.4, "teacher")
	rows(t, lower, err, map[int][]string{0: {"teacher", "4", "0.75000", "1", "0", "0.06313"}}) // 0.5 is a dog now
}

func TestAgreementAndDisagreementTables(t *testing.T) {
	r := small(t)
	got, err := r.AgreementTable("classical", "hard", predictions.Test, 0.5)
	rows(t, got, err, map[int][]string{
		0: {"both are right", "1", "0.25000"},
		1: {"only classical is right", "2", "0.50000"},
		2: {"only hard is right", "1", "0.25000"},
		3: {"both are wrong", "0", "0.00000"},
	})
	got, err = r.DisagreementTable("classical", "hard", predictions.Test, 2) // two pictures are 0.7 apart: the earlier one first
	rows(t, got, err, map[int][]string{
		0: {"cat.0", "0", "0.90000", "0.20000", "+0.70000"},
		1: {"dog.0", "1", "1.00000", "0.30000", "+0.70000"},
	})
	if len(got.Rows) != 2 {
		t.Errorf("%d rows, want 2", len(got.Rows))
	}
	teststudy.Write(t, folder.PredictionPath(r.Dir, "hard", predictions.Test), predictions.Table{{ID: "cat.9", Split: predictions.Test}})
	if _, err := r.AgreementTable("classical", "hard", predictions.Test, 0.5); err == nil || !strings.Contains(err.Error(), "different pictures, such as cat.0") {
		t.Errorf("other pictures: error %v", err)
	}
}

func TestLabelsTable(t *testing.T) {
	r := small(t)
	got, err := r.LabelsTable("hard", predictions.Train, 3)
	rows(t, got, err, map[int][]string{ // of 0.2, 0.3, 0.4, 0.6: the ends, and 0.4, which lies in the middle
		0: {"cat.0", "0", "0.20000", "0", "0.20000", "agree"},
		1: {"cat.1", "0", "0.40000", "0", "0.40000", "agree"},
		2: {"cat.2", "0", "0.60000", "1", "0.60000", "differ"},
	})
	r.Recipe.SoftLabels.Alpha = 0.5
	got, err = r.LabelsTable("hard", predictions.Train, 3)
	rows(t, got, err, map[int][]string{1: {"cat.1", "0", "0.40000", "0", "0.20000", "agree"}}) // half of the way to the ground-truth label
}

func TestSpread(t *testing.T) {
	predicted := predictions.Table{{P: 1}, {P: 0}, {P: 0.01}, {P: 0.02}, {P: 0.03}}
	for n, want := range map[int][]float64{0: {}, 1: {0}, 2: {0, 1}, 3: {0, 0.03, 1}, 5: {0, 0.01, 0.02, 0.03, 1}, 9: {0, 0.01, 0.02, 0.03, 1}} {
		if got := spread(predicted, n).P(); !reflect.DeepEqual(got, want) {
			t.Errorf("%d rows: got %v, want %v", n, got, want)
		}
	}
}

func TestConfidenceTable(t *testing.T) {
	got, err := small(t).ConfidenceTable(predictions.Test, 0.5)
	rows(t, got, err, map[int][]string{
		0: {"teacher", "4", "0.06313", "0", ""},
		2: {"hard", "2", "0.10000", "2", "0.12500"}, // right: 0.2, 0.4; wrong: 0.6 and 0.3
	})
}

func TestConcentrationAndDoubtByClassTables(t *testing.T) {
	r := small(t)
	crowd, err := r.ConcentrationTable()
	const test = 8 // its first row
	rows(t, crowd, err, map[int][]string{
		// Printed: 0.48027 + 0.48587, and [0.1, 0.15).
		test:     {"teacher", "test", "0.50000", "0.96614", "-0.46614", "0.25000", "0.00480", "+0.24520"},
		test + 3: {"soft", "test", "0.25000", "", "", "0.25000", "", ""},
	})
	sides, err := r.DoubtByClassTable()
	rows(t, sides, err, map[int][]string{test + 3: {"soft", "test", "0.50000", "", "", "0.25000", "", ""}}) // 0.1, 0.45 and 0.7
}

func TestSummary(t *testing.T) {
	r := small(t)
	got, err := r.SummaryTable()
	rows(t, got, err, map[int][]string{
		// Wilson of 4/4 with z = 1.959964: from 4 / (4 + z^2). unc: one in 27 draws of the three cats is all 0, one all 0.5,
		// more than the 2.5 % that the interval leaves out: 0 to 0.75 * 0.5^2.
		0: {"teacher", "ground truth", "1.00000", "0.97333", "+0.02667", "0.06313", "0.00197", "+0.06116", "0.51011 to 1.00000", "0.00000 to 0.18750"},
		3: {"soft", "soft labels of the teacher", "0.75000", "0.96320", "-0.21320", "0.07603", "0.00403", "+0.07200"},
	})
	if _, err := r.SummaryFigure(); err != nil {
		t.Error(err)
	}
}

func TestSpreadTable(t *testing.T) {
	r := small(t)
	spread, err := r.SpreadTable()
	if err != nil || len(spread.Rows) != 0 {
		t.Errorf("one seed: got %v, %v, want no rows", spread.Rows, err)
	}
	r.Recipe.Seeds = 2
	for model, p := range map[string][]float64{"classical": {0.1, 0.05, 0.6, 0.3}, "hard": {0.2, 0.4, 0.6, 0.3}, "soft": {0.1, 0.45, 0.2, 0.96}} {
		teststudy.Write(t, folder.PredictionPath(r.Dir, folder.Repeated(model, 2), predictions.Test), predictions.Table{{ID: "cat.0", Split: predictions.Test, P: p[0]}, {ID: "cat.1", Split: predictions.Test, P: p[1]},
			{ID: "cat.2", Split: predictions.Test, P: p[2]}, {ID: "dog.0", Split: predictions.Test, Label: 1, P: p[3]}})
	}
	spread, err = r.SpreadTable()
	// Two values a and b have the standard deviation |a - b| / sqrt(2).
	rows(t, spread, err, map[int][]string{
		0: {"classical", "2", "accuracy (12)", "0.62500", "0.17678", "0.50000", "0.75000", "0.96160"},
		2: {"hard", "2", "accuracy (12)", "0.50000", "0.00000", "0.50000", "0.50000", "0.95440"},
		4: {"soft", "2", "accuracy (12)", "0.87500", "0.17678", "0.75000", "1.00000", "0.96320"},
	})
	if len(spread.Rows) != 6 {
		t.Errorf("got %d rows, want two for each student", len(spread.Rows))
	}
	// The mean of 3/4, 2/4, 2/4, 2/4, 3/4 and 4/4 is 2/3: sqrt(2/3 x 1/3 / 4) = 0.2357.
	if got := fmt.Sprint(spread.Notes); !strings.Contains(got, "on 4 pictures") || !strings.Contains(got, "by 0.236 (one") {
		t.Errorf("notes: got %s, want what 4 pictures do", got)
	}
}

func TestSettingsTable(t *testing.T) {
	r := small(t)
	r.Recipe = recipe.Paper
	for _, model := range []string{paper.Teacher, paper.Soft, folder.Generation(paper.Soft, 6)} {
		for _, row := range r.SettingsTable(model).Rows {
			if row[1] != row[2] || row[3] != "" {
				t.Errorf("the paper's recipe differs from itself: %q", row)
			}
		}
	}
	r.Recipe.Teacher.Weights = ""
	r.Recipe.Teacher.Augment.Shift = 0.1
	r.Recipe.Data.Pictures = 4000
	got := r.SettingsTable(paper.Teacher)
	rows(t, got, nil, map[int][]string{
		0: {"pictures", "4000", "all", "differs"},
		3: {"first weights", "random", "ImageNet", "differs"}, // no file is named
		9: {"shift", "up to 0.1 of width and height", "no", "differs"},
	})
	r.Recipe.Chain = r.Recipe.Student
	r.Recipe.Chain.Epochs = 4
	r.Recipe.SoftLabels.Temperature = 2
	r.Recipe.Student.Optimizer = r.Recipe.Student.Optimizer.Literal()
	rows(t, r.SettingsTable(paper.Soft), nil, map[int][]string{5: {"optimizer", "Adam as printed, k1 = 10, k2 = 1000", "Keras's Adam", "differs"},
		10: {"epochs", "100", "100", ""}, 12: {"soft labels (14)", "T = 2", "T = 1", "differs"}})
	rows(t, r.SettingsTable(folder.Generation(paper.Hard, 1)), nil, map[int][]string{10: {"epochs", "4", "100", "differs"}})
}

// What the paper has nothing of has rows only where a recipe asks for it.
func TestFurtherSettings(t *testing.T) {
	r := small(t)
	r.Recipe = recipe.Better
	rows(t, r.SettingsTable(paper.Soft), nil, map[int][]string{
		1:  {"size", "128 × 128", "224 × 224", "differs"},
		11: {"batch", "64", "32", "differs"},
		12: {"forms of convolutions", "winograd", "Keras's", "differs"},
		13: {"schedule of the learning rate", "one cycle, from 0 in the first 0.25 of all steps and to 0 at the end", "no", "differs"},
		14: {"first epochs", "16 at 64 × 64, shift up to 0.2; 10 at 96 × 96, shift up to 0.15", "as all", "differs"},
		15: {"moving average of the weights", "0.995", "no", "differs"},
		16: {"what predicts", "the moving average of the weights", "the best epoch", "differs"},
		17: {"mean with the mirror image", "as a further column", "no", "differs"},
		18: {"soft labels (14)", "T = 1", "T = 1", ""},
	})
	r.Recipe = recipe.Paper
	r.Recipe.Student.Loss = recipe.Loss{Name: recipe.Hinton, Temperature: 3, Alpha: 0.3}
	rows(t, r.SettingsTable(paper.Hard), nil, map[int][]string{12: {"loss", "hinton, T = 3, alpha = 0.3", "cross-entropy (2)", "differs"}})
}

func TestSplitTable(t *testing.T) {
	r := small(t)
	manifest := images.Manifest{{ID: "cat.0", Split: predictions.Train}, {ID: "dog.0", Split: predictions.Train, Label: 1}, {ID: "dog.1", Split: predictions.Train, Label: 1}, {ID: "cat.1", Split: predictions.Test}}
	if err := manifest.Write(filepath.Join(r.Dir, folder.ManifestFile)); err != nil {
		t.Fatal(err)
	}
	got, err := r.SplitTable()
	rows(t, got, err, map[int][]string{
		0: {"train", "1", "2", "3", "75.0", "17500", "70"},
		1: {"validation", "0", "0", "0", "0.0", "3750", "15"},
		2: {"test", "1", "0", "1", "25.0", "3750", "15"},
	})
}

func TestTruth(t *testing.T) {
	truth := synth.Truths{{ID: "cat.0", P: 0.1}, {ID: "dog.0", Label: 1, P: 0.8}}
	points, err := AgainstTruth("soft", predictions.Table{{ID: "dog.0", P: 0.7}, {ID: "cat.0", P: 0.2}}, truth)
	if err != nil || !reflect.DeepEqual(points.X, []float64{0.8, 0.1}) || !reflect.DeepEqual(points.Y, []float64{0.7, 0.2}) {
		t.Errorf("points %v, error %v", points, err)
	}
	if _, err := AgainstTruth("soft", predictions.Table{{ID: "cat.1"}}, truth); err == nil || !strings.Contains(err.Error(), "cat.1") {
		t.Errorf("unknown picture: error %v", err)
	}
	if _, err := TruthFigure(truth, 0.05); err != nil {
		t.Error(err)
	}
	if _, err := TruthFigure(truth[:1], 0.05); err == nil || !strings.Contains(err.Error(), "dogs") {
		t.Errorf("no dogs: error %v", err)
	}
}
