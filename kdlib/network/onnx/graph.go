package onnx

import (
	"fmt"
	"sort"
	"strings"

	"distillation/kdlib/recipe"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"
)

// Mean and standard deviation of ImageNet's colours, red, green and blue in [0, 1]: torchvision's
// transforms.Normalize in its ImageNet reference.
var (
	imageNetMean = []float32{0.485, 0.456, 0.406}
	imageNetStd  = []float32{0.229, 0.224, 0.225}
)

const maxPixel = 255

// taken are pictures [n, height, width, 3] in [0, 255] as the file's graph takes them.
func (m *Model) taken(x *Node) *Node {
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
	_, takes := m.file.Inputs()
	return ConvertDType(x, takes[0].DType)
}

// build is the file's own graph up to values by their names, or to its output. What the checks before have let pass, and the library
// cannot build, names its node.
func (m *Model) build(scope *model.Scope, x *Node, values ...string) []*Node {
	try := func(names ...string) (made []*Node, err error) {
		err = exceptions.TryCatch[error](func() {
			made = m.file.CallGraph(scope, x.Graph(), map[string]*Node{m.input: x}, names...)
		})
		return made, err
	}
	made, err := try(values...)
	if err == nil {
		return made
	}
	first := sort.Search(len(m.names), func(i int) bool { _, err := try(m.names[:i+1]...); return err != nil })
	name := m.output
	if first < len(m.names) {
		name = m.names[first]
	}
	why, _, _ := strings.Cut(err.Error(), "\n")
	panic(fmt.Errorf("%q in the graph cannot be made on input %q %v: %s; does another program read the file? %s", name, m.input, x.Shape().Dimensions, why, instead))
}

func perColour(g *Graph, values []float32) *Node { return Reshape(Const(g, values), 1, 1, 1, colours) }
