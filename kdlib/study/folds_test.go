package study

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"
)

// By hand: five cats and three dogs in two folds; each fold and the rest are all pictures, once.
func TestFolds(t *testing.T) {
	var all dataset.Data
	for i, label := range []float32{0, 1, 0, 0, 1, 1, 0, 0} {
		all.Examples = append(all.Examples, dataset.Example{ID: fmt.Sprint(i), Label: label})
	}
	fold := foldsOf(all.Examples, 2)
	if want := []int{0, 0, 1, 0, 1, 0, 1, 0}; !slices.Equal(fold, want) {
		t.Fatalf("got %v, want %v", fold, want)
	}
	rest, held, places := apart(all, fold, 1)
	if got, want := fmt.Sprint(rest.Examples, held.Examples, places), "[{0 0} {1 1} {3 0} {5 1} {7 0}] [{2 0} {4 1} {6 0}] [2 4 6]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Each picture has the prediction of the network of its fold, and of no other.
func TestCrossValPredict(t *testing.T) {
	backend, dir := xlatest.Backend(t), t.TempDir()
	if err := synth.Write(t.Context(), filepath.Join(dir, "faces.tar"), synth.Faces{N: 40, Size: 32, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	report := quiet{}
	c, err := OpenCollection(t.Context(), CollectionOptions{Pictures: filepath.Join(dir, "faces.tar"), CacheDir: dir, Manifest: filepath.Join(dir, "manifest.csv"),
		Data: recipe.Demo.Data, Report: report})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	how := recipe.Demo.Student
	how.Network, how.Epochs, how.Batch = smallnet.Name, 1, 8
	o := CrossVal{Dir: filepath.Join(dir, "folds"), Recipe: how, Folds: 2, Report: report}
	rows, err := c.CrossValPredict(t.Context(), backend, o)
	if err != nil {
		t.Fatal(err)
	}
	data := c.GroundTruth(predictions.Train)
	var by [2][]float64
	for k := range by {
		model, err := train.Best(backend, filepath.Join(o.Dir, fmt.Sprintf("fold-%d", k)))
		if err != nil {
			t.Fatal(err)
		}
		predicted, err := model.Predict(t.Context(), data, dataset.PredictOptions{Batch: 8})
		if err != nil {
			t.Fatal(err)
		}
		by[k] = predicted.P
	}
	for i, fold := range foldsOf(data.Examples, 2) {
		if rows[i].ID != data.Examples[i].ID || rows[i].Label != float64(data.Examples[i].Label) || rows[i].Split != predictions.Train {
			t.Fatalf("row %d: got %+v, want that of %+v", i, rows[i], data.Examples[i])
		}
		if near, far := rows[i].P-by[fold][i], rows[i].P-by[1-fold][i]; near*near > 1e-12 || far == 0 {
			t.Errorf("%s: differs by %v from the network of its fold, by %v from the other's", rows[i].ID, near, far)
		}
	}
	for _, folds := range []int{1, 15} {
		o.Folds = folds
		if _, err := c.CrossValPredict(t.Context(), backend, o); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("folds: got %d, want from 2 to 14", folds)) {
			t.Errorf("%d folds: error %v", folds, err)
		}
	}
}
