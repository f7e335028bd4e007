// Package compare lets three optimizers walk on the same gradients, step by step through real graphs, and compares where they
// arrive: Keras's Adam (9), the paper's text taken at its word (6)-(10), and GoMLX's own Adam. They differ only in two places:
// how often they correct the bias of the moments, and whether they add epsilon to the raw or to the corrected root.
//
//	Keras    eta_0 sqrt(1 - b2^t) / (1 - b1^t) * m_t / (sqrt(v_t) + eps)
//	literal  eta_0 sqrt(1 - b2^t) / (1 - b1^t) * m^_t / (sqrt(v^_t) + eps), with m^_t and v^_t of (6) and (7)
//	GoMLX    eta_0 * m_t / (1 - b1^t) / (sqrt(v_t / (1 - b2^t)) + eps)
package compare

import (
	"fmt"

	"distillation/kdlib/optimizer/adam"
	"distillation/kdlib/optimizer/reference"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
	"github.com/gomlx/gomlx/ml/train/optimizer"
	"github.com/gomlx/gomlx/support/exceptions"
)

// The optimizers.
const (
	Keras   = "Keras"
	Literal = "literal"
	GoMLX   = "GoMLX"
)

// rule is an optimizer that takes gradients as they are given.
type rule interface {
	UpdateGraphWithGradients(scope *model.Scope, grads []*Node, lossDType dtypes.DType)
}

// rules makes the optimizers with one learning rate, no decay, and reference.Epsilon.
func rules(rate float64) map[string]rule {
	return map[string]rule{
		Keras:   adam.Keras{LearningRate: rate},
		Literal: adam.Literal{LearningRate: rate, K1: reference.K1, K2: reference.K2},
		GoMLX:   optimizer.Adam().LearningRate(rate).Epsilon(reference.Epsilon).Done().(rule),
	}
}

// Walks are the ways of the optimizers: each moved one parameter from 0 for every kind of gradient.
type Walks struct {
	Steps int
	rate  float64
	theta map[string][][]float64 // by optimizer: [t][gradient], t = 0 the start
}

// Walk makes steps 1 to n with every optimizer. It computes in float64, so that only the formulas differ.
func Walk(backend compute.Backend, rate float64, n int) (*Walks, error) {
	w := &Walks{Steps: n, rate: rate, theta: map[string][][]float64{}}
	for name, rule := range rules(rate) {
		var err error
		if panicked := exceptions.TryCatch[error](func() { w.theta[name], err = walk(backend, rule, n) }); panicked != nil {
			err = panicked
		}
		if err != nil {
			return nil, fmt.Errorf("compare: %s: %w", name, err)
		}
	}
	return w, nil
}

func walk(backend compute.Backend, rule rule, n int) ([][]float64, error) {
	exec, err := model.NewExec(backend, model.NewStore(), func(scope *model.Scope, gradient *Node) *Node {
		g := gradient.Graph()
		theta := scope.WithInitializer(initializer.Zero).VariableWithShape("theta", shapes.Make(dtypes.Float64, len(Kinds)))
		theta.NodeValue(g)
		rule.UpdateGraphWithGradients(scope, []*Node{gradient}, dtypes.Float64)
		return theta.NodeValue(g)
	})
	if err != nil {
		return nil, err
	}
	defer exec.Finalize()
	path := [][]float64{make([]float64, len(Kinds))}
	for t := 1; t <= n; t++ {
		out, err := exec.Call1(at(t))
		if err != nil {
			return nil, err
		}
		theta, err := tensors.CopyFlatData[float64](out)
		if err != nil {
			return nil, err
		}
		path = append(path, theta)
		out.MustFinalizeAll()
	}
	return path, nil
}
