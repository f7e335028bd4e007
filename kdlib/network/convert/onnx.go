package convert

import (
	"fmt"

	"distillation/kdlib/network/resnet"
	"distillation/kdlib/network/weights"

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

// maxPixel is the paper's divisor, part of the ONNX graph so that a program cannot forget it.
const maxPixel = 255

// WriteONNX writes a network with its head as ONNX. The input "pixels" is float32 [n, 3, height, width]: any number of RGB
// pictures of 32 x 32 pixels or more, resized by nearest neighbour as in training, with values from 0 to 255; the graph divides
// them by 255. The output "probability" is float32 [n, 1]: P(dog), or the probability of whichever class has the label 1. The
// file's metadata repeats this, and names the labels 0 and 1 under "classes" if w does.
func WriteONNX(file string, network resnet.Network, w Weights) error {
	if !w.HasHead {
		return errNoHead
	}
	steps, err := network.Steps()
	if err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	g := onnxGraph{weights: w.Tensors}
	g.constant("max_pixel", nil, []float32{maxPixel})
	g.node("Div", "scale", []string{onnxInput, "max_pixel"}, "scaled")
	for i, s := range steps {
		if err := g.step(s, inputs(steps, i)); err != nil {
			return fmt.Errorf("convert: %s: %w", s.Name, err)
		}
	}
	g.node("Sigmoid", "sigmoid", []string{steps[len(steps)-1].Name}, onnxOutput)
	if err := renameio.WriteFile(file, g.model(network, weights.Classes(w.Meta)), 0o644); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	return nil
}

// inputs names the values that step i takes; a value is named after the step that makes it.
func inputs(steps []resnet.Step, i int) []string {
	var names []string
	for _, in := range steps[i].Inputs {
		if in == resnet.Picture {
			names = append(names, "scaled")
		} else {
			names = append(names, steps[in].Name)
		}
	}
	return names
}

// onnxGraph gathers nodes and constants in the order of their fields in GraphProto.
type onnxGraph struct {
	weights   map[string]*tensors.Tensor
	nodes     []message
	constants []message
}

// step appends the node of a step, in ONNX's layout [n, channels, rows, columns].
func (g *onnxGraph) step(s resnet.Step, in []string) error {
	for _, v := range s.Variables {
		if err := g.variable(v.Name); err != nil {
			return err
		}
		in = append(in, torchName(v.Name)) // ONNX takes them in this order too
	}
	sides := repeat(s.Padding, 4) // top, left, bottom, right
	window := []message{intsAttribute("kernel_shape", repeat(s.Kernel, 2)), intsAttribute("pads", sides), intsAttribute("strides", repeat(s.Stride, 2))}
	switch s.Op {
	case resnet.OpConvolution:
		g.node("Conv", s.Name, in, s.Name, window...)
	case resnet.OpNormalization:
		g.node("BatchNormalization", s.Name, in, s.Name, floatAttribute("epsilon", float32(s.Epsilon)))
	case resnet.OpRelu:
		g.node("Relu", s.Name, in, s.Name)
	case resnet.OpMaxPool:
		g.node("MaxPool", s.Name, in, s.Name, window...)
	case resnet.OpAdd:
		g.node("Add", s.Name, in, s.Name)
	case resnet.OpAverage:
		g.node("GlobalAveragePool", s.Name, in, s.Name+".pixels") // [n, c, 1, 1]
		g.node("Flatten", s.Name+".flatten", []string{s.Name + ".pixels"}, s.Name)
	case resnet.OpDense:
		g.node("Gemm", s.Name, in, s.Name, intAttribute("transB", 1))
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
	g.constant(torchName(name), placed.Shape().Dimensions, data)
	return nil
}

func repeat(value, n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = value
	}
	return all
}
