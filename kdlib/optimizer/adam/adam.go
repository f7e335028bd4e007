package adam

import (
	"fmt"
	"path"

	"distillation/kdlib/optimizer/reference"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// Scope is the scope, at the root of the store, of everything an optimizer remembers: "step" (int64, updates made so far),
// "learning_rate" (float64, eta_0), "warm_up_steps" and "all_steps" (float64) of a schedule, the moments "<path>/m" and "<path>/v"
// of every trainable variable, and its "<path>/average" where Average is kept. None of them is trainable. So a store that was saved
// and loaded as a whole goes on exactly where it stopped.
const Scope = "adam"

const (
	stepName         = "step"
	learningRateName = "learning_rate"
	warmUpName       = "warm_up_steps"
	allStepsName     = "all_steps"
)

// clear deletes what the optimizers remember.
func clear(scope *model.Scope) error {
	return scope.Store().RootScope().At(Scope).DeleteVariablesInScope()
}

// gradients returns the gradient of the loss for each trainable variable in use, in the order of update.
func gradients(scope *model.Scope, loss *Node) []*Node {
	if !loss.Shape().IsScalar() {
		panic(fmt.Errorf("adam: loss: got shape %s, want a scalar", loss.Shape()))
	}
	return scope.BuildTrainableVariablesGradientsGraph(loss)
}

// progress counts the step and returns its number t = 1, 2, ... and eta_0 times what r makes of it at t, both as float64 scalars.
// The scalars of a step are computed in float64 because 1 - beta2^t loses digits in float32: at t = 1 it is 1 - 0.999, whose
// float32 result is off by 1e-5 of itself. It costs nothing: they are a dozen scalars a step.
func progress(scope *model.Scope, grads []*Node, r rate) (t, eta *Node) {
	if len(grads) == 0 {
		panic(fmt.Errorf("adam: scope %q has no trainable variable in this graph", scope.Scope()))
	}
	g := grads[0].Graph()
	optimizer.IncrementGlobalStep(g, dtypes.Int64) // train.Loop reads it
	own := scope.Store().RootScope().At(Scope)
	counter := own.VariableWithValue(stepName, int64(0)).SetTrainable(false)
	step := AddScalar(counter.NodeValue(g), 1)
	counter.SetNodeValue(step)
	t = ConvertDType(step, dtypes.Float64)
	return t, r.at(own, t)
}

// bias returns 1 - beta^t, the weight that the t gradients so far have in a moment.
func bias(beta float64, t *Node) *Node {
	return OneMinus(Pow(Const(t.Graph(), beta), t))
}

// unbiasedStep multiplies eta with sqrt(1 - beta2^t) / (1 - beta1^t), as (8) and (9).
func unbiasedStep(eta, t *Node) *Node {
	return Mul(eta, Div(Sqrt(bias(reference.Beta2, t)), bias(reference.Beta1, t)))
}

// update moves every trainable variable by the rule that step gives for its moments (4) and (5).
func update(scope *model.Scope, grads []*Node, step func(m, v *Node) *Node) {
	variables := trainable(scope, grads)
	for i, variable := range variables {
		m, v := moments(variable, grads[i])
		variable.SetNodeValue(Sub(variable.NodeValue(m.Graph()), step(m, v)))
	}
}

// trainable lists the variables that the gradients belong to: BuildTrainableVariablesGradientsGraph has this order.
func trainable(scope *model.Scope, grads []*Node) []*model.Variable {
	g := grads[0].Graph()
	var variables []*model.Variable
	for v := range scope.IterVariables() {
		if v.Trainable && v.InUseByGraph(g) {
			variables = append(variables, v)
		}
	}
	if len(variables) != len(grads) {
		panic(fmt.Errorf("adam: gradients: got %d, want %d as there are trainable variables", len(grads), len(variables)))
	}
	return variables
}

// moments updates the two moments of a variable with its gradient,
//
//	m_t = beta1 m_(t-1) + (1 - beta1) g_t      (4)
//	v_t = beta2 v_(t-1) + (1 - beta2) g_t^2    (5)
//
// and returns them; they start from 0.
func moments(variable *model.Variable, grad *Node) (m, v *Node) {
	m = moment(variable, "m", reference.Beta1, grad)
	v = moment(variable, "v", reference.Beta2, Square(grad))
	return m, v
}

func moment(variable *model.Variable, name string, beta float64, x *Node) *Node {
	own := variable.NodeValue(x.Graph())
	scope := model.GetStore(x.Graph()).Scope(path.Join("/", Scope, variable.Path()))
	stored := scope.WithInitializer(initializer.Zero).VariableWithShape(name, own.Shape()).SetTrainable(false)
	moved := Add(MulScalar(stored.NodeValue(x.Graph()), beta), MulScalar(x, 1-beta))
	stored.SetNodeValue(moved)
	return moved
}
