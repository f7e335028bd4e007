// Package fit trains networks by a recipe and lets them answer.
//
// A training run is a folder: config.json (the recipe), history.csv (an epoch a line), last.safetensors
// (everything needed to go on), best.safetensors (the network of the best epoch, the run's result).
package fit

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"

	"distillation/kdlib/recipe"
	"distillation/kdlib/resnet"
	"distillation/kdlib/weights"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"
)

// maxPixel is the paper's divisor: pictures are divided by 255 after all preprocessing.
const maxPixel = 255

// Model is a network with its variables on a backend.
type Model struct {
	Network  resnet.Network
	Size     int       // width and height of the pictures that it learned from; 0: not known. It answers on others, too
	Classes  [2]string // names of the labels 0 and 1; none: not known
	Watch    Watch     // may be nil
	backend  compute.Backend
	store    *model.Store
	dropout  float64
	answer   *model.Exec     // pictures -> logits, one program a batch shape
	compiled map[string]bool // programs, by name
}

// New returns a network with weights drawn from seed. Dropout is the rate before the dense layer
// while training, [0, 1).
func New(backend compute.Backend, network resnet.Network, dropout float64, seed uint64) (*Model, error) {
	m, err := empty(backend, network, dropout)
	if err != nil {
		return nil, err
	}
	if err := m.store.SetRNGStateFromSeed(int64(seed)); err != nil {
		m.Finalize()
		return nil, fmt.Errorf("fit: seed %d: %w", seed, err)
	}
	if err := m.initialize(); err != nil {
		m.Finalize()
		return nil, err
	}
	return m, nil
}

// Best loads the result of a finished run: the network of its best epoch.
func Best(backend compute.Backend, dir string) (*Model, error) {
	config, err := configOf(dir)
	if err != nil {
		return nil, err
	}
	m, err := New(backend, resnet.Network(config.Network), 0, 0)
	if err != nil {
		return nil, err
	}
	if err := m.load(filepath.Join(dir, BestFile)); err != nil {
		m.Finalize()
		return nil, err
	}
	return m, nil
}

func configOf(dir string) (recipe.Training, error) {
	var config recipe.Training
	err := recipe.ReadJSON(filepath.Join(dir, ConfigFile), &config)
	if errors.Is(err, fs.ErrNotExist) {
		return config, fmt.Errorf("fit: %s holds no training run: it has no %s", dir, ConfigFile)
	}
	return config, err
}

// load replaces the network's variables by those of a safetensors file, as Save wrote it, which must be the same set.
func (m *Model) load(path string) error {
	file, err := weights.Read(path)
	if err != nil {
		return err
	}
	if err := file.Match(m.store, m.inNetwork, path); err != nil {
		return err
	}
	m.Size, m.Classes = 0, weights.Classes(file.Meta)
	if text, ok := file.Meta[metaSize]; ok {
		if m.Size, err = strconv.Atoi(text); err != nil {
			return fmt.Errorf("fit: %s: size of its pictures: %w", path, err)
		}
	}
	return file.Restore(m.store)
}

// Save writes the network's variables, without the optimizer's, to a safetensors file.
func (m *Model) Save(path string) error {
	meta := map[string]string{"network": string(m.Network)}
	if m.Size != 0 {
		meta[metaSize] = strconv.Itoa(m.Size)
	}
	return weights.Save(path, m.store, m.inNetwork, weights.WithClasses(meta, m.Classes))
}

// Finalize frees the weights and compiled programs. The model cannot be used afterwards.
func (m *Model) Finalize() {
	m.answer.Finalize()
	m.store.Finalize()
}

func (m *Model) inNetwork(v *model.Variable) bool { return weights.InScope(v, weights.Network) }

func empty(backend compute.Backend, network resnet.Network, dropout float64) (*Model, error) {
	m := &Model{Network: network, backend: backend, store: model.NewStore(), dropout: dropout, compiled: map[string]bool{}}
	var err error
	m.answer, err = model.NewExec(backend, m.store, func(scope *model.Scope, x *Node) *Node {
		return m.logits(scope, x)
	})
	if err != nil {
		return nil, fmt.Errorf("fit: %w", err)
	}
	return m, nil
}

// logits builds the network on pictures [n, size, size, 3] in [0, 255] and returns [n, 1].
func (m *Model) logits(scope *model.Scope, x *Node) *Node {
	return m.Network.Logits(scope.At(weights.Network), DivScalar(x, maxPixel), m.dropout)
}

// initialize creates the variables without compiling the network: its graph is only built, on the smallest picture, since
// the shapes of variables do not depend on its size.
func (m *Model) initialize() error {
	return caught(func() error {
		builder, err := model.NewExec(m.backend, m.store, func(scope *model.Scope, g *Graph) *Node {
			m.logits(scope, Zeros(g, shapes.Make(dtypes.Float32, 1, resnet.MinSize, resnet.MinSize, 3)))
			return ScalarZero(g, dtypes.Float32)
		})
		if err != nil {
			return err
		}
		defer builder.Finalize()
		_, err = builder.Call()
		return err
	})
}

// call runs a program.
func call(exec *model.Exec, args ...any) (out []*tensors.Tensor, err error) {
	err = caught(func() error {
		out, err = exec.Call(args...)
		return err
	})
	return out, err
}

// caught turns the panic of a graph builder into an error: here and nowhere else.
func caught(fn func() error) error {
	var err error
	if panicked := exceptions.TryCatch[error](func() { err = fn() }); panicked != nil {
		err = panicked
	}
	if err != nil {
		return fmt.Errorf("fit: %w", err)
	}
	return nil
}
