package report_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/golden"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"
)

// expected is what testdata of package analysis says of its study.
type expected struct {
	Scores    map[string]numbers
	Augmented map[string]struct {
		Each []numbers
		Mean numbers
	}
	Histogram []float64 `json:"histogram teacher train 0.25"`
}

type numbers struct{ Loss, Accuracy, Uncertainty float64 }

// ofAnalysis is where that study lies, as golden.Read is told.
const ofAnalysis = "../../study/analysis/testdata"

func load(t *testing.T) (*report.Study, expected) {
	t.Helper()
	run, err := report.Open(filepath.Join("testdata", ofAnalysis, "run"))
	if err != nil {
		t.Fatal(err)
	}
	var want expected
	golden.Read(t, filepath.Join(ofAnalysis, "expected.json"), &want)
	return run, want
}

// cell finds the cell under a column in the first row that begins with the given cells.
func cell(t *testing.T, tab table.Table, column int, begins ...string) string {
	t.Helper()
	for _, row := range tab.Rows {
		if slices.Equal(row[:len(begins)], begins) {
			return row[column]
		}
	}
	t.Fatalf("%s: no row begins with %v", tab.Title, begins)
	return ""
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestScoresTable(t *testing.T) {
	run, want := load(t)
	tab, err := run.ScoresTable(run.MainModels()...)
	must(t, err)
	const printedRows = 20 // lines of sections 3.1 and 3.2
	if len(tab.Rows) != printedRows {
		t.Errorf("rows: got %d, want %d", len(tab.Rows), printedRows)
	}
	row := []string{"soft", "test", "teacher", "without"}
	ours := want.Scores["soft test teacher"]
	for column, text := range map[int]string{
		4: table.Fixed(ours.Loss, 5), 5: "0.13455", 6: table.Signed(ours.Loss-0.13455, 5),
		7: table.Fixed(ours.Accuracy, 5), 8: "0.96053", 9: table.Signed(ours.Accuracy-0.96053, 5),
	} {
		if got := cell(t, tab, column, row...); got != text {
			t.Errorf("%v, column %s: got %s, want %s", row, tab.Columns[column].Name, got, text)
		}
	}
	// The lowest loss and the highest accuracy of two repetitions, each by itself, beside the means.
	for _, model := range run.MainModels() {
		a, b := want.Augmented[model].Each[0], want.Augmented[model].Each[1]
		mean := want.Augmented[model].Mean
		for column, want := range map[int]float64{4: min(a.Loss, b.Loss), 7: max(a.Accuracy, b.Accuracy), 10: mean.Loss, 11: mean.Accuracy} {
			if got := cell(t, tab, column, model, "test", "ground truth", "with"); got != table.Fixed(want, 5) {
				t.Errorf("%s with augmentation, %s: got %s, want %s", model, tab.Columns[column].Name, got, table.Fixed(want, 5))
			}
		}
	}
}

func TestHistogramTable(t *testing.T) {
	run, want := load(t)
	tab, err := run.HistogramTable(predictions.Train, 0.25, "teacher")
	must(t, err)
	for i, frequency := range want.Histogram {
		if got := tab.Rows[i][1]; got != table.Fixed(frequency, 5) {
			t.Errorf("%s: got %s, want %v", tab.Rows[i][0], got, frequency)
		}
	}
	if got := tab.Rows[3][0]; got != "[0.75, 1]" {
		t.Errorf("last bin: got %s, want it closed", got)
	}
	// At the paper's width the printed numbers stand beside; the soft student's test table is missing.
	tab, err = run.HistogramTable(predictions.Test, 0.05, "teacher", "soft")
	must(t, err)
	if len(tab.Rows) != 20 || len(tab.Columns) != 6 || tab.Rows[0][2] != "0.48027" {
		t.Errorf("got %d rows, columns %v, first row %v", len(tab.Rows), tab.Columns, tab.Rows[0])
	}
	if _, err := run.HistogramTable(predictions.Train, 0.3, "teacher"); err == nil {
		t.Error("width 0.3: got no error, want one: it does not divide 1")
	}
}

func TestOtherTables(t *testing.T) {
	run, want := load(t)
	tab, err := run.UncertaintyTable(distill.Threshold)
	must(t, err)
	if got, want := cell(t, tab, 3, "hard", "validation"), table.Fixed(want.Scores["hard validation hand"].Uncertainty, 5); got != want {
		t.Errorf("unc of hard on validation: got %s, want %s", got, want)
	}
	tab, err = run.RecursionTable("soft")
	must(t, err)
	if got, want := cell(t, tab, 3, "1", "train", "teacher"), table.Fixed(want.Scores["soft-1 train teacher"].Accuracy, 5); got != want {
		t.Errorf("soft-1 on train: got %s, want %s", got, want)
	}
	tab, err = run.TrainingTable("classical")
	must(t, err)
	// Epochs 2 and 3 tie in accuracy; epoch 2 has the lower loss. Three epochs of 30 s are 1.5 minutes.
	if got, want := tab.Rows[0], []string{"classical", "3", "2", "86", "ground truth", "0.75000", "0.60000", "1.5"}; !slices.Equal(got, want) {
		t.Errorf("training: got %v, want %v", got, want)
	}
	tab, err = run.TrainingTable("hard") // by the teacher's labels; printed: epoch 47
	must(t, err)
	if got, want := []string{tab.Rows[0][0], tab.Rows[0][3], tab.Rows[0][4]}, []string{"hard", "47", "teacher"}; !slices.Equal(got, want) {
		t.Errorf("training: got %v, want %v", got, want)
	}
	run.Recipe.Student.Answer = recipe.AverageWeights
	tab, err = run.TrainingTable("hard")
	must(t, err)
	if want := []string{"hard: its predictions are not the best epoch's: the moving average of the weights predicts"}; !slices.Equal(tab.Notes, want) {
		t.Errorf("training, its average predicts: got notes %q, want %q", tab.Notes, want)
	}
	tab, err = run.TimingTable()
	must(t, err)
	// Calls after the first: 0.2, 0.3, 0.4 against 0.05, 0.1, 0.2 seconds.
	if got := []string{tab.Rows[0][3], tab.Rows[1][3], tab.Rows[0][9]}; !slices.Equal(got, []string{"0.30000", "0.10000", "9.00"}) {
		t.Errorf("medians and first call: got %v", got)
	}
	// 0.35452 / 0.07168, and 3 less that
	if got, want := tab.Rows[2][:6], []string{"ratio", "1", "3", "3.00000", "4.94587", "-1.94587"}; !slices.Equal(got, want) {
		t.Errorf("ratio: got %q, want %q", got, want)
	}
	tab, err = run.SourceTable()
	must(t, err)
	if cell(t, tab, 1, "commit") != "0123abc" || !strings.HasSuffix(cell(t, tab, 1, "when"), "03:04 UTC, interrupted") {
		t.Errorf("source: got %v", tab.Rows)
	}
}

// A call of a batch is shared by its pictures, and the paper has no such time.
func TestTimingOfBatches(t *testing.T) {
	run := report.Study{Study: &analysis.Study{Study: &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}}}
	run.Recipe.Timing.Batch = 2
	var calls []folder.Call
	for network, seconds := range map[string]float64{recipe.ResNet50: 0.5, recipe.ResNet18: 0.25} {
		for number, factor := range []float64{10, 1, 1, 1} {
			calls = append(calls, folder.Call{Network: network, Batch: 1, Number: number, Inference: factor * seconds},
				folder.Call{Network: network, Batch: 2, Number: number, Prepare: 0.5, Inference: factor * seconds * 1.5})
		}
	}
	if err := folder.WriteTiming(filepath.Join(run.Dir, folder.TimingFile), calls); err != nil {
		t.Fatal(err)
	}
	tab, err := run.TimingTable()
	must(t, err)
	const at, pictures, median, printed, prepare, first = 1, 2, 3, 4, 8, 9
	row := tab.Rows[3] // ResNet-50, two at a time: three calls of 0.75 s, the first of 7.5 s
	if got, want := []string{row[0], row[at], row[pictures], row[median], row[printed], row[prepare], row[first]},
		[]string{paper.ResNet50, "2", "6", "0.37500", "", "0.25000", "7.50"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := tab.Rows[0][pictures] + " " + tab.Rows[0][median]; got != "3 0.50000" {
		t.Errorf("one at a time: got %q, want 3 pictures of 0.5 s", got)
	}
}

// Every table and figure of the paper can be made and saved.
func TestSavesAll(t *testing.T) {
	run, _ := load(t)
	dir := t.TempDir()
	for _, named := range run.Tables() {
		if err := named.Save(dir); err != nil {
			t.Errorf("%s: %v", named.File, err)
		}
	}
	for _, named := range run.Figures() {
		if err := named.Save(dir); err != nil {
			t.Errorf("%s: %v", named.File, err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := len(run.Tables()) + len(run.Figures()); len(files) != want {
		t.Errorf("files: got %d, want %d", len(files), want)
	}
}
