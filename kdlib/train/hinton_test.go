package train_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"
)

// withTeacher is data with a teacher beside its labels who is right and never certain.
func withTeacher(t *testing.T, data dataset.Data, certainty float64) dataset.Data {
	t.Helper()
	var rows predictions.Table
	for _, e := range data.Examples {
		rows = append(rows, predictions.Row{ID: e.ID, P: 0.5 + certainty*(float64(e.Label)-0.5)})
	}
	data, err := dataset.WithTeacher(data, rows)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A run by Hinton's loss goes on as if it had not stopped, learns, and is not gone on with by another teacher.
func TestTrainingByHintonsLoss(t *testing.T) {
	backend := xlatest.Backend(t)
	r := run(t, t.TempDir(), train.Report{})
	r.Recipe.Loss = recipe.Loss{Name: recipe.Hinton, Temperature: 2, Alpha: 0.5}
	r.Recipe.Epochs = 2
	if _, err := r.Fit(context.Background(), backend); err == nil || !strings.Contains(err.Error(), "dataset.WithTeacher adds them") {
		t.Errorf("no teacher: got error %v, want one that says how to add one", err)
	}
	r.Train = withTeacher(t, r.Train, 0.8)
	whole, err := r.Fit(context.Background(), backend)
	if err != nil {
		t.Fatal(err)
	}
	if first, last := whole[0].TrainLoss, whole[1].TrainLoss; !(last < first) {
		t.Errorf("loss in two epochs: got %v and %v, want a fall", first, last)
	}
	parts := r
	parts.Dir, parts.Recipe.Epochs = t.TempDir(), 1
	if _, err := parts.Fit(context.Background(), backend); err != nil {
		t.Fatal(err)
	}
	parts.Recipe.Epochs = 2
	resumed, err := parts.Fit(context.Background(), backend)
	if err != nil || resumed[1].TrainLoss != whole[1].TrainLoss {
		t.Errorf("resumed: got %+v, %v, want %+v", resumed, err, whole)
	}
	parts.Train = withTeacher(t, examplesOf(r.Train), 0.4)
	if _, err := parts.Fit(context.Background(), backend); err == nil || !strings.Contains(err.Error(), "other predictions of a teacher") {
		t.Errorf("another teacher: got error %v, want a refusal", err)
	}
	r.Recipe.Loss = recipe.Loss{}
	r.Dir = t.TempDir()
	if _, err := r.Fit(context.Background(), backend); err == nil || !strings.Contains(err.Error(), `want false for the loss ""`) {
		t.Errorf("a teacher that no loss takes: got error %v, want a refusal", err)
	}
}

// examplesOf is data without a teacher.
func examplesOf(data dataset.Data) dataset.Data {
	return dataset.Data{Pictures: data.Pictures, Examples: slices.Clone(data.Examples)}
}
