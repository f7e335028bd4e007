package onnx

import (
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/onnx-gomlx/onnx"
)

// Mean and standard deviation of ImageNet's colours, red, green and blue in [0, 1]: torchvision's
// transforms.Normalize in its ImageNet reference.
var (
	imageNetMean = []float32{0.485, 0.456, 0.406}
	imageNetStd  = []float32{0.229, 0.224, 0.225}
)

const maxPixel = 255

// graph builds the network on pictures [n, height, width, 3] in [0, 255] and returns float32 [n]: probabilities of "dog", or
// logits, which it notes in m.logits.
func (m *Model) graph(file onnx.Model, scope *model.Scope, x *Node) *Node {
	g := x.Graph()
	switch m.Is.Values {
	case recipe.Unit:
		x = DivScalar(x, maxPixel)
	case recipe.Centred:
		x = AddScalar(DivScalar(x, maxPixel/2.), -1)
	case recipe.ImageNet:
		x = Div(Sub(DivScalar(x, maxPixel), perColour(g, imageNetMean)), perColour(g, imageNetStd))
	}
	if m.Is.Layout == recipe.NCHW {
		x = TransposeAllAxes(x, 0, 3, 1, 2) // [n, 3, height, width]
	}
	_, takes := file.Inputs()
	x = ConvertDType(x, takes[0].DType)
	y := file.CallGraph(scope, g, map[string]*Node{m.input: x})[0]
	m.logits = m.Is.Output == recipe.Logit
	if z := beforeSigmoid(y); z != nil && !m.logits && z.Shape().Size() == z.Shape().Dim(0) { // one for each picture
		y, m.logits = Reshape(z, -1), true
	}
	return m.dog(ConvertDType(y, dtypes.Float32))
}

// beforeSigmoid returns what a sigmoid at the end of a network is taken of, else nil. In float32 a sigmoid is 1 from 17 on, and what
// such a prediction costs where it is wrong is lost; the number before it keeps it.
func beforeSigmoid(y *Node) *Node {
	for y.Type() == NodeTypeReshape {
		y = y.Inputs()[0]
	}
	if y.Type() != NodeTypeLogistic {
		return nil
	}
	return y.Inputs()[0]
}

func perColour(g *Graph, values []float32) *Node { return Reshape(Const(g, values), 1, 1, 1, colours) }

// dog returns [n] of an output [n], [n, 1] or [n, 2]. Two logits count by their difference, whose sigmoid is the
// second one's softmax.
func (m *Model) dog(y *Node) *Node {
	if y.Rank() == 1 {
		return y
	}
	last := Squeeze(SliceAxis(y, 1, AxisElem(-1)), 1)
	if y.Shape().Dim(1) == 1 || m.Is.Output == recipe.Probability {
		return last
	}
	return Sub(last, Squeeze(SliceAxis(y, 1, AxisElem(0)), 1))
}
