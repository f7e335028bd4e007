package convert

import (
	"fmt"
	"slices"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/internal/onnxfile"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/google/renameio/v2"
)

// What an ONNX file of this library takes and gives.
const (
	onnxInput  = "pixels"      // float32 [n, 3, height, width], RGB, values 0 to 255
	onnxOutput = "probability" // float32 [n, 1], P(dog)
)

// The ONNX versions written: operators of set 17 (2022), which the phones' runtimes have, in the file format of that time.
const (
	onnxOpset = 17
	onnxIR    = 8
)

// The limits of a rectifier that ends at 6.
const relu6Min, relu6Max = "relu6_min", "relu6_max"

// maxPixel is the paper's divisor, part of the ONNX graph so that a program cannot forget it.
const maxPixel = 255

// WriteONNX writes a network with its head as ONNX. The input "pixels" is float32 [n, 3, height, width]: any number of RGB
// pictures of 32 x 32 pixels or more, resized by nearest neighbour as in training, with values from 0 to 255; the graph divides
// them by 255. The output "probability" is float32 [n, 1]: P(dog), or the probability of whichever class has the label 1. The
// file's metadata repeats this, and names the labels 0 and 1 under "classes" if w does.
func WriteONNX(file string, network architecture.Network, w Weights) error {
	content, err := ONNX(network, w)
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(file, content, 0o644); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	return nil
}

// ONNX is the content of the file that WriteONNX writes.
func ONNX(network architecture.Network, w Weights) ([]byte, error) {
	if !w.HasHead {
		return nil, errNoHead
	}
	steps, err := network.Steps()
	if err != nil {
		return nil, fmt.Errorf("convert: %w", err)
	}
	g := onnxGraph{weights: w.Tensors, head: network.TorchHead()}
	g.constant("max_pixel", nil, []float32{maxPixel})
	if slices.ContainsFunc(steps, func(s architecture.Step) bool { return s.Op == architecture.OpRelu6 }) {
		g.constant(relu6Min, nil, []float32{0})
		g.constant(relu6Max, nil, []float32{6})
	}
	g.node("Div", "scale", []string{onnxInput, "max_pixel"}, "scaled")
	for i, s := range steps {
		if err := g.step(s, inputs(steps, i)); err != nil {
			return nil, fmt.Errorf("convert: %s: %w", s.Name, err)
		}
	}
	g.node("Sigmoid", "sigmoid", []string{steps[len(steps)-1].Name}, onnxOutput)
	return g.model(network, w.Meta).Bytes(), nil
}

// inputs names the values that step i takes; a value is named after the step that makes it.
func inputs(steps []architecture.Step, i int) []string {
	var names []string
	for _, in := range steps[i].Inputs {
		if in == architecture.Picture {
			names = append(names, "scaled")
		} else {
			names = append(names, steps[in].Name)
		}
	}
	return names
}

// onnxGraph gathers nodes and constants.
type onnxGraph struct {
	weights   map[string]*tensors.Tensor
	head      string // torchvision's name of the dense layer
	nodes     []*onnxfile.Node
	constants []*onnxfile.Tensor
}

// node appends a node with one output.
func (g *onnxGraph) node(op, name string, inputs []string, output string, attributes ...*onnxfile.Attribute) {
	g.nodes = append(g.nodes, &onnxfile.Node{Op: op, Name: name, Inputs: inputs, Outputs: []string{output}, Attributes: attributes})
}

func (g *onnxGraph) constant(name string, shape []int64, data []float32) {
	g.constants = append(g.constants, onnxfile.FloatTensor(name, shape, data))
}

