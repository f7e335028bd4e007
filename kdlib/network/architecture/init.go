package architecture

import (
	"math"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// HeNormal draws from a normal distribution of variance 2 / fan out, fan out = kernel area times output channels: torchvision's
// resnet.py and mobilenetv2.py (kaiming_normal_, mode="fan_out"). A depthwise kernel counts the channels of all groups, too.
func HeNormal(scope *model.Scope) model.VariableInitializer {
	return func(g *Graph, shape shapes.Shape) *Node {
		d := shape.Dimensions
		return MulScalar(scope.RandomNormal(g, shape), math.Sqrt(2/float64(d[0]*d[1]*d[3])))
	}
}

// GlorotUniform draws uniformly from [-limit, limit], limit = sqrt(6 / (fan in + fan out)): the default of Keras's layers.
func GlorotUniform(scope *model.Scope) model.VariableInitializer {
	return initializer.GlorotUniformFn(scope)
}
