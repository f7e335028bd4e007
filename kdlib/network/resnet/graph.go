package resnet

import (
	"fmt"

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

// layerName is torchvision's name of a block of a stage, both as torchvision counts them: stages from 1, blocks from 0.
func layerName(stage, block int) string { return fmt.Sprintf("layer%d.%d", stage, block) }

// builder writes a network as a graph: a language over nodes. Its layers are stages of the graph, by their names.
type builder struct {
	scope *model.Scope
	settings
	form conv.Form
}

var _ language[*Node] = builder{}

func (b builder) input(x *Node) *Node { return x }

func (b builder) conv(name string, x *Node, c convolution) *Node {
	scope := b.scope.At("%s", name)
	in := x.Shape().Dimensions[3]
	w := parameter(scope.WithInitializer(b.kernel(scope)), x, "kernel", c.kernel, c.kernel, in, c.channels)
	sides := [2]int{c.padding, c.padding}
	y := conv.Conv2D(x, w, conv.Options{Stride: c.stride, Padding: [2][2]int{sides, sides}, Form: b.form})
	if c.bias {
		y = Add(y, Reshape(parameter(scope.WithInitializer(initializer.Zero), x, "bias", c.channels), 1, 1, 1, c.channels))
	}
	return feature.Mark(name, y)
}

func (b builder) norm(name string, x *Node) *Node {
	return feature.Mark(name, batchNorm(b.scope.At("%s", name), x, b.settings.norm))
}

func (b builder) relu(name string, x *Node) *Node { return feature.Mark(name, activation.Relu(x)) }

func (b builder) maxPool(name string, x *Node, _ string) *Node {
	return feature.Mark(name, conv.MaxPool3(x))
}

func (b builder) add(name string, x, y *Node) *Node { return feature.Mark(name, Add(x, y)) }

// average turns [n, rows, columns, c] into [n, c].
func (b builder) average(_ string, x *Node) *Node { return ReduceMean(x, 1, 2) }

// dense turns [n, c] into [n, 1].
func dense(scope *model.Scope, x *Node) *Node {
	w := parameter(scope.WithInitializer(glorotUniform(scope)), x, "kernel", x.Shape().Dimensions[1], 1)
	return Add(Dot(x, w).Product(), Reshape(parameter(scope.WithInitializer(initializer.Zero), x, "bias", 1), 1, 1))
}

// parameter is a trainable variable of x's number type.
func parameter(scope *model.Scope, x *Node, name string, dimensions ...int) *Node {
	shape := shapes.Make(x.DType(), dimensions...)
	return scope.VariableWithShape(name, shape).NodeValue(x.Graph())
}
