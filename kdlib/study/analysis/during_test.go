package analysis_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"
)

// Loss and accuracy are at their best in epochs of their own. Epoch 1 is on smaller pictures, where a loss means something else.
func TestBestDuringByHand(t *testing.T) {
	r := &analysis.Study{Study: &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}}
	past := history.History{
		{Number: 1, TrainLoss: 0.1, TrainAccuracy: 0.99, ValidationLoss: 0.1, ValidationAccuracy: 0.99, Size: 32},
		{Number: 2, TrainLoss: 0.5, TrainAccuracy: 0.7, ValidationLoss: 0.4, ValidationAccuracy: 0.75, Size: 64},
		{Number: 3, TrainLoss: 0.3, TrainAccuracy: 0.8, ValidationLoss: 0.6, ValidationAccuracy: 0.85, Size: 64},
		{Number: 4, TrainLoss: 0.4, TrainAccuracy: 0.9, ValidationLoss: 0.5, ValidationAccuracy: 0.85, Size: 64},
	}
	if err := os.MkdirAll(filepath.Join(r.Dir, "soft"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := past.Write(filepath.Join(r.Dir, "soft", history.File)); err != nil {
		t.Fatal(err)
	}
	got, err := r.BestDuring("soft")
	want := []analysis.During{{Split: predictions.Train, Loss: 0.3, LossEpoch: 3, Accuracy: 0.9, AccuracyEpoch: 4},
		{Split: predictions.Validation, Loss: 0.4, LossEpoch: 2, Accuracy: 0.85, AccuracyEpoch: 3}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if _, err := r.BestDuring("hard"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a history: got error %v", err)
	}
}
