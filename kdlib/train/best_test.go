package train

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train/history"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// By hand, (11): the probability 0.5, which is the logit 0, and the label 0.5 are on the side of the cats.
func TestCountRight(t *testing.T) {
	logits := []float32{0, 0, 0, -1, 1, 1}
	labels := []float32{0, 0.5, 1, 0.5, 0.5, 0.7}
	out, err := model.CallOnce(xlatest.Backend(t), model.NewStore(), func(_ *model.Scope, z, y *Node) *Node { return countRight(z, y) }, logits, labels)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := tensors.ToScalar[float32](out), float32(4); got != want { // not the third and the fifth
		t.Errorf("correct predictions: got %v, want %v", got, want)
	}
}

func fresh(t *testing.T, seed uint64) *Model {
	t.Helper()
	m, err := New(xlatest.Backend(t), resnet.ResNet18Narrow, Start{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Finalize)
	return m
}

// The best file changes with the epochs that are better than all before, and with no other.
func TestBestFileIsTheBestEpochs(t *testing.T) {
	dir, before := t.TempDir(), ""
	tr := &trainer{Run: Run{Dir: dir}, model: fresh(t, 0)}
	for i, accuracy := range []float64{0.8, 0.7, 0.9, 0.9} {
		bias := tensors.FromValue([]float32{float32(i)}) // an epoch changes the weights
		if err := tr.model.store.GetVariable("/network/dense/bias").SetValue(bias); err != nil {
			t.Fatal(err)
		}
		if err := tr.store(history.Epoch{Number: i + 1, ValidationAccuracy: accuracy}); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(filepath.Join(dir, BestFile))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := string(content) != before, i == 0 || i == 2; got != want {
			t.Errorf("epoch %d: best file changed: %v, want %v", i+1, got, want)
		}
		before = string(content)
	}
}

// A pool's network predicts with the weights of the best file, whatever it was used for before.
func TestPoolLoadsTheBest(t *testing.T) {
	dir, want := t.TempDir(), fresh(t, 1)
	want.Size = 96
	if err := want.Save(filepath.Join(dir, BestFile)); err != nil {
		t.Fatal(err)
	}
	o := recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1}
	config := recipe.Training{Network: string(resnet.ResNet18Narrow), Optimizer: o, Batch: 2, Epochs: 1}
	if err := recipe.WriteJSON(filepath.Join(dir, ConfigFile), config); err != nil {
		t.Fatal(err)
	}
	last := &Learner{model: fresh(t, 2)}
	pool := NewPool(xlatest.Backend(t))
	pool.learners[program{config.Network, recipe.Backbone{}, 0, o, recipe.Loss{}, 0, "", 2, architecture.MinSize}] = last
	got, err := pool.Best(dir, architecture.MinSize)
	if err != nil {
		t.Fatal(err)
	}
	name := "/network/conv1/kernel"
	if !got.store.GetVariable(name).MustValue().Equal(want.store.GetVariable(name).MustValue()) {
		t.Errorf("%s is not the best file's", name)
	}
	if got.Size != want.Size {
		t.Errorf("got pictures of %d pixels, want the %d that it learned from", got.Size, want.Size)
	}
}

// What fails gives no network and no learner that nobody would free.
func TestFailuresGiveNothing(t *testing.T) {
	backend := xlatest.Backend(t)
	if m, err := New(backend, architecture.Network("resnet7"), Start{}); err == nil || m != nil {
		t.Errorf("unknown network: got %v, error %v, want an error alone", m, err)
	}
	dir := t.TempDir()
	config := recipe.Training{Network: string(resnet.ResNet18Narrow), Optimizer: recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1}, Batch: 2, Epochs: 1}
	if err := recipe.WriteJSON(filepath.Join(dir, ConfigFile), config); err != nil {
		t.Fatal(err)
	}
	if m, err := Best(backend, dir); err == nil || m != nil {
		t.Errorf("no best file: got %v, error %v, want an error alone", m, err)
	}
	pool := NewPool(backend)
	defer pool.Close()
	if m, err := pool.Best(dir, architecture.MinSize); err == nil || m != nil {
		t.Errorf("no best file, of a pool: got %v, error %v, want an error alone", m, err)
	}
	tooMany := backend.NumDevices() + 1
	if l, err := NewLearner(fresh(t, 0), config.Optimizer, tooMany); err == nil || l != nil {
		t.Errorf("too many devices: got %v, error %v, want an error alone", l, err)
	}
}

// A white picture is 1 to the network, as if it had been divided by 255 before: what the first convolution makes of it
// is what it makes of ones.
func TestPicturesAreDividedBy255(t *testing.T) {
	m, err := New(xlatest.Backend(t), short, Start{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Finalize)
	got, err := m.Logits(filled(maxByte))
	if err != nil {
		t.Fatal(err)
	}
	exec := model.MustNewExec(m.backend, m.store, func(scope *model.Scope, x *Node) *Node {
		return m.Network.Logits(scope.At("network"), x, 0)
	})
	want := tensors.MustCopyFlatData[float32](exec.MustCall1(filled(1)))
	const rounding = 1e-5 // of float32 sums in two programs
	if d := float64(got[0]/want[0] - 1); !(math.Abs(d) <= rounding) {
		t.Errorf("white picture: got logit %v, want %v", got[0], want[0])
	}
}

// maxByte is the greatest value of a pixel.
const maxByte = 255

// filled is a picture of one shade.
func filled(value float32) *tensors.Tensor {
	return tensors.FromFlatDataAndDimensions(slices.Repeat([]float32{value}, architecture.MinSize*architecture.MinSize*3), 1, architecture.MinSize, architecture.MinSize, 3)
}
