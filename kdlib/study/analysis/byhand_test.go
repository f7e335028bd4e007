package analysis_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
)

// Ten pictures in a call of 4 s take 0.4 s each; the first call of all compiles and is not one of them.
func TestTimesAreOfOnePicture(t *testing.T) {
	r := &analysis.Study{Study: &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}}
	calls := []folder.Call{{Network: recipe.ResNet18, Batch: 10, Number: 0, Prepare: 1, Inference: 50}, {Network: recipe.ResNet18, Batch: 10, Number: 1, Prepare: 2, Inference: 4},
		{Network: recipe.ResNet18, Batch: 10, Number: 2, Prepare: 3, Inference: 8}, {Network: recipe.ResNet18, Batch: 1, Number: 1, Prepare: 7, Inference: 7},
		{Network: recipe.ResNet50, Batch: 10, Number: 1, Prepare: 9, Inference: 9}}
	if err := folder.WriteTiming(filepath.Join(r.Dir, folder.TimingFile), calls); err != nil {
		t.Fatal(err)
	}
	got, err := r.Latency(recipe.ResNet18, 10)
	if err != nil || got.Images != 20 || got.First != 50 || !slices.Equal(got.Inference, []float64{0.4, 0.8}) || !slices.Equal(got.Prepare, []float64{0.2, 0.3}) {
		t.Errorf("got %+v, %v, want 20 pictures of 0.4 and 0.8 s, prepared in 0.2 and 0.3", got, err)
	}
}

func table(labels []float64, p ...float64) predictions.Table {
	var rows predictions.Table
	for i, v := range p {
		rows = append(rows, predictions.Row{ID: string(rune('a' + i)), Split: predictions.Test, Label: labels[i], P: v})
	}
	return rows
}

// Of two repetitions one is right on three of four, the other on two: 5/8 in the mean.
func TestAugmentedAccuracyByHand(t *testing.T) {
	r := &analysis.Study{Study: &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}}
	r.Recipe.Repetitions = 2
	if err := os.MkdirAll(filepath.Join(r.Dir, "soft"), 0o755); err != nil {
		t.Fatal(err)
	}
	labels := []float64{0, 0, 1, 1}
	for i, rows := range []predictions.Table{table(labels, 0.1, 0.9, 0.8, 0.7), table(labels, 0.1, 0.9, 0.8, 0.2)} {
		if err := predictions.Write(folder.AugmentedPath(r.Dir, "soft", i), rows); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := r.AugmentedAccuracy(paper.Soft); err != nil || got != 0.625 {
		t.Errorf("got %v, %v, want 0.625", got, err)
	}
}

// On a to e the first is right, wrong, right, wrong, wrong, the second right, wrong, wrong, right, wrong.
func TestCompareByHand(t *testing.T) {
	labels := []float64{0, 0, 1, 1, 0}
	first, second := table(labels, 0.1, 0.9, 0.8, 0.2, 0.7), table(labels, 0.2, 0.8, 0.3, 0.9, 0.6)
	var pairs []analysis.Pair
	for i := range first {
		pairs = append(pairs, analysis.Pair{Row: first[i], Other: second[i].P})
	}
	if got, want := analysis.Compare(pairs, distill.Threshold), (stats.McNemar{Both: 1, First: 1, Second: 1, Neither: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Fewer pictures are other pictures, also where those that are there are the same.
func TestAlignWantsTheSamePictures(t *testing.T) {
	labels := []float64{0, 0, 1, 1}
	few, many := table(labels, 0.1, 0.9), table(labels, 0.1, 0.9, 0.8)
	for _, all := range [][]predictions.Table{{few, many}, {many, few}} {
		if got, err := analysis.Align(all, predictions.Test, []string{"hard", "soft"}); err == nil || !strings.Contains(err.Error(), "hard and soft have predictions on different pictures") {
			t.Errorf("got %v, %v, want an error", got, err)
		}
	}
}

// The loss of saturated predictions, and its interval, come from their logits: 150 for a cat and for a dog that is called the other.
func TestLossOfLogits(t *testing.T) {
	rows := table([]float64{0, 0, 1, 1}, 1, 1, 1e-44, 1e-44)
	for i := range rows {
		rows[i].Logit, rows[i].HasLogit = []float64{150, 150, -150, -150}[i], true
	}
	got, err := analysis.WithIntervals([]analysis.Labelled{{Predicted: analysis.Predicted(rows), Y: rows.Labels(), Class: analysis.Classes(rows)}}, distill.Threshold)
	if want := (stats.Interval{Low: 150, High: 150}); err != nil || got[0].Loss != 150 || got[0].LossInterval != want || got[0].Clamped != 0 {
		t.Errorf("got %+v, %v, want the loss 150 everywhere", got, err)
	}
	values, intervals, err := analysis.BootstrapQualities(rows)
	at := slices.IndexFunc(analysis.Qualities, func(q analysis.Quality) bool { return strings.HasPrefix(q.Name, "loss") })
	if err != nil || values[at] != 150 || intervals[at] != (stats.Interval{Low: 150, High: 150}) {
		t.Errorf("got %v, %v, %v, want the loss 150", values, intervals, err)
	}
}

// One of 49 is right, although 1/49 times 49 is less than 1 in float64.
func TestIntervalOfOneIn49(t *testing.T) {
	a := analysis.Labelled{Predicted: metrics.Predicted{P: make([]float64, 49)}, Y: slices.Repeat([]float64{1}, 49), Class: slices.Repeat([]int{1}, 49)}
	a.Y[7] = 0
	got, err := analysis.WithIntervals([]analysis.Labelled{a}, distill.Threshold)
	want, err2 := stats.Wilson(1, 49, stats.Confidence)
	if err != nil || err2 != nil || got[0].AccuracyInterval != want {
		t.Errorf("got %+v, %v, want the interval %v, %v", got, err, want, err2)
	}
}

func TestClasses(t *testing.T) {
	if got, want := analysis.Classes(table([]float64{0, 1, 0.5, 0.6}, 0, 0, 0, 0)), []int{0, 1, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
