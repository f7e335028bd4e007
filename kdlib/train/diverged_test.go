package train

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train/history"

	"github.com/gomlx/gomlx/core/tensors"
)

// A network that is spoilt in the second epoch stops the run: epoch, batch and tensor are named, and what the first epoch
// stored stays.
func TestLossThatIsNotFinite(t *testing.T) {
	shades := grey32{}
	var data dataset.Data
	data.Pictures = shades
	for i := range 8 {
		data.Examples = append(data.Examples, dataset.Example{ID: fmt.Sprint(30 * i), Label: float32(i % 2)})
	}
	r := Run{Dir: t.TempDir(), Train: data, Validation: data, Recipe: recipe.Training{
		Network: smallnet.Name, Optimizer: recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1e-3}, Epochs: 3, Batch: 2, Seed: 1,
	}}
	pool := NewPool(xlatest.Backend(t))
	defer pool.Close()
	kept := map[string]string{}
	r.Report.Step = func(s history.Step) {
		if s.Epoch != 2 || s.Number != 1 {
			return
		}
		for _, name := range []string{BestFile, LastFile, history.File} {
			kept[name] = text(t, r.Dir, name)
		}
		for _, l := range pool.learners {
			bias := tensors.FromValue([]float32{float32(math.NaN())})
			if err := l.model.store.GetVariable("/network/head/dense/biases").SetValue(bias); err != nil {
				t.Fatal(err)
			}
		}
	}
	past, err := pool.Fit(context.Background(), r)
	if err == nil {
		t.Fatal("got no error, want one")
	}
	for _, want := range []string{r.Dir, "epoch 2", "batch 2 of 4", "loss: got NaN", "such as network/"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q in it", err, want)
		}
	}
	if len(past) != 1 {
		t.Errorf("got %d epochs, want the one that was stored", len(past))
	}
	for name, before := range kept {
		if text(t, r.Dir, name) != before {
			t.Errorf("%s has changed", name)
		}
	}
	r.Report.Step = nil
	if past, err = pool.Fit(context.Background(), r); err != nil || len(past) != 3 {
		t.Errorf("gone on with: got %d epochs, %v, want 3", len(past), err)
	}
}

func text(t *testing.T, dir, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// grey32 has pictures of one shade each; a picture's id is its shade.
type grey32 struct{}

func (grey32) Size() int { return architecture.MinSize }

func (grey32) Image(id string) ([]uint8, bool) {
	var shade uint8
	_, err := fmt.Sscan(id, &shade)
	pixels := make([]uint8, architecture.MinSize*architecture.MinSize*3)
	for i := range pixels {
		pixels[i] = shade
	}
	return pixels, err == nil
}
