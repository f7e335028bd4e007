package architecture

import (
	"distillation/kdlib/network/conv"
	"distillation/kdlib/network/feature"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// HeadName is the scope of the dense layer.
const HeadName = "dense"

// Builder writes a network as a graph: a Language over nodes. Its layers are stages of the graph, by their names.
type Builder struct {
	scope    *model.Scope
	settings Settings
	form     conv.Form
}

var _ Language[*Node] = Builder{}

// Input is x.
func (b Builder) Input(x *Node) *Node { return x }

// Conv has the variable "kernel" and, if c says so, "bias".
func (b Builder) Conv(name string, x *Node, c Convolution) *Node {
	scope := b.scope.At("%s", name)
	w := parameter(scope.WithInitializer(b.settings.Kernel(scope)), x, "kernel", c.shape(x.Shape().Dimensions[3])...)
	sides := [2]int{c.Padding, c.Padding}
	padding := [2][2]int{sides, sides}
	if c.Depthwise {
		return feature.Mark(name, conv.Depthwise(x, w, c.Stride, padding))
	}
	y := conv.Conv2D(x, w, conv.Options{Stride: c.Stride, Padding: padding, Form: b.form})
	if c.Bias {
		y = Add(y, Reshape(parameter(scope.WithInitializer(initializer.Zero), x, "bias", c.Channels), 1, 1, 1, c.Channels))
	}
	return feature.Mark(name, y)
}

// Norm has the variables "gamma", "beta", "moving_mean" and "moving_variance".
func (b Builder) Norm(name string, x *Node) *Node {
	return feature.Mark(name, batchNorm(b.scope.At("%s", name), x, b.settings.Norm))
}

// Relu is max(x, 0).
func (b Builder) Relu(name string, x *Node) *Node { return feature.Mark(name, activation.Relu(x)) }

// Relu6 is max(x, 0), and 6 at most.
func (b Builder) Relu6(name string, x *Node) *Node {
	return feature.Mark(name, MinScalar(activation.Relu(x), 6))
}

// MaxPool is conv.MaxPool3.
func (b Builder) MaxPool(name string, x *Node, _ string) *Node {
	return feature.Mark(name, conv.MaxPool3(x))
}

// Add is the sum.
func (b Builder) Add(name string, x, y *Node) *Node { return feature.Mark(name, Add(x, y)) }

// Average turns [n, rows, columns, c] into [n, c].
func (b Builder) Average(_ string, x *Node) *Node { return ReduceMean(x, 1, 2) }

// dense turns [n, c] into [n, 1].
func dense(scope *model.Scope, x *Node) *Node {
	w := parameter(scope.WithInitializer(GlorotUniform(scope)), x, "kernel", x.Shape().Dimensions[1], 1)
	return Add(Dot(x, w).Product(), Reshape(parameter(scope.WithInitializer(initializer.Zero), x, "bias", 1), 1, 1))
}

// parameter is a trainable variable of x's number type.
func parameter(scope *model.Scope, x *Node, name string, dimensions ...int) *Node {
	shape := shapes.Make(x.DType(), dimensions...)
	return scope.VariableWithShape(name, shape).NodeValue(x.Graph())
}
