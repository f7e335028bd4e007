package onnx

import (
	"fmt"
	"path"
	"strconv"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/internal/onnxfile"
	"distillation/kdlib/network/weights"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/onnx-gomlx/onnx"
)

// Logit is the output of the files that Write makes: float32 [n, 1], whose sigmoid is the probability of label 1.
const Logit = "logit"

// Write returns the content of an ONNX file of the network with other weights, by the names of its variables in the network's
// scope: the file's graph up to the features, with the trained weights in the place of its own, and the head. Free text such as
// weights.MetaClasses comes along.
func (b *Backbone) Write(trained map[string]*tensors.Tensor, meta map[string]string) ([]byte, error) {
	content, err := b.features()
	if err != nil {
		return nil, fmt.Errorf("onnx: %s: %w", b.how.File, err)
	}
	g := content.Graph
	for i, t := range g.Initializers {
		if isWeight(t) {
			g.Initializers[i], err = floats(t.Name, t.Dims, trained, path.Join(onnx.ModelScope, variableName(t.Name)))
		} else if len(t.External) > 0 {
			err = fmt.Errorf("%q lies in another file", t.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("onnx: %s: %w", b.how.File, err)
		}
	}
	if err := b.head(g, trained); err != nil {
		return nil, fmt.Errorf("onnx: %s: head: %w", b.how.File, err)
	}
	content.Producer, content.Meta = weights.Producer, b.about(meta)
	return content.Bytes(), nil
}

// head appends the dense layer. Dropout does nothing in a prediction.
func (b *Backbone) head(g *onnxfile.Graph, trained map[string]*tensors.Tensor) error {
	const kernelName, biasName, features = "kdlib.head.kernel", "kdlib.head.bias", 2 // sides of the kernel
	name := path.Join(architecture.HeadName, "kernel")
	kernel := trained[name]
	if kernel == nil || kernel.Rank() != features {
		return fmt.Errorf("got no weights %s", name)
	}
	w, err := floats(kernelName, []int64{int64(kernel.Shape().Dimensions[0]), 1}, trained, name)
	if err != nil {
		return err
	}
	bias, err := floats(biasName, []int64{1}, trained, path.Join(architecture.HeadName, "bias"))
	if err != nil {
		return err
	}
	g.Initializers = append(g.Initializers, w, bias)
	g.Nodes = append(g.Nodes, &onnxfile.Node{Op: "Gemm", Name: "kdlib.head", Inputs: []string{g.Outputs[0].Name, kernelName, biasName}, Outputs: []string{Logit}})
	shape := onnxfile.Shape{Dims: []onnxfile.Dim{{Name: "n"}, {Value: 1}}}
	g.Outputs = []*onnxfile.Value{{Name: Logit, Type: &onnxfile.Type{Tensor: &onnxfile.TensorType{Type: onnxfile.Float, Shape: &shape}}}}
	return nil
}

// floats is an initializer of one of the trained weights.
func floats(name string, sides []int64, trained map[string]*tensors.Tensor, of string) (*onnxfile.Tensor, error) {
	value := trained[of]
	if value == nil {
		return nil, fmt.Errorf("got no weights %s", of)
	}
	data, err := tensors.CopyFlatData[float32](value)
	if err != nil {
		return nil, fmt.Errorf("weights %s: %w", of, err)
	}
	count := int64(1)
	for _, side := range sides {
		count *= side
	}
	if int64(len(data)) != count {
		return nil, fmt.Errorf("weights %s: got %d numbers, want %v", of, len(data), sides)
	}
	return onnxfile.FloatTensor(name, sides, data), nil
}

// about is what the file says of itself, as those of package convert do.
func (b *Backbone) about(meta map[string]string) []onnxfile.Entry {
	is := b.m.Is
	all := []onnxfile.Entry{
		{Key: "network", Value: b.String()},
		{Key: "input", Value: fmt.Sprintf("RGB pictures of %d x %d, nearest neighbour resized as in training", is.Size, is.Size)},
		{Key: "output", Value: "logit of the class with the label 1, [n, 1]"},
		{Key: weights.MetaSize, Value: strconv.Itoa(is.Size)}, {Key: weights.MetaLayout, Value: is.Layout}, {Key: weights.MetaValues, Value: is.Values},
	}
	for _, key := range []string{weights.MetaClasses, weights.MetaCommit} {
		if text := meta[key]; text != "" {
			all = append(all, onnxfile.Entry{Key: key, Value: text})
		}
	}
	return all
}
