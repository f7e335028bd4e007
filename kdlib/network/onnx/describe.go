package onnx

import (
	"fmt"

	"distillation/kdlib/network/internal/onnxfile"
	"distillation/kdlib/recipe"
)

// Description is what an ONNX file takes and gives, for programs that run it themselves.
type Description struct {
	Is      recipe.ONNX // complete but for File, which is as it was told
	Classes [2]string   // names of the labels 0 and 1; empty where the file does not tell them
	Input   string      // name of its input, float32 [n, 3, size, size] or [n, size, size, 3] by Is.Layout
	Output  string      // name of its output, float32
	Columns int         // numbers that it gives of a picture: 1, or 2 for the labels 0 and 1
}

// Describe reads the content of an ONNX file as Open does, without a backend. What neither the file nor is says is an error, also
// where Open waits for the first batch. So is a network that takes batches of one size, but for 1, or other numbers than float32.
func Describe(content []byte, is recipe.ONNX) (Description, error) {
	if err := is.Validate(); err != nil {
		return Description{}, fmt.Errorf("onnx: %w", err)
	}
	file, err := onnxfile.Parse(content)
	if err != nil {
		return Description{}, fmt.Errorf("onnx: %s: %w", is.File, err)
	}
	m := &Model{Is: is}
	if err := m.describe(file, endingOf(file.Graph)); err != nil {
		return Description{}, fmt.Errorf("onnx: %s: %w", is.File, err)
	}
	d := Description{m.Is, m.Classes, m.input, m.output, m.columns}
	switch {
	case m.Is.Output == "":
		return d, fmt.Errorf("onnx: %s: output %q: neither its name nor the graph says what it is; tell: %s or %s", is.File, m.output, recipe.Logit, recipe.Probability)
	case m.batch > 1:
		return d, fmt.Errorf("onnx: %s: input %q: it takes %d pictures at once, want any number or 1", is.File, m.input, m.batch)
	}
	for _, v := range append(file.Graph.Inputs, file.Graph.Outputs...) {
		if (v.Name == m.input || v.Name == m.output) && v.Type.Tensor.Type != onnxfile.Float {
			return d, fmt.Errorf("onnx: %s: %q: got numbers of type %d, want float32", is.File, v.Name, v.Type.Tensor.Type)
		}
	}
	return d, nil
}
