package architecture

import (
	"distillation/kdlib/network/internal/customgrad"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// Normalization holds the numbers of a batch normalization.
type Normalization struct {
	Epsilon  float64 // added to the variance
	Momentum float64 // part of the moving statistics that a step keeps
	Unbiased bool    // the moving variance takes the batch's sum of squares over n - 1 instead of n, as torch does
}

// TorchNorm is torch.nn.BatchNorm2d, whose momentum 0.1 is the weight of the new value.
var TorchNorm = Normalization{Epsilon: 1e-5, Momentum: 0.9, Unbiased: true}

// batchNorm normalizes each channel of x [n, rows, columns, c]:
//
//	y = gamma (x - mean) / sqrt(variance + epsilon) + beta
//
// In training mean and variance (the biased one, divided by the number of values) are the batch's, gradients flow through
// them, and the moving statistics become momentum * moving + (1 - momentum) * batch's; otherwise the moving statistics are
// used.
func batchNorm(scope *model.Scope, x *Node, n Normalization) *Node {
	channels := x.Shape().Dimensions[3]
	gamma := parameter(scope.WithInitializer(initializer.One), x, "gamma", channels)
	beta := parameter(scope.WithInitializer(initializer.Zero), x, "beta", channels)
	movingMean := moving(scope, x, "moving_mean", initializer.Zero)
	movingVariance := moving(scope, x, "moving_variance", initializer.One)
	if !scope.IsTraining(x.Graph()) {
		mean, variance := movingMean.NodeValue(x.Graph()), movingVariance.NodeValue(x.Graph())
		return affine(x, beta, mean, Div(gamma, Sqrt(AddScalar(variance, n.Epsilon))))
	}
	mean := ReduceMean(x, 0, 1, 2)
	variance := ReduceMean(Square(Sub(x, wide(mean))), 0, 1, 2)
	move(movingMean, StopGradient(mean), n.Momentum)
	move(movingVariance, MulScalar(StopGradient(variance), n.correction(x.Shape().Size()/channels)), n.Momentum)
	return normalize(x, gamma, beta, mean, Sqrt(AddScalar(variance, n.Epsilon)))
}

// normalize is y = gamma (x - mean)/deviation + beta in training. Mean and deviation are x's own, sums over the m values of
// a channel, and the gradients say so (Ioffe and Szegedy 2015, arXiv:1502.03167, section 3). With z = (x - mean)/deviation:
//
//	dbeta  = sum dy
//	dgamma = sum dy z
//	dx     = gamma/deviation (dy - dbeta/m - z dgamma/m)
//
// The gradient that GoMLX would derive reads and writes x some four times more often.
func normalize(x, gamma, beta, mean, deviation *Node) *Node {
	values := float64(x.Shape().Size() / gamma.Shape().Size())
	mean, deviation = StopGradient(mean), StopGradient(deviation)
	dBeta := func(dy *Node) *Node { return ReduceSum(dy, 0, 1, 2) }
	dGamma := func(dy *Node) *Node {
		return Div(Sub(ReduceSum(Mul(dy, x), 0, 1, 2), Mul(mean, dBeta(dy))), deviation)
	}
	dx := func(dy *Node) *Node {
		scale := Div(gamma, deviation)
		slope := Div(dGamma(dy), MulScalar(deviation, -values)) // of dx/scale as a function of x
		offset := Sub(Neg(Mul(slope, mean)), DivScalar(dBeta(dy), values))
		return Add(Mul(dy, wide(scale)), Add(Mul(x, wide(Mul(scale, slope))), wide(Mul(scale, offset))))
	}
	forward := func(in []*Node) *Node { return affine(in[0], in[2], mean, Div(in[1], deviation)) }
	return customgrad.Apply([]*Node{x, gamma, beta}, forward, []customgrad.Backward{dx, dGamma, dBeta})
}

// affine is (x - mean) scale + beta for each channel, as one product and one sum a value.
func affine(x, beta, mean, scale *Node) *Node {
	return Add(Mul(x, wide(scale)), wide(Sub(beta, Mul(mean, scale))))
}

// correction turns the biased variance of that many values into the one that the moving variance takes.
func (n Normalization) correction(values int) float64 {
	if n.Unbiased {
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
