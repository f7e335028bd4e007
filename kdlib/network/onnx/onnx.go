// Package onnx predicts with networks that others trained: any ONNX classifier of cats and dogs can be a teacher.
package onnx

import (
	"fmt"
	"math"
	"strings"

	"distillation/kdlib/dataset"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"
	"github.com/gomlx/onnx-gomlx/onnx"
	"github.com/gomlx/onnx-gomlx/onnx/parser"
)

// Model is a network from an ONNX file, with its weights on a backend.
type Model struct {
	Is      recipe.ONNX // its input and output; Size is 0 if the network takes any
	batch   int         // pictures a call; 0: any number
	input   string      // name of its input
	output  string      // name of its output
	logits  bool        // forward gives logits: its output is one, or the sigmoid of one
	store   *model.Store
	forward *model.Exec // pictures -> predictions, one program a shape
}

// Open reads the network of an ONNX file. It reads from the file what it can:
//
//	size, layout  the shape of the input, [n, 3, height, width] or [n, height, width, 3]
//	values        Bytes when the input is called "pixels", as in the files that this library writes
//	output        Logit or Probability when the output's name says so
//
// The fields of is fill in the rest. A field that is missing in both places is an error, and so is a field that contradicts the
// file.
func Open(backend compute.Backend, is recipe.ONNX) (*Model, error) {
	if err := is.Validate(); err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	m := &Model{Is: is, store: model.NewStore()}
	err := m.catchPanic(func() error {
		file, err := parser.ParseFile(is.File)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := m.describe(file); err != nil {
			return err
		}
		if err := file.VariablesToScope(m.store.RootScope()); err != nil {
			return err
		}
		m.forward, err = model.NewExec(backend, m.store, func(scope *model.Scope, x *Node) *Node { return m.graph(file, scope, x) })
		return err
	})
	if err != nil {
		m.store.Finalize()
		return nil, err
	}
	return m, nil
}

// describe completes m by what the file says of its input and its output.
func (m *Model) describe(file onnx.Model) error {
	inputs, takes := file.Inputs()
	outputs, gives := file.Outputs()
	if len(inputs) != 1 || len(outputs) != 1 {
		return fmt.Errorf("got inputs %q and outputs %q, want one of each", inputs, outputs)
	}
	m.input, m.output = inputs[0], outputs[0]
	if err := m.describeInput(takes[0]); err != nil {
		return err
	}
	return m.describeOutput(gives[0])
}

const colours = 3

func (m *Model) describeInput(shape shapes.Shape) error {
	wrong := func(want string, args ...any) error {
		return fmt.Errorf("input %q: got shape %v, want %s", m.input, shape.Dimensions, fmt.Sprintf(want, args...))
	}
	d := shape.Dimensions
	if len(d) != 4 || !shape.DType.IsFloat() {
		return fmt.Errorf("input %q: got %s %v, want four dimensions of floating-point numbers", m.input, shape.DType, d)
	}
	if m.Is.Layout == "" {
		switch first, last := d[1] == colours, d[3] == colours; {
		case first && !last:
			m.Is.Layout = recipe.NCHW
		case last && !first:
			m.Is.Layout = recipe.NHWC
		default:
			return wrong("3 colours in the second or the last place; give the layout, %s or %s", recipe.NCHW, recipe.NHWC)
		}
	}
	channels, sides := d[3], d[1:3]
	if m.Is.Layout == recipe.NCHW {
		channels, sides = d[1], d[2:]
	}
	if channels >= 0 && channels != colours {
		return wrong("3 colours in the layout %s", m.Is.Layout)
	}
	for _, side := range sides {
		switch {
		case side < 0: // any
		case m.Is.Size == 0:
			m.Is.Size = side
		case side != m.Is.Size:
			return wrong("width and height %d", m.Is.Size)
		}
	}
	m.batch = max(d[0], 0)
	if m.Is.Values == "" && m.input != "pixels" {
		return fmt.Errorf("input %q: its name does not say which values it takes; give them: %s, %s, %s or %s",
			m.input, recipe.Bytes, recipe.Unit, recipe.Centred, recipe.ImageNet)
	}
	if m.Is.Values == "" {
		m.Is.Values = recipe.Bytes
	}
	return nil
}

func (m *Model) describeOutput(shape shapes.Shape) error {
	d := shape.Dimensions
	if len(d) < 1 || len(d) > 2 || len(d) == 2 && d[1] != 1 && d[1] != 2 || !shape.DType.IsFloat() {
		return fmt.Errorf("output %q: got %s %v, want floating-point numbers [n], [n, 1], or [n, 2] for cat and dog", m.output, shape.DType, d)
	}
	if m.Is.Output != "" {
		return nil
	}
	for _, kind := range []string{recipe.Logit, recipe.Probability} {
		if strings.Contains(strings.ToLower(m.output), kind) {
			m.Is.Output = kind
			return nil
		}
	}
	return fmt.Errorf("output %q: its name does not say what it is; tell: %s or %s", m.output, recipe.Logit, recipe.Probability)
}

// Finalize frees the weights and compiled programs. The model cannot be used afterwards.
func (m *Model) Finalize() {
	m.forward.Finalize()
	m.store.Finalize()
}

// outputs runs the network on pictures, float32 [n, size, size, 3] in [0, 255], and returns a logit or probability of each, as
// m.logits says.
// Each shape compiles a program when it is first seen.
func (m *Model) outputs(pictures *tensors.Tensor) ([]float32, error) {
	var values []float32
	err := m.catchPanic(func() error {
		out, err := m.forward.Call(pictures)
		if err != nil {
			return err
		}
		defer out[0].MustFinalizeAll()
		values, err = tensors.CopyFlatData[float32](out[0])
		return err
	})
	return values, err
}

// read returns the probability of "dog" that an output of the network means, and its logit, NaN if that is not known.
func (m *Model) read(output float32) (p, logit float64, err error) {
	if m.logits {
		return dataset.FromLogit(output)
	}
	if !(output >= 0 && output <= 1) {
		return 0, 0, fmt.Errorf("%s: output %q: got %v as %s, want P(dog) in [0, 1]", m.Is.File, m.output, output, m.Is.Output)
	}
	return float64(output), math.NaN(), nil
}

// catchPanic runs fn and turns panics of graph builders into errors that name the file.
func (m *Model) catchPanic(fn func() error) error {
	var err error
	if panicked := exceptions.TryCatch[error](func() { err = fn() }); panicked != nil {
		err = panicked
	}
	if err != nil {
		return fmt.Errorf("onnx: %s: %w", m.Is.File, err)
	}
	return nil
}