// step appends the node of a step, in ONNX's layout [n, channels, rows, columns].
func (g *onnxGraph) step(s architecture.Step, in []string) error {
	for _, v := range s.Variables {
		if err := g.variable(v.Name); err != nil {
			return err
		}
		in = append(in, torchName(v.Name, g.head)) // ONNX takes them in this order too
	}
	sides := repeat(s.Padding, 4) // top, left, bottom, right
	window := []*onnxfile.Attribute{onnxfile.IntsAttribute("kernel_shape", repeat(s.Kernel, 2)...), onnxfile.IntsAttribute("pads", sides...),
		onnxfile.IntsAttribute("strides", repeat(s.Stride, 2)...)}
	switch s.Op {
	case architecture.OpConvolution:
		if s.Groups > 1 {
			window = append(window, onnxfile.IntAttribute("group", int64(s.Groups)))
		}
		g.node("Conv", s.Name, in, s.Name, window...)
	case architecture.OpNormalization:
		g.node("BatchNormalization", s.Name, in, s.Name, onnxfile.FloatAttribute("epsilon", float32(s.Epsilon)))
	case architecture.OpRelu:
		g.node("Relu", s.Name, in, s.Name)
	case architecture.OpRelu6:
		g.node("Clip", s.Name, append(in, relu6Min, relu6Max), s.Name)
	case architecture.OpMaxPool:
		g.node("MaxPool", s.Name, in, s.Name, window...)
	case architecture.OpAdd:
		g.node("Add", s.Name, in, s.Name)
	case architecture.OpAverage:
		g.node("GlobalAveragePool", s.Name, in, s.Name+".pixels") // [n, c, 1, 1]
		g.node("Flatten", s.Name+".flatten", []string{s.Name + ".pixels"}, s.Name)
	case architecture.OpDense:
		g.node("Gemm", s.Name, in, s.Name, onnxfile.IntAttribute("transB", 1))
	default:
		return fmt.Errorf("operation %q has no ONNX node", s.Op)
	}
	return nil
}

// variable stores a variable of the network under torch's name and in torch's layout, which is ONNX's.
func (g *onnxGraph) variable(name string) error {
	placed, err := permuted(g.weights[name], oursAxes)
	if err != nil {
		return err
	}
	data, err := tensors.CopyFlatData[float32](placed)
	if err != nil {
		return err
	}
	var shape []int64
	for _, d := range placed.Shape().Dimensions {
		shape = append(shape, int64(d))
	}
	g.constant(torchName(name, g.head), shape, data)
	return nil
}

func repeat(value, n int) []int64 {
	all := make([]int64, n)
	for i := range all {
		all[i] = int64(value)
	}
	return all
}

// What goes in, in words.
const onnxTakes = "RGB pictures [n, 3, height, width], values 0 to 255, nearest neighbour resized as in training; the graph divides by 255"

// orCatDog are classes, or those of networks that do not name theirs.
func orCatDog(classes [2]string) [2]string {
	if classes == [2]string{} {
		return [2]string{"cat", "dog"}
	}
	return classes
}

// onnxGives says what the output is.
func onnxGives(classes [2]string) string {
	classes = orCatDog(classes)
	return fmt.Sprintf("P(%[2]s) [n, 1]: %[2]s when greater than 0.5, else %[1]s", classes[0], classes[1])
}

// model is the whole file; meta is what the weights' file said.
func (g *onnxGraph) model(network architecture.Network, meta map[string]string) *onnxfile.Model {
	gives := onnxGives(weights.Classes(meta))
	count := onnxfile.Dim{Name: "n"}
	graph := onnxfile.Graph{Nodes: g.nodes, Name: string(network), Initializers: g.constants,
		Inputs: []*onnxfile.Value{value(onnxInput, onnxTakes, count, onnxfile.Dim{Value: 3},
			onnxfile.Dim{Name: "height"}, onnxfile.Dim{Name: "width"})},
		Outputs: []*onnxfile.Value{value(onnxOutput, gives, count, onnxfile.Dim{Value: 1})}}
	about := []onnxfile.Entry{{Key: "network", Value: string(network)}, {Key: "input", Value: onnxTakes}, {Key: "output", Value: gives},
		{Key: weights.MetaLayout, Value: recipe.NCHW}, {Key: weights.MetaValues, Value: recipe.Bytes}}
	for _, key := range origin {
		if told, ok := meta[key]; ok {
			about = append(about, onnxfile.Entry{Key: key, Value: told})
		}
	}
	return &onnxfile.Model{IR: onnxIR, Producer: weights.Producer, Graph: &graph, Opsets: []onnxfile.OperatorSet{{Version: onnxOpset}}, Meta: about}
}

// origin are what an export says as the weights' own file did.
var origin = []string{weights.MetaSize, weights.MetaClasses, weights.MetaCommit}

// value is an input or an output of float32.
func value(name, about string, shape ...onnxfile.Dim) *onnxfile.Value {
	kind := onnxfile.Type{Tensor: &onnxfile.TensorType{Type: onnxfile.Float, Shape: &onnxfile.Shape{Dims: shape}}}
	return &onnxfile.Value{Name: name, Type: &kind, Doc: about}
}
