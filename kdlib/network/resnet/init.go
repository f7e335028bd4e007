package resnet

import (
	"math"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// heNormal draws from a normal distribution of variance 2 / fan out, fan out = kernel area times output channels:
// torchvision's resnet.py (kaiming_normal_, mode="fan_out").
func heNormal(scope *model.Scope) model.VariableInitializer {
	return func(g *Graph, shape shapes.Shape) *Node {
		d := shape.Dimensions
		return MulScalar(scope.RandomNormal(g, shape), math.Sqrt(2/float64(d[0]*d[1]*d[3])))
	}
}

// glorotUniform draws uniformly from [-limit, limit], limit = sqrt(6 / (fan in + fan out)): the default of Keras's layers.
func glorotUniform(scope *model.Scope) model.VariableInitializer {
	return initializer.GlorotUniformFn(scope)
}
