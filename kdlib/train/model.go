// Package train trains networks by a recipe and lets them predict.
//
// A training run is a folder: config.json (the recipe, the size of the pictures), history.csv (an epoch a line), last.safetensors
// (everything needed to go on), best.safetensors (the network of the best epoch, the run's result unless its recipe says otherwise),
// average.safetensors (of a recipe with an average: its network).
package train

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"distillation/kdlib/network"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"

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
	Network  network.Network
	Size     int       // width and height of the pictures that it learned from; 0: not known. It predicts on others, too
	Classes  [2]string // names of the labels 0 and 1; none: not known
	Watch    Watch     // may be nil
	backend  compute.Backend
	store    *model.Store
	dropout  float64
	graph    string          // SHA-256 of the graph of a network that the program registered, or of a backbone's file; see checkGraph
	forward  *model.Exec     // pictures -> logits, one program a batch shape
	measure  *model.Exec     // pictures, number of the batch -> moving statistics, see measureStatistics; nil until then
	compiled map[string]bool // programs, by name
}

// Start says how a model begins.
type Start struct {
	Size    int     // width and height of the pictures that it will learn from; 0: not known
	Dropout float64 // rate before the last layer while training, [0, 1)
	Seed    uint64  // of its weights and of dropout

	Convolutions string // as recipe.Training.Convolutions
}

// New returns a network with random weights.
func New(backend compute.Backend, n network.Network, start Start) (*Model, error) {
	start.Convolutions = resolved(backend, recipe.Training{Convolutions: start.Convolutions}).Convolutions
	m, err := declared(backend, n, start)
	if err != nil {
		return nil, err
	}
	if err := m.store.SetRNGStateFromSeed(int64(start.Seed)); err != nil {
		m.Finalize()
		return nil, fmt.Errorf("train: seed %d: %w", start.Seed, err)
	}
	if err := errors.Join(m.initialize(), m.begin()); err != nil {
		m.Finalize()
		return nil, err
	}
	return m, nil
}

// Best loads the result of a finished run: the network of its best epoch, or the one that its recipe lets answer.
func Best(backend compute.Backend, dir string) (*Model, error) {
	c, err := configOf(dir)
	if err != nil {
		return nil, err
	}
	return load(backend, dir, c)
}

// Answering is Best with the weights that answer names as recipe.Training.Answer does, whatever the run's recipe says.
func Answering(backend compute.Backend, dir, answer string) (*Model, error) {
	c, err := configOf(dir)
	if err != nil {
		return nil, err
	}
	c.Answer = answer
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("train: %s: %w", dir, err)
	}
	return load(backend, dir, c)
}

// load loads the network that a recipe lets answer.
func load(backend compute.Backend, dir string, c config) (*Model, error) {
	n, err := named(c.Training)
	if err != nil {
		return nil, fmt.Errorf("train: %s: %w", filepath.Join(dir, ConfigFile), err)
	}
	result, err := readNetwork(filepath.Join(dir, ResultFile(c.Training)))
	if err != nil {
		return nil, err
	}
	result.size = cmp.Or(result.size, c.Size)
	m, err := declared(backend, n, Start{Size: result.size, Convolutions: c.Convolutions})
	if err != nil {
		return nil, err
	}
	if err := m.take(result); err != nil {
		m.Finalize()
		return nil, err
	}
	return m, nil
}

// Config reads how the run in a folder was trained. Where there is none, the error names the runs in the folder or beside it.
func Config(dir string) (recipe.Training, error) {
	c, err := configOf(dir)
	return c.Training, err
}

func configOf(dir string) (config, error) {
	c, err := readConfig(filepath.Join(dir, ConfigFile))
	if !errors.Is(err, fs.ErrNotExist) {
		return c, err
	}
	err = fmt.Errorf("train: %s holds no training run: it has no %s", dir, ConfigFile)
	if near := runsNear(dir); len(near) > 0 {
		err = fmt.Errorf("%w; want one of %s", err, strings.Join(near, ", "))
	}
	return c, err
}

// runsNear are the folders of runs in a folder, or else beside it.
func runsNear(dir string) (runs []string) {
	for _, in := range []string{dir, filepath.Dir(filepath.Clean(dir))} {
		entries, _ := os.ReadDir(in) // none in a folder that cannot be read
		for _, entry := range entries {
			run := filepath.Join(in, entry.Name())
			if _, err := os.Stat(filepath.Join(run, ConfigFile)); err == nil {
				runs = append(runs, run)
			}
		}
		if len(runs) > 0 {
			break
		}
	}
	return runs
}

// stored is a network on disk, as Save wrote it.
type stored struct {
	weights.File
	path string
	size int // of the pictures that it learned from; 0: the file is older than this note
}

