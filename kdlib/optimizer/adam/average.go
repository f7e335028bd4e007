package adam

import (
	"path"
	"slices"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// averageName is the last part of the path of a variable's average.
const averageName = "average"

// Average adds to the graph of a step, after the optimizer's update, the exponential moving average of every trainable variable,
//
//	a_t = momentum a_(t-1) + (1 - momentum) theta_t,    a_1 = theta_1
//
// as Keras's optimizers do with use_ema. It lies beside the moments of the variable, see AverageOf; the variable itself is not changed.
func Average(scope *model.Scope, g *Graph, momentum float64) {
	step := scope.Store().GetVariable(model.JoinPath("/", Scope, stepName)).NodeValue(g)
	first := LessOrEqual(step, OnesLike(step))
	for _, v := range slices.Collect(scope.IterVariables()) { // first: averages are variables, too
		if !v.Trainable || !v.InUseByGraph(g) {
			continue
		}
		theta := v.NodeValue(g)
		own := model.GetStore(g).Scope(path.Join("/", Scope, v.Path())).WithInitializer(initializer.Zero)
		stored := own.VariableWithShape(averageName, theta.Shape()).SetTrainable(false)
		moved := Add(MulScalar(stored.NodeValue(g), momentum), MulScalar(theta, 1-momentum))
		stored.SetNodeValue(Where(first, theta, moved))
	}
}

// AverageOf is the variable that Average keeps for a trainable one; nil where it keeps none.
func AverageOf(v *model.Variable, store *model.Store) *model.Variable {
	return store.GetVariable(path.Join("/", Scope, v.Path(), averageName))
}
