package resnet

import (
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// normalization holds the numbers of a batch normalization.
type normalization struct {
	epsilon  float64 // added to the variance
	momentum float64 // part of the moving statistics that a step keeps
	unbiased bool    // the moving variance takes the batch's sum of squares over n - 1 instead of n, as torch does
}

// batchNorm normalizes each channel of x [n, rows, columns, c]:
//
//	y = gamma (x - mean) / sqrt(variance + epsilon) + beta
//
// In training mean and variance (the biased one, divided by the number of values) are the batch's, gradients flow through
// them, and the moving statistics become momentum * moving + (1 - momentum) * batch's; otherwise the moving statistics are
// used.
func batchNorm(scope *model.Scope, x *Node, n normalization) *Node {
	channels := x.Shape().Dimensions[3]
	gamma := parameter(scope, x, "gamma", initializer.One, channels)
	beta := parameter(scope, x, "beta", initializer.Zero, channels)
	movingMean := moving(scope, x, "moving_mean", initializer.Zero)
	movingVariance := moving(scope, x, "moving_variance", initializer.One)
	if !scope.IsTraining(x.Graph()) {
		mean, variance := movingMean.NodeValue(x.Graph()), movingVariance.NodeValue(x.Graph())
		scale := Div(gamma, Sqrt(AddScalar(variance, n.epsilon)))
		return Add(Mul(x, wide(scale)), wide(Sub(beta, Mul(mean, scale))))
	}
	mean := ReduceMean(x, 0, 1, 2)
	centered := Sub(x, wide(mean))
	variance := ReduceMean(Square(centered), 0, 1, 2)
	move(movingMean, StopGradient(mean), n.momentum)
	move(movingVariance, MulScalar(StopGradient(variance), n.correction(x.Shape().Size()/channels)), n.momentum)
	scale := Div(gamma, Sqrt(AddScalar(variance, n.epsilon)))
	return Add(Mul(centered, wide(scale)), wide(beta))
}

// correction turns the biased variance of that many values into the one that the moving variance takes.
func (n normalization) correction(values int) float64 {
	if n.unbiased {
		return float64(values) / float64(values-1)
	}
	return 1
}

// wide makes a row of channels fit beside [n, rows, columns, c].
func wide(row *Node) *Node { return Reshape(row, 1, 1, 1, -1) }

// moving is a variable that is not trained, one value a channel of x.
func moving(scope *model.Scope, x *Node, name string, init model.VariableInitializer) *model.Variable {
	shape := shapes.Make(x.DType(), x.Shape().Dimensions[3])
	return scope.WithInitializer(init).VariableWithShape(name, shape).SetTrainable(false)
}

// move makes a moving statistic forget a little and take in the batch's.
func move(statistic *model.Variable, batch *Node, momentum float64) {
	old := statistic.NodeValue(batch.Graph())
	statistic.SetNodeValue(Add(MulScalar(old, momentum), MulScalar(batch, 1-momentum)))
}
