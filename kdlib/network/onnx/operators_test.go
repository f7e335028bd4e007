package onnx

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/internal/onnxfile"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// operatorPictures are x() of testdata/gen_operators.py.
func operatorPictures() *tensors.Tensor {
	const n, size = 2, 7
	var all []float32
	for k := range n {
		for c := range colours {
			for j := range size {
				for i := range size {
					all = append(all, float32((7*i+13*j+i*j/(k+2)+29*c+31*k)%64)/16-2)
				}
			}
		}
	}
	return tensors.FromFlatDataAndDimensions(all, n, colours, size, size)
}

// Each form of each operator gives what it gives in onnxruntime.
func TestOperatorsEqualONNXRuntime(t *testing.T) {
	backend := xlatest.Backend(t)
	var want map[string]map[string][]float64
	golden.Read(t, "operators_golden.json", &want)
	seen := map[string]bool{}
	for name, cases := range want {
		file, err := read(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range file.Graph.Nodes {
			seen[n.Op] = true
		}
		outputs := slices.Sorted(maps.Keys(cases))
		for i, got := range built(t, backend, file, outputs) {
			compareSample(t, name+": "+outputs[i], got, cases[outputs[i]])
		}
	}
	for _, op := range Operators() {
		if !seen[op] {
			t.Errorf("%s: not in the files", op)
		}
	}
}

// built are a file's outputs on operatorPictures, in one program.
func built(t *testing.T, backend compute.Backend, file *onnxfile.Model, outputs []string) []*tensors.Tensor {
	t.Helper()
	if err := rewrite(file); err != nil {
		t.Fatal(err)
	}
	graph, err := builder(file, "testdata")
	if err != nil {
		t.Fatal(err)
	}
	store := model.NewStore()
	if err := graph.VariablesToScope(store.RootScope()); err != nil {
		t.Fatal(err)
	}
	exec := model.MustNewExec(backend, store, func(scope *model.Scope, x *Node) []*Node {
		return graph.CallGraph(scope, x.Graph(), map[string]*Node{"x": x}, outputs...)
	})
	made, err := exec.Call(operatorPictures())
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// compareSample compares with the number of values and some of them, at even distances.
func compareSample(t *testing.T, name string, got *tensors.Tensor, want []float64) {
	t.Helper()
	const tolerance, sample = 1e-5, 20
	values := tensors.MustCopyFlatData[float32](got)
	if float64(len(values)) != want[0] {
		t.Errorf("%s: got %d values %v, want %v", name, len(values), got.Shape().Dimensions, want[0])
		return
	}
	for i, w := range want[1:] {
		if v := float64(values[i*(1+len(values)/sample)]); !(math.Abs(v-w) <= tolerance*math.Max(1, math.Abs(w))) {
			t.Errorf("%s: value %d: got %v, want %v", name, i, v, w)
			return
		}
	}
}

// The package's documentation lists the operators that are read, and no other.
func TestDocumentationListsOperators(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "# Operators")
	_, list, _ = strings.Cut(list, "//\n")
	_, list, _ = strings.Cut(list, "//\n")
	list, _, _ = strings.Cut(list, "//\n")
	got := strings.Fields(strings.ReplaceAll(list, "//", ""))
	if !slices.Equal(got, Operators()) {
		t.Errorf("got %q, want %q", got, Operators())
	}
}

func TestRewriteRefuses(t *testing.T) {
	ints, text := onnxfile.IntsAttribute, func(name, v string) *onnxfile.Attribute {
		return &onnxfile.Attribute{Name: name, S: []byte(v), Type: onnxfile.TypeString}
	}
	node := func(op string, attributes ...*onnxfile.Attribute) *onnxfile.Node {
		return &onnxfile.Node{Op: op, Name: "here", Inputs: []string{"x", "w", "w"}, Outputs: []string{"y"}, Attributes: attributes}
	}
	two := node("MaxPool", ints("kernel_shape", 2, 2))
	two.Outputs = append(two.Outputs, "indices")
	foreign := node("FusedConv")
	foreign.Domain = "com.microsoft"
	for name, test := range map[string]struct {
		node *onnxfile.Node
		want string
	}{
		"operator":     {node("GridSample"), "operator GridSample (here): the operator is not read"},
		"domain":       {foreign, "operator com.microsoft.FusedConv (here): the operator is not read"},
		"attribute":    {node("Relu", ints("slope", 1)), "operator Relu (here): attribute slope (here [1]) is not read"},
		"dilations":    {node("MaxPool", ints("kernel_shape", 2, 2), ints("dilations", 2, 2)), "attribute dilations is not read as [2 2], only as 1..."},
		"training":     {node("BatchNormalization", onnxfile.IntAttribute("training_mode", 1)), "attribute training_mode is not read as 1, only as 0"},
		"indices":      {two, "its further output indices is not read"},
		"padding":      {node("Pad", text("mode", "edge")), "attribute mode is not read as edge"},
		"axes of Pad":  {&onnxfile.Node{Op: "Pad", Inputs: []string{"x", "w", "w", "w"}, Outputs: []string{"y"}}, "input 4 (w) is not read"},
		"average":      {node("AveragePool", ints("kernel_shape", 2, 2), text("auto_pad", "SAME_UPPER")), "attribute auto_pad is not read as SAME_UPPER"},
		"rounding up":  {node("MaxPool", ints("kernel_shape", 2, 2), ints("strides", 3, 3), onnxfile.IntAttribute("ceil_mode", 1)), "attribute ceil_mode is not read with strides [3 3]"},
		"without side": {node("MaxPool"), "kernel_shape []"},
		"steps":        {&onnxfile.Node{Op: "Slice", Inputs: []string{"x", "w", "w", "w", "x"}, Outputs: []string{"y"}}, "its steps (x) are computed"},
		"backwards":    {&onnxfile.Node{Op: "Slice", Inputs: []string{"x", "w", "w", "w", "w"}, Outputs: []string{"y"}}, "steps of [-2] are not read"},
		"groups":       {node("GroupNormalization"), "it is not read of operator set 17, only from 21 on"},
	} {
		err := rewrite(fileOf(17, test.node))
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), instead) {
			t.Errorf("%s: got error %v, want %q and what to do", name, err, test.want)
		}
	}
	several := fileOf(17, node("GridSample"), node("GridSample"), node("Resize"))
	if err := rewrite(several); err == nil || strings.Count(err.Error(), "is not read;") != 2 {
		t.Errorf("several: got error %v, want each operator once", err)
	}
	functions := fileOf(17, node("Relu"))
	functions.Functions = []onnxfile.Raw{{}}
	if err := rewrite(functions); err == nil || !strings.Contains(err.Error(), "onnx.inliner") {
		t.Errorf("functions: got error %v", err)
	}
	if err := rewrite(fileOf(6, node("Relu"))); err == nil || !strings.Contains(err.Error(), "set 6") {
		t.Errorf("old set: got error %v", err)
	}
}

func fileOf(opset int64, nodes ...*onnxfile.Node) *onnxfile.Model {
	g := &onnxfile.Graph{Nodes: nodes, Outputs: []*onnxfile.Value{{Name: "y"}, {Name: "indices"}},
		Initializers: []*onnxfile.Tensor{onnxfile.Int64Tensor("w", false, -2)}}
	return &onnxfile.Model{Graph: g, Opsets: []onnxfile.OperatorSet{{Version: opset}}}
}
