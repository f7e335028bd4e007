package onnx_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/testpictures"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/internal/onnxfile"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute"
)

// small is a network of the mean colour: its logits are gain * (red - 0.5), in two columns those of the first are 0. How it ends
// and what its output is called are a test's.
type small struct {
	columns int64
	end     []string // operators after the dense layer
	output  string
	gain    float32
	change  func(*onnxfile.Model)
}

const smallSide = 8

func (s small) write(t *testing.T) string {
	t.Helper()
	kernel, bias := make([]float32, 3*s.columns), make([]float32, s.columns)
	kernel[s.columns-1], bias[s.columns-1] = s.gain, -s.gain/2
	dims := func(sides ...int64) *onnxfile.Type {
		shape := onnxfile.Shape{Dims: []onnxfile.Dim{{Name: "n"}}}
		for _, side := range sides {
			shape.Dims = append(shape.Dims, onnxfile.Dim{Value: side})
		}
		return &onnxfile.Type{Tensor: &onnxfile.TensorType{Type: onnxfile.Float, Shape: &shape}}
	}
	g := &onnxfile.Graph{Inputs: []*onnxfile.Value{{Name: "x", Type: dims(3, smallSide, smallSide)}},
		Outputs: []*onnxfile.Value{{Name: s.output, Type: dims(s.columns)}},
		Nodes: []*onnxfile.Node{{Op: "GlobalAveragePool", Inputs: []string{"x"}, Outputs: []string{"mean"}}, {Op: "Flatten", Inputs: []string{"mean"}, Outputs: []string{"flat"}},
			{Op: "Gemm", Inputs: []string{"flat", "kernel", "bias"}, Outputs: []string{"z0"}}},
		Initializers: []*onnxfile.Tensor{onnxfile.FloatTensor("kernel", []int64{3, s.columns}, kernel), onnxfile.FloatTensor("bias", []int64{s.columns}, bias)}}
	for i, op := range s.end {
		n := &onnxfile.Node{Op: op, Inputs: []string{fmt.Sprintf("z%d", i)}, Outputs: []string{fmt.Sprintf("z%d", i+1)}}
		if op == "Mul" {
			g.Initializers = append(g.Initializers, onnxfile.FloatTensor("one", nil, []float32{1}))
			n.Inputs = append(n.Inputs, "one")
		}
		g.Nodes = append(g.Nodes, n)
	}
	last := g.Nodes[len(g.Nodes)-1]
	last.Outputs[0] = s.output
	m := &onnxfile.Model{IR: 8, Graph: g, Opsets: []onnxfile.OperatorSet{{Version: 17}}}
	if s.change != nil {
		s.change(m)
	}
	path := filepath.Join(t.TempDir(), "small.onnx")
	if err := os.WriteFile(path, m.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// red is the mean red of pattern k, in [0, 1].
func red(k int) float64 {
	pixels, _ := testpictures.Patterns(smallSide).Image(fmt.Sprint(k))
	sum := 0.
	for i := 0; i < len(pixels); i += 3 {
		sum += float64(pixels[i])
	}
	return sum / 255 / smallSide / smallSide
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// What an output is is told, or decided by its name, by the end of the graph and by the values of the first batch; where they
// disagree the error says so.
func TestOutputIsDecided(t *testing.T) {
	const n, tolerance = 3, 1e-6
	backend := xlatest.Backend(t)
	var none []string
	hardSigmoid := func(z float64) float64 { return min(max(0.2*z+0.5, 0), 1) }
	for name, test := range map[string]struct {
		small
		told   string
		p      func(z float64) float64
		refuse string
	}{
		"logit by name":                {small{1, none, "logit", 0.1, nil}, "", sigmoid, ""},
		"logit by values":              {small{1, none, "output", 40, nil}, "", sigmoid, ""},
		"neither name nor values":      {small{1, none, "output", 0, nil}, "", nil, `output "output": neither its name nor its 3 values, which lie in [0, 1], say what it is; tell: logit or probability`},
		"logit told":                   {small{1, none, "output", 0.1, nil}, recipe.Logit, sigmoid, ""},
		"probability outside":          {small{1, none, "probability", 40, nil}, "", nil, "outside of [0, 1], as probability"},
		"sigmoid by graph":             {small{1, []string{"Sigmoid"}, "output", 40, nil}, "", sigmoid, ""},
		"sigmoid called logit":         {small{1, []string{"Sigmoid"}, "logit", 40, nil}, "", nil, `output "logit": its name says logit, but a Sigmoid makes it; tell which it is: logit or probability`},
		"sigmoid called logit, told":   {small{1, []string{"Sigmoid"}, "logit", 40, nil}, recipe.Probability, sigmoid, ""},
		"sigmoid of a sigmoid, told":   {small{1, []string{"Sigmoid"}, "logit", 40, nil}, recipe.Logit, func(z float64) float64 { return sigmoid(sigmoid(z)) }, ""},
		"hidden sigmoid called logit":  {small{1, []string{"HardSigmoid"}, "logit", 1, nil}, "", nil, "its name says logit, but all 3 values look like probabilities: they lie in [0, 1]"},
		"hidden sigmoid, named":        {small{1, []string{"HardSigmoid"}, "prob", 1, nil}, "", hardSigmoid, ""},
		"two logits":                   {small{2, none, "output", 4, nil}, "", sigmoid, ""},
		"softmax by graph":             {small{2, []string{"Softmax"}, "output", 40, nil}, "", sigmoid, ""},
		"softmax called logits":        {small{2, []string{"Softmax"}, "logits", 4, nil}, "", nil, `output "logits": its name says logit, but a Softmax makes it`},
		"hidden softmax":               {small{2, []string{"Softmax", "Mul"}, "output", 4, nil}, "", sigmoid, ""},
		"hidden softmax, told":         {small{2, []string{"Softmax", "Mul"}, "output", 4, nil}, recipe.Probability, sigmoid, ""},
		"hidden softmax called logits": {small{2, []string{"Softmax", "Mul"}, "logits", 4, nil}, "", nil, "its name says logit, but all 3 values look like probabilities: two of a picture add up to 1"},
		"two that do not add up":       {small{2, []string{"HardSigmoid"}, "probabilities", 1, nil}, "", nil, "which do not add up to 1, as probability"},
	} {
		t.Run(name, func(t *testing.T) {
			path := test.write(t)
			got, err := askSmall(t, backend, recipe.ONNX{File: path, Values: recipe.Unit, Output: test.told}, n)
			if test.refuse != "" {
				if err == nil || !strings.Contains(err.Error(), test.refuse) || !strings.Contains(err.Error(), path) {
					t.Fatalf("got %v, error %v, want one with the path and %q", got, err, test.refuse)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for k, p := range got {
				if want := test.p(float64(test.gain) * (red(k) - 0.5)); !(math.Abs(p-want) <= tolerance) {
					t.Errorf("picture %d: got %v, want %v", k, p, want)
				}
			}
		})
	}
}

// Weights may be listed as inputs too, and lie beside the file; what a file of this library says of itself is read.
func TestKindsOfFiles(t *testing.T) {
	const n, tolerance = 2, 1e-6
	backend := xlatest.Backend(t)
	base := small{1, nil, "logit", 4, nil}
	listed, own := base, base
	listed.change = func(m *onnxfile.Model) {
		for _, w := range m.Graph.Initializers {
			m.Graph.Inputs = append(m.Graph.Inputs, &onnxfile.Value{Name: w.Name, Type: m.Graph.Inputs[0].Type})
		}
	}
	free := func(m *onnxfile.Model) {
		m.Graph.Inputs[0].Type.Tensor.Shape.Dims = []onnxfile.Dim{{Name: "n"}, {Value: 3}, {Name: "h"}, {Name: "w"}}
	}
	own.change = func(m *onnxfile.Model) {
		free(m)
		m.Producer = weights.Producer
		m.Meta = []onnxfile.Entry{{Key: weights.MetaSize, Value: fmt.Sprint(smallSide)}, {Key: weights.MetaValues, Value: recipe.Unit}, {Key: weights.MetaLayout, Value: recipe.NCHW}, {Key: weights.MetaClasses, Value: `["ant","bee"]`}}
	}
	for name, test := range map[string]struct {
		small
		is recipe.ONNX
	}{
		"weights listed as inputs": {listed, recipe.ONNX{Values: recipe.Unit}},
		"own, of any size":         {own, recipe.ONNX{}},
	} {
		test.is.File = test.write(t)
		got, err := askSmall(t, backend, test.is, n)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for k, p := range got {
			if want := sigmoid(4 * (red(k) - 0.5)); !(math.Abs(p-want) <= tolerance) {
				t.Errorf("%s: picture %d: got %v, want %v", name, k, p, want)
			}
		}
	}
	m, err := onnx.Open(backend, recipe.ONNX{File: own.write(t), Size: 16}) // another size was asked for
	if err != nil {
		t.Fatal(err)
	}
	defer m.Finalize()
	if m.Is.Size != 16 || m.Classes != [2]string{"ant", "bee"} {
		t.Errorf("own: got %+v, classes %q, want size 16, ant and bee", m.Is, m.Classes)
	}
	anySize := base
	anySize.change = free
	for want, is := range map[string]recipe.ONNX{
		"the network takes any, and its file does not say which": {File: anySize.write(t), Values: recipe.Unit},
		"values: got imagenet, but the file's metadata say 0..1": {File: own.write(t), Values: recipe.ImageNet},
		"layout: got nhwc, but the file's metadata say nchw":     {File: own.write(t), Layout: recipe.NHWC},
		"inputs [\"x\" \"kernel\"]": {File: small{1, nil, "logit", 4, func(m *onnxfile.Model) {
			m.Graph.Inputs = append(m.Graph.Inputs, &onnxfile.Value{Name: "kernel", Type: m.Graph.Inputs[0].Type})
			m.Graph.Initializers = m.Graph.Initializers[1:]
		}}.write(t), Values: recipe.Unit},
	} {
		if _, err := askSmall(t, backend, is, n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
	}
}

// Weights that lie beside the file come along, or the error names them.
func TestWeightsBesideTheFile(t *testing.T) {
	var kernel []byte
	beside := small{1, nil, "logit", 4, func(m *onnxfile.Model) {
		w := m.Graph.Initializers[0]
		kernel, w.Bytes = w.Bytes, nil
		w.External = []onnxfile.Entry{{Key: "location", Value: "small.data"}, {Key: "offset", Value: "4"}, {Key: "length", Value: fmt.Sprint(len(kernel))}}
		const external = 1 // TensorProto.EXTERNAL
		w.Rest = []byte{14 << 3, external}
	}}
	path := beside.write(t)
	is := recipe.ONNX{File: path, Values: recipe.Unit}
	backend := xlatest.Backend(t)
	data := filepath.Join(filepath.Dir(path), "small.data")
	if _, err := askSmall(t, backend, is, 1); err == nil || !strings.Contains(err.Error(), `weights "kernel" [3 1]: they lie in another file, which has to come along`) {
		t.Errorf("without: got error %v", err)
	}
	for short, want := range map[int]string{1: "up to byte 16, which has only 15", 0: ""} {
		content := append(bytes.Repeat([]byte{1}, 4), kernel...)
		if err := os.WriteFile(data, content[:len(content)-short], 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := askSmall(t, backend, is, 1)
		switch {
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("short: got error %v, want %q", err, want)
		case want == "" && (err != nil || math.Abs(got[0]-sigmoid(4*(red(0)-0.5))) > 1e-6):
			t.Errorf("whole: got %v, %v", got, err)
		}
	}
}

// Files that are no networks, or half of one, are told from each other and named.
func TestDamagedFiles(t *testing.T) {
	whole, err := os.ReadFile(tiny("bytes_logit").File)
	if err != nil {
		t.Fatal(err)
	}
	backend := xlatest.Backend(t)
	path := filepath.Join(t.TempDir(), "damaged.onnx")
	try := func(content []byte) error {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		m, err := onnx.Open(backend, recipe.ONNX{File: path})
		if err == nil {
			m.Finalize()
		}
		return err
	}
	for name, c := range map[string]struct{ content, want string }{
		"empty": {"", "the file is empty"},
		"text":  {"id,set,label,p\n", "not an ONNX file, or one that is cut short"},
		"zeros": {strings.Repeat("\x00", 100), "not an ONNX file"},
		"other": {"\x08\x08", "holds no graph"},
	} {
		if err := try([]byte(c.content)); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got error %v, want one with the path and %q", name, err, c.want)
		}
	}
	for size := 1; size < len(whole); size += 97 {
		if err := try(whole[:size]); err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "runtime error") {
			t.Errorf("cut to %d bytes: got error %v", size, err)
		}
	}
	short := small{1, nil, "logit", 4, func(m *onnxfile.Model) { m.Graph.Initializers[0].Dims = []int64{3, 1 << 50} }}
	if _, err := onnx.Open(backend, recipe.ONNX{File: short.write(t), Values: recipe.Unit}); err == nil || !strings.Contains(err.Error(), `weights "kernel"`) {
		t.Errorf("a shape of too many numbers: got error %v", err)
	}
}

// What only building finds out names the place in the graph.
func TestBuildErrorNamesThePlace(t *testing.T) {
	odd := small{1, nil, "logit", 4, func(m *onnxfile.Model) { m.Graph.Initializers[0].Dims = []int64{1, 3} }}
	_, err := askSmall(t, xlatest.Backend(t), recipe.ONNX{File: odd.write(t), Values: recipe.Unit}, 1)
	if err == nil || !strings.Contains(err.Error(), `"logit" in the graph cannot be made on input "x" [1 3 8 8]`) || strings.Contains(err.Error(), ".go:") {
		t.Errorf("got error %v", err)
	}
}

// askSmall are a small network's answers on the first n patterns.
func askSmall(t *testing.T, backend compute.Backend, is recipe.ONNX, n int) ([]float64, error) {
	t.Helper()
	m, err := onnx.Open(backend, is)
	if err != nil {
		return nil, err
	}
	defer m.Finalize()
	got, err := m.Predict(t.Context(), data(smallSide, n), dataset.PredictOptions{Batch: n})
	return got.P, err
}
