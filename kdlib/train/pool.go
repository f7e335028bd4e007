package train

import (
	"fmt"
	"path/filepath"

	"distillation/kdlib/internal/lock"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// Pool keeps compiled networks from one run to the next, because compiling a training step takes longer than an epoch of a
// small set.
type Pool struct {
	Devices  int   // of the backend, that share every batch; 0 is 1. It does not change between uses
	Watch    Watch // is told what the pool's networks compile; may be nil
	backend  compute.Backend
	learners map[program]*Learner
	held     map[string]bool // folders, by Hold
}

// program is what decides a compiled training step.
type program struct {
	network     string
	backbone    recipe.Backbone
	dropout     float64
	optimizer   recipe.Optimizer
	loss        recipe.Loss
	average     float64
	forms       string
	batch, size int
}

// NewPool returns an empty pool.
func NewPool(backend compute.Backend) *Pool {
	return &Pool{backend: backend, learners: map[program]*Learner{}, held: map[string]bool{}}
}

// Close frees all networks of the pool.
func (p *Pool) Close() {
	for _, l := range p.learners {
		l.Finalize()
		l.model.Finalize()
	}
	clear(p.learners)
}

// Hold locks the folder of a run for longer than a Fit, so that nobody else makes what is made of its network. Until release is
// called, Fit of this pool takes the folder as locked. A folder in which another process works is an error.
func (p *Pool) Hold(dir string) (release func() error, err error) {
	folder, err := lock.Take(dir)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	p.held[dir] = true
	return func() error {
		delete(p.held, dir)
		return folder.Release()
	}, nil
}

// Prepare compiles the step and the predictions of a run of the recipe on pictures of size x size, and runs neither. On a backend that
// keeps programs, a later process finds them.
func (p *Pool) Prepare(t recipe.Training, size int) error {
	t = resolved(p.backend, t)
	l, err := p.learner(t, size)
	if err != nil {
		return err
	}
	if err := l.prepare(t.Batch, size); err != nil {
		return err
	}
	if err := l.restart(t.Seed); err != nil {
		return err
	}
	if err := l.model.initialize(); err != nil {
		return err
	}
	return l.model.prepare(shapes.Make(dtypes.Float32, t.Batch, size, size, 3))
}

// learner returns the learner of a resolved recipe for pictures of size x size. Its weights may be any or none, and its step may
// not be compiled yet.
func (p *Pool) learner(t recipe.Training, size int) (*Learner, error) {
	key := program{t.Network, t.Backbone, t.Dropout, t.Optimizer, t.Loss, t.Average, t.Convolutions, t.Batch, size}
	if l, ok := p.learners[key]; ok {
		return l, nil
	}
	n, err := named(t)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	m, err := declared(p.backend, n, Start{Size: size, Dropout: t.Dropout, Convolutions: t.Convolutions})
	if err != nil {
		return nil, err
	}
	m.Watch = p.Watch
	l, err := newLearner(m, t.Optimizer, p.Devices)
	if err != nil {
		m.Finalize()
		return nil, err
	}
	l.Loss, l.Average = t.Loss, t.Average
	p.learners[key] = l
	return l, nil
}

// Best loads the result of a finished run, as the function Best does, into a network of the pool for pictures of size x size.
// The pool owns the network: it predicts until the pool's next use.
func (p *Pool) Best(dir string, size int) (*Model, error) {
	config, err := Config(dir)
	if err != nil {
		return nil, err
	}
	l, err := p.learner(config, size)
	if err != nil {
		return nil, err
	}
	best, err := readNetwork(filepath.Join(dir, ResultFile(config)))
	if err != nil {
		return nil, err
	}
	if err := l.model.take(best); err != nil {
		return nil, err
	}
	return l.model, nil
}
