package train_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network"
	"distillation/kdlib/train"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"
)

// colours stands for a function that its user edits: it predicts by the mean colour, through so many hidden units.
var hidden = 4

var _ = network.Register("colours", func(scope *model.Scope, x *Node, dropout float64) *Node {
	x = layers.Dense(scope.In("hidden"), ReduceMean(x, 1, 2), true, hidden)
	return layers.Dense(scope.In("head"), Tanh(x), true, 1)
})

// flat depends on the size of its pictures, as many small networks do.
var _ = network.Register("flat", func(scope *model.Scope, x *Node, dropout float64) *Node {
	return layers.Dense(scope, Reshape(x, x.Shape().Dimensions[0], -1), true, 1)
})

var _ = network.Register("two logits", func(scope *model.Scope, x *Node, dropout float64) *Node {
	return layers.Dense(scope, ReduceMean(x, 1, 2), true, 2)
})

// A network of the program's own is trained, gone on with, and asked.
func TestOwnNetwork(t *testing.T) {
	backend := xlatest.Backend(t)
	for _, name := range []string{"colours", "flat"} {
		r := run(t, t.TempDir(), train.Report{})
		r.Recipe.Network, r.Recipe.Epochs = name, 1
		if _, err := r.Fit(context.Background(), backend); err != nil {
			t.Fatal(err)
		}
		r.Recipe.Epochs = 2
		if _, err := r.Fit(context.Background(), backend); err != nil {
			t.Errorf("%s, one epoch more: %v", name, err)
		}
		m, err := train.Best(backend, r.Dir)
		if err != nil {
			t.Fatal(err)
		}
		predicted, err := m.Predict(context.Background(), r.Validation, dataset.PredictOptions{Batch: 4})
		m.Finalize()
		if err != nil || len(predicted.P) != len(r.Validation.Examples) {
			t.Errorf("%s: got %d predictions, %v, want %d", name, len(predicted.P), err, len(r.Validation.Examples))
		}
	}
}

// A function that has changed since an epoch was stored is refused, and what is stored stays.
func TestEditedNetworkIsRefused(t *testing.T) {
	backend := xlatest.Backend(t)
	r := run(t, t.TempDir(), train.Report{})
	r.Recipe.Network, r.Recipe.Epochs = "colours", 1
	if _, err := r.Fit(context.Background(), backend); err != nil {
		t.Fatal(err)
	}
	before := contents(t, r.Dir)
	hidden = 5
	defer func() { hidden = 4 }()
	r.Recipe.Epochs = 2
	_, err := r.Fit(context.Background(), backend)
	if want := filepath.Join(r.Dir, train.LastFile) + " was trained with another graph of the network colours"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want %q", err, want)
	}
	after := contents(t, r.Dir)
	delete(before, train.ConfigFile) // says 2 epochs now
	delete(after, train.ConfigFile)
	checkSame(t, after, before)
}

func TestWrongOwnNetwork(t *testing.T) {
	r := run(t, t.TempDir(), train.Report{})
	for name, want := range map[string]string{
		"two logits": "network two logits: got logits (Float32)[2, 2] of 2 pictures, want [2, 1]",
		"mine":       `network: got "mine", want one of ` + strings.Join(network.Names(), ", "),
	} {
		r.Recipe.Network = name
		if _, err := r.Fit(context.Background(), xlatest.Backend(t)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %q", name, err, want)
		}
	}
}
