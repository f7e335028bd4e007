package adam

import (
	"distillation/kdlib/optimizer/reference"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// Keras is the Adam that made the paper's tables: the step size of (9) on the raw moments of (4) and (5).
//
//	eta_t   = eta_0 / (1 + d (t - 1)) * sqrt(1 - beta2^t) / (1 - beta1^t)    (9)
//	theta_t = theta_(t-1) - eta_t m_t / (sqrt(v_t) + eps)
//
// It corrects the bias of both moments once, in eta_t. Epsilon is Kingma and Ba's "epsilon hat": as in Keras's adam.py it is
// added to the root of the raw moment, and so weighs 1/sqrt(1 - beta2^t) times more than in their Algorithm 1.
type Keras struct {
	LearningRate float64            // eta_0, at the first step of a store; afterwards the store's variable holds it
	Decay        float64            // d of (9); 0 gives (8)
	Schedule     reference.Schedule // in the place of the decay, at the first step of a store; afterwards SetSchedule changes it
}

var _ optimizer.Interface = Keras{}

// UpdateGraph adds one step on the gradient of a scalar loss to the graph. It panics on misuse, as graph builders do.
func (k Keras) UpdateGraph(scope *model.Scope, _ *Graph, loss *Node) {
	k.UpdateGraphWithGradients(scope, gradients(scope, loss), loss.DType())
}

// UpdateGraphWithGradients is UpdateGraph for given gradients, one for each trainable variable in the graph, in the order
// of scope.BuildTrainableVariablesGradientsGraph.
func (k Keras) UpdateGraphWithGradients(scope *model.Scope, grads []*Node, _ dtypes.DType) {
	t, eta := progress(scope, grads, rate{k.LearningRate, k.Decay, k.Schedule})
	eta = unbiasedStep(eta, t)
	update(scope, grads, func(m, v *Node) *Node {
		return Div(Mul(ConvertDType(eta, m.DType()), m), AddScalar(Sqrt(v), reference.Epsilon))
	})
}

// Clear deletes the moments, the step counter and the learning rate from the store.
func (k Keras) Clear(scope *model.Scope) error { return clear(scope) }
