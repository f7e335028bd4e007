package onnx

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"distillation/kdlib/dataset"
	"distillation/kdlib/network/internal/onnxfile"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"
	"github.com/gomlx/onnx-gomlx/onnx"
)

// Model is a network from an ONNX file, with its weights on a backend.
type Model struct {
	Is      recipe.ONNX       // what it takes and gives; Output is empty until the first batch where only values can tell
	Classes [2]string         // names of the labels 0 and 1; empty where the file does not tell them
	batch   int               // pictures a call; 0: any number
	input   string            // name of its input
	output  string            // name of its output
	columns int               // numbers that it gives of a picture: 1 or 2
	logits  bool              // these are logits
	named   bool              // Is.Output is nothing but the name's word, which the first batch has to confirm
	names   []string          // of the values that the graph makes, in its order
	passed  map[string]string // the values that an Identity passes on, by its own
	last    []string          // of the names, the feature maps of the last convolutions, the last one's first
	file    onnx.Model
	backend compute.Backend
	store   *model.Store
	forward *model.Exec // pictures -> predictions, one program a shape
}

// Open reads the network of an ONNX file. It reads from the file what it can:
//
//	size, layout  the shape of the input, [n, 3, height, width] or [n, height, width, 3]
//	values        Bytes when the input is called "pixels", as in the files that this library writes
//	output        Logit or Probability when the output's name or the end of the graph says so. Where neither does, the first
//	              batch decides: two outputs that add up to 1 are probabilities, and one outside of [0, 1] is none.
//
// The metadata of a file of this library say all of it. Of a network that takes any size they say the size of its training.
//
// The fields of is fill in the rest. A field that is missing in both places is an error, and so is a field that contradicts the
// file.
func Open(backend compute.Backend, is recipe.ONNX) (*Model, error) {
	if err := is.Validate(); err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	m := &Model{Is: is, store: model.NewStore(), backend: backend}
	if err := m.catchPanic(m.open); err != nil {
		m.store.Finalize()
		return nil, err
	}
	return m, nil
}

func (m *Model) open() error {
	content, err := read(m.Is.File)
	if err != nil {
		return err
	}
	end := endingOf(content.Graph)
	if err := m.describe(content, end); err != nil {
		return err
	}
	return m.compile(content, func(x *Node, made []*Node) *Node { return made[0] })
}

// compile makes the program of a file's graph; last makes one value of pictures and of the graph's outputs.
func (m *Model) compile(content *onnxfile.Model, last func(x *Node, made []*Node) *Node) error {
	err := rewrite(content)
	if err == nil {
		err = m.parse(content)
	}
	if err != nil {
		return err
	}
	m.forward, err = model.NewExec(m.backend, m.store, func(scope *model.Scope, x *Node) *Node {
		return ConvertDType(last(x, m.build(scope, m.taken(x))), dtypes.Float32)
	})
	return err
}

// parse readies a rewritten graph to be built, and puts its weights into the store.
func (m *Model) parse(content *onnxfile.Model) error {
	m.passed = bypass(content.Graph)
	for _, n := range content.Graph.Nodes {
		m.names = append(m.names, n.Outputs...)
	}
	m.last = lastFeatures(content.Graph)
	var err error
	if m.file, err = builder(content, filepath.Dir(m.Is.File)); err != nil {
		return err
	}
	defer m.file.Close()
	return m.file.VariablesToScope(m.store.RootScope())
}

// describe completes m by what the file says of its input and its output.
func (m *Model) describe(file *onnxfile.Model, end ending) error {
	if err := m.describeMeta(file); err != nil {
		return err
	}
	inputs, outputs := takes(file.Graph), file.Graph.Outputs
	if len(inputs) != 1 || len(outputs) != 1 {
		return fmt.Errorf("got inputs %q and outputs %q, want one of each", valueNames(inputs), valueNames(outputs))
	}
	m.input, m.output = inputs[0].Name, outputs[0].Name
	if err := m.describeInput(inputs[0]); err != nil {
		return err
	}
	if err := m.describeOutput(outputs[0]); err != nil {
		return err
	}
	return m.decide(end)
}

// takes are the inputs of a graph without its weights, which older files list there, too.
func takes(g *onnxfile.Graph) []*onnxfile.Value {
	isWeight := map[string]bool{}
	for _, t := range g.Initializers {
		isWeight[t.Name] = true
	}
	return slices.DeleteFunc(slices.Clone(g.Inputs), func(v *onnxfile.Value) bool { return isWeight[v.Name] })
}