func readNetwork(path string) (stored, error) {
	file, err := weights.Read(path)
	if err != nil {
		return stored{}, err
	}
	s := stored{File: file, path: path}
	maps.DeleteFunc(s.Tensors, func(name string, _ *tensors.Tensor) bool { return !strings.HasPrefix(name, weights.Network+"/") }) // a checkpoint has more
	if text, ok := file.Meta[metaSize]; ok {
		if s.size, err = strconv.Atoi(text); err != nil {
			return s, fmt.Errorf("train: %s: size of its pictures: %w", path, err)
		}
	}
	return s, nil
}

// take replaces the network's variables by the stored ones, which must be the same set.
func (m *Model) take(s stored) error {
	if err := errors.Join(s.Match(m.store, m.inNetwork, s.path), m.checkFile(s)); err != nil {
		return err
	}
	m.Size, m.Classes = s.size, weights.Classes(s.Meta)
	return s.Restore(m.store)
}

// Save writes the network's variables, without the optimizer's, to a safetensors file.
func (m *Model) Save(path string) error { return m.save(path, map[string]string{}) }

// save is Save with free text, to which it adds.
func (m *Model) save(path string, meta map[string]string) error {
	meta["network"] = m.Network.String()
	if _, is := m.Network.(*onnx.Backbone); is {
		meta[metaGraph] = m.graph
	}
	if m.Size != 0 {
		meta[metaSize] = strconv.Itoa(m.Size)
	}
	return weights.Save(path, m.store, m.inNetwork, weights.WithClasses(meta, m.Classes))
}

// Finalize frees the weights and compiled programs. The model cannot be used afterwards.
func (m *Model) Finalize() {
	m.forward.Finalize()
	if m.measure != nil {
		m.measure.Finalize()
	}
	m.store.Finalize()
}

func (m *Model) inNetwork(v *model.Variable) bool { return weights.InScope(v, weights.Network) }

// declared returns a network for pictures of start.Size, whose convolutions are resolved and whose variables have shapes but no values yet. Its graph is only
// built; what is compiled is a constant. Where the size is not known the variables' shapes may not depend on it.
func declared(backend compute.Backend, n network.Network, start Start) (*Model, error) {
	m := &Model{Network: n, Size: start.Size, backend: backend, store: model.NewStore(), dropout: start.Dropout, compiled: map[string]bool{}}
	setForms(m.store, start.Convolutions)
	size := start.Size
	if size == 0 {
		size = architecture.MinSize
	}
	var err error
	if m.forward, err = model.NewExec(backend, m.store, m.logits); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	err = catchPanic(func() error {
		builder, err := model.NewExec(backend, m.store, func(scope *model.Scope, g *Graph) *Node {
			pictures := Zeros(g, shapes.Make(dtypes.Float32, 2, size, size, 3)) // batch normalization needs a spread
			modes := []bool{false}
			if network.Own(n) { // its graph may be another one tomorrow, in training, too
				modes = append(modes, true)
			}
			for _, training := range modes {
				scope.Store().SetTraining(g, training)
				logits := m.logits(scope, pictures)
				if logits.Rank() != 2 || logits.Shape().Dimensions[0] != 2 || logits.Shape().Dimensions[1] != 1 {
					exceptions.Panicf("network %s: got logits %s of 2 pictures, want [2, 1]", n, logits.Shape())
				}
			}
			if network.Own(n) {
				m.graph = graphHash(g)
			}
			return ScalarZero(g, dtypes.Float32)
		})
		if err != nil {
			return err
		}
		defer builder.Finalize()
		_, err = builder.Compile()
		return err
	})
	if err != nil {
		m.Finalize()
		return nil, err
	}
	if b, is := n.(*onnx.Backbone); is {
		m.graph = b.Sum
	}
	return m, nil
}

// logits builds the network on pictures [n, size, size, 3] in [0, 255] and returns [n, 1].
func (m *Model) logits(scope *model.Scope, x *Node) *Node {
	return m.Network.Logits(scope.At(weights.Network), DivScalar(x, maxPixel), m.dropout)
}

// initialize draws the values of all variables that have none.
func (m *Model) initialize() error {
	return catchPanic(func() error { return m.store.InitializeVariables(m.backend, nil) })
}

// call runs a program.
func call(exec *model.Exec, args ...any) (out []*tensors.Tensor, err error) {
	err = catchPanic(func() error {
		out, err = exec.Call(args...)
		return err
	})
	return out, err
}

// catchPanic turns the panic of a graph builder into an error: here and nowhere else.
func catchPanic(fn func() error) error {
	var err error
	if panicked := exceptions.TryCatch[error](func() { err = fn() }); panicked != nil {
		err = panicked
	}
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	return nil
}
