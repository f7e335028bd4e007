package onnx

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/network/feature"
	"distillation/kdlib/network/internal/onnxfile"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// placeByPlace are the operators of a rewritten graph whose output has the places of their input: [n, channels, rows, columns] stay so.
var placeByPlace = []string{"Abs", "Add", "BatchNormalization", "Cast", "Clip", "Concat", "Div", "Erf", "Exp", "HardSwish", "Identity", "Log", "Max", "Min", "Mul",
	"Neg", "Pow", "Relu", "Sigmoid", "Sqrt", "Sub", "Tanh", "Where"}

// lastFeatures names what each convolution gives once it has been normalized, rectified and added to others, the last one's first.
func lastFeatures(g *onnxfile.Graph) (names []string) {
	for i, n := range slices.Backward(g.Nodes) {
		if n.Op != "Conv" {
			continue
		}
		last, reached := n.Outputs[0], map[string]bool{n.Outputs[0]: true}
		for _, next := range g.Nodes[i+1:] {
			if slices.Contains(placeByPlace, next.Op) && slices.ContainsFunc(next.Inputs, func(in string) bool { return reached[in] }) {
				last = next.Outputs[0]
				reached[last] = true
			}
		}
		names = append(names, last)
	}
	return names
}

// OnStage is train.Model's OnStage for a network from elsewhere. A stage is a value of the file by its name, which must
// have four sides; that of the channels is told by the other two, which are equal. Without a name it is what the last convolution gives,
// normalized and rectified, that has more than one place. The logits are of two outputs their difference, of probabilities ln(p/(1-p)).
func (m *Model) OnStage(name string, build feature.Build) (*model.Exec, error) {
	stages := m.last
	if name != "" {
		i, err := feature.Match(name, m.names)
		if err != nil {
			return nil, fmt.Errorf("onnx: %s: %w", m.Is.File, err)
		}
		stages = m.names[i : i+1]
	}
	if err := m.saysWhat(); err != nil {
		return nil, fmt.Errorf("onnx: %s: %w", m.Is.File, err)
	}
	exec, err := model.NewExec(m.backend, m.store, func(scope *model.Scope, x *Node) *Node {
		wanted := []string{m.source(m.output)}
		for _, s := range stages {
			wanted = append(wanted, m.source(s))
		}
		made := m.build(scope, m.taken(x), wanted...)
		logits := m.logit(ConvertDType(made[0], dtypes.Float32))
		return build(logits, m.features(name, made[1:], x, logits))
	})
	if err != nil {
		return nil, fmt.Errorf("onnx: %s: stage %q: %w", m.Is.File, name, err)
	}
	return exec, nil
}

// saysWhat returns an error where only a batch could tell what the output is.
func (m *Model) saysWhat() error {
	if m.Is.Output != "" {
		return nil
	}
	return fmt.Errorf("output %q: neither its name nor the graph says what it is; tell: %s or %s", m.output, recipe.Logit, recipe.Probability)
}

// source is a value, or what it was before an Identity passed it on: the one that others are computed from.
func (m *Model) source(value string) string {
	return cmp.Or(m.passed[value], value)
}

// features are the first of the values that have more than one place; where a file has no convolution, being made of other operators,
// the last feature maps of its graph.
func (m *Model) features(name string, values []*Node, x, logits *Node) feature.Maps {
	maps, err := feature.Maps{}, error(nil)
	if len(values) == 0 {
		maps, err = feature.Last(x, logits, feature.SquareChannels)
	}
	for _, v := range values {
		maps = feature.Maps{Node: v, ChannelsAxis: 1}
		if v.Rank() == 4 {
			maps.ChannelsAxis = feature.SquareChannels(v)
		}
		if err = maps.Check(name); err == nil {
			break
		}
	}
	if err != nil {
		panic(fmt.Errorf("onnx: %s: %w", m.Is.File, err))
	}
	return maps
}

// logit returns [n, 1] of the network's output.
func (m *Model) logit(output *Node) *Node {
	n := output.Shape().Dimensions[0]
	output = Reshape(output, n, m.columns)
	column := func(i int) *Node { return Slice(output, AxisRange(), AxisRange(i, i+1)) }
	switch {
	case m.logits && m.columns == 1:
		return output
	case m.logits:
		return Sub(column(1), column(0))
	case m.columns == 1:
		return Sub(Log(output), Log(OneMinus(output)))
	}
	return Sub(Log(column(1)), Log(column(0)))
}

// Logits returns the logits of pictures, float32 [n, size, size, 3] in [0, 255]: of two outputs their difference, of probabilities
// ln(p/(1-p)), which must be finite.
func (m *Model) Logits(pictures *tensors.Tensor) ([]float32, error) {
	values, err := m.outputs(pictures)
	if err != nil || m.logits {
		return values, err
	}
	for i, p := range values {
		if !(p > 0 && p < 1) {
			return nil, fmt.Errorf("onnx: %s: output %q: got the probability %v, which has no finite logit", m.Is.File, m.output, p)
		}
		values[i] = float32(math.Log(float64(p)) - math.Log1p(-float64(p)))
	}
	return values, nil
}