func valueNames(values []*onnxfile.Value) (names []string) {
	for _, v := range values {
		names = append(names, v.Name)
	}
	return names
}

// describeMeta takes what a file of this library says of itself. The size there is the one of training: another one may be told.
func (m *Model) describeMeta(file *onnxfile.Model) error {
	meta := map[string]string{}
	for _, e := range file.Meta {
		meta[e.Key] = e.Value
	}
	m.Classes = weights.Classes(meta)
	if file.Producer != weights.Producer {
		return nil
	}
	if size, err := strconv.Atoi(meta[weights.MetaSize]); err == nil && m.Is.Size == 0 {
		m.Is.Size = size
	}
	for _, field := range []struct {
		told *string
		key  string
	}{{&m.Is.Layout, weights.MetaLayout}, {&m.Is.Values, weights.MetaValues}} {
		switch own := meta[field.key]; {
		case own == "":
		case *field.told == "":
			*field.told = own
		case *field.told != own:
			return fmt.Errorf("%s: got %s, but the file's metadata say %s", field.key, *field.told, own)
		}
	}
	return nil
}

const colours = 3

// anySide stands for a side of a shape that may be any.
const anySide = -1

// shapeOf returns the sides of a value, and whether it has floating-point numbers.
func shapeOf(v *onnxfile.Value) (sides []int, float bool) {
	if v.Type == nil || v.Type.Tensor == nil {
		return nil, false
	}
	if shape := v.Type.Tensor.Shape; shape != nil {
		for _, d := range shape.Dims {
			if d.Name != "" || d.Value <= 0 {
				d.Value = anySide
			}
			sides = append(sides, int(d.Value))
		}
	}
	return sides, slices.Contains([]int64{onnxfile.Float, onnxfile.Float16, onnxfile.Double}, v.Type.Tensor.Type)
}

func (m *Model) describeInput(v *onnxfile.Value) error {
	d, float := shapeOf(v)
	wrong := func(want string, args ...any) error {
		return fmt.Errorf("input %q: got shape %v, want %s", m.input, d, fmt.Sprintf(want, args...))
	}
	if len(d) != 4 || !float {
		return wrong("four dimensions of floating-point numbers")
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
	if m.Is.Size == 0 {
		return wrong("one size: the network takes any, and its file does not say which it was trained on; give it, with --size or as size in a recipe")
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

func (m *Model) describeOutput(v *onnxfile.Value) error {
	d, float := shapeOf(v)
	if len(d) == 2 && d[1] == anySide && m.Is.Output == "" {
		return fmt.Errorf("output %q: got shape %v, want [n], [n, 1], or [n, 2] for cat and dog; export it with its numbers", m.output, d)
	}
	if len(d) < 1 || len(d) > 2 || len(d) == 2 && d[1] != 1 && d[1] != 2 || !float {
		return fmt.Errorf("output %q: got shape %v, want floating-point numbers [n], [n, 1], or [n, 2] for cat and dog", m.output, d)
	}
	m.columns = 1
	if len(d) == 2 {
		m.columns = d[1]
	}
	return nil
}

// Finalize frees the weights and compiled programs. The model cannot be used afterwards.
func (m *Model) Finalize() {
	m.forward.Finalize()
	m.store.Finalize()
}

// outputs runs the network on pictures, float32 [n, size, size, 3] in [0, 255], and returns of each its logit, or the probability
// where the network gives no logits. Each shape compiles a program when it is first seen.
func (m *Model) outputs(pictures *tensors.Tensor) ([]float32, error) {
	var values []float32
	err := m.catchPanic(func() error {
		out, err := m.forward.Call(pictures)
		if err != nil {
			return err
		}
		defer out[0].MustFinalizeAll()
		if values, err = tensors.CopyFlatData[float32](out[0]); err != nil {
			return err
		}
		if err := m.check(values); err != nil {
			return fmt.Errorf("output %q: %w", m.output, err)
		}
		values = m.dogs(values)
		return nil
	})
	return values, err
}

// dogs returns one number a picture. Two logits count by their difference, whose sigmoid is the second one's softmax.
func (m *Model) dogs(values []float32) []float32 {
	if m.columns == 1 {
		return values
	}
	var dogs []float32
	for row := range slices.Chunk(values, m.columns) {
		dog := row[1]
		if m.logits {
			dog -= row[0]
		}
		dogs = append(dogs, dog)
	}
	return dogs
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
