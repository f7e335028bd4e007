package adam

import (
	"distillation/kdlib/optimizer/reference"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// Literal is the paper's text taken at its word. It corrects the moments by (6) and (7) and the step size by (8) or (9) as
// well, so that it corrects the bias twice until t reaches K1 and K2.
//
//	m^_t    = m_t / (1 - beta1^t)  for 0 < t < K1, else m_t                  (6)
//	v^_t    = v_t / (1 - beta2^t)  for 0 < t < K2, else v_t                  (7)
//	eta_t   = eta_0 / (1 + d (t - 1)) * sqrt(1 - beta2^t) / (1 - beta1^t)    (9), with d = 0 (8)
//	theta_t = theta_(t-1) - eta_t m^_t / (sqrt(v^_t) + eps)                  (10)
type Literal struct {
	LearningRate float64            // eta_0, at the first step of a store; afterwards the store's variable holds it
	Decay        float64            // d of (9); 0 gives (8)
	Schedule     reference.Schedule // in the place of the decay, at the first step of a store; afterwards SetSchedule changes it
	K1, K2       int                // first steps whose moments are left alone by (6) and (7); the paper: "usually" 10 and 1000
}

var _ optimizer.Interface = Literal{}

// UpdateGraph adds one step on the gradient of a scalar loss to the graph. It panics on misuse, as graph builders do.
func (l Literal) UpdateGraph(scope *model.Scope, _ *Graph, loss *Node) {
	l.UpdateGraphWithGradients(scope, gradients(scope, loss), loss.DType())
}

// UpdateGraphWithGradients is UpdateGraph for given gradients, one for each trainable variable in the graph, in the order
// of scope.BuildTrainableVariablesGradientsGraph.
func (l Literal) UpdateGraphWithGradients(scope *model.Scope, grads []*Node, _ dtypes.DType) {
	t, eta := progress(scope, grads, rate{l.LearningRate, l.Decay, l.Schedule})
	eta = unbiasedStep(eta, t)
	weight1, weight2 := correction(reference.Beta1, l.K1, t), correction(reference.Beta2, l.K2, t)
	update(scope, grads, func(m, v *Node) *Node {
		dtype := m.DType()
		m = Div(m, ConvertDType(weight1, dtype)) // (6)
		v = Div(v, ConvertDType(weight2, dtype)) // (7)
		return Div(Mul(ConvertDType(eta, dtype), m), AddScalar(Sqrt(v), reference.Epsilon))
	})
}

// Clear deletes the moments, the step counter and the learning rate from the store.
func (l Literal) Clear(scope *model.Scope) error { return clear(scope) }

// correction returns the divisor of (6) or (7): 1 - beta^t for t < k, else 1.
func correction(beta float64, k int, t *Node) *Node {
	return Where(LessThan(t, Const(t.Graph(), float64(k))), bias(beta, t), OnesLike(t))
}
