package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"distillation/kdlib/network/internal/onnxfile"
)

// rewriter writes a graph anew in the operators that the library which builds it has, as that library reads them.
type rewriter struct {
	graph     *onnxfile.Graph
	opset     int64
	float     int64                       // type of the pictures' numbers, which constants of formulas share
	constants map[string]*onnxfile.Tensor // weights and constants by name
	used      map[string]int              // how many nodes and outputs take a value
	training  bool                        // every node needs a gradient
	out       []*onnxfile.Node
	made      int // values that are not the file's
}

// rewrite changes a file's graph so that it can be built, or says what of it is not read. It takes the names of weights off the
// inputs: older files list them there too.
func rewrite(file *onnxfile.Model) error {
	r, err := newRewriter(file)
	if err != nil {
		return err
	}
	return r.all()
}

// rewriteForTraining is rewrite in operators that have a gradient.
func rewriteForTraining(file *onnxfile.Model) error {
	r, err := newRewriter(file)
	if err != nil {
		return err
	}
	r.training = true
	return r.all()
}

// all writes all nodes.
func (r *rewriter) all() error {
	var faults []error
	told := map[string]bool{}
	for _, n := range r.graph.Nodes {
		if err := r.node(n); err != nil && !told[n.Op+err.Error()] {
			told[n.Op+err.Error()] = true
			faults = append(faults, fmt.Errorf("%s: %w", nodeName(n), err))
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("%w\n%s", errors.Join(faults...), instead)
	}
	r.graph.Nodes, r.graph.Known = r.out, nil
	return nil
}

// bypass lets nodes take what an Identity takes, since GoMLX has no gradient of an Identity. It returns which value each one passes on.
func bypass(g *onnxfile.Graph) map[string]string {
	passed := map[string]string{}
	for _, n := range g.Nodes {
		for i, in := range n.Inputs {
			if from, ok := passed[in]; ok {
				n.Inputs[i] = from
			}
		}
		if n.Op == "Identity" {
			passed[n.Outputs[0]] = n.Inputs[0]
		}
	}
	return passed
}

// nodeName is an operator and the name of its node, or of what it makes.
func nodeName(n *onnxfile.Node) string {
	name := n.Name
	if name == "" && len(n.Outputs) > 0 {
		name = n.Outputs[0]
	}
	return fmt.Sprintf("operator %s (%s)", strings.TrimPrefix(n.Domain+"."+n.Op, "."), name)
}

func newRewriter(file *onnxfile.Model) (*rewriter, error) {
	g := file.Graph
	r := &rewriter{graph: g, float: onnxfile.Float, constants: map[string]*onnxfile.Tensor{}, used: map[string]int{}}
	for _, set := range file.Opsets {
		if set.Domain == "" || set.Domain == "ai.onnx" {
			r.opset = set.Version
		}
	}
	switch {
	case r.opset < firstOpset:
		return nil, fmt.Errorf("its operators are of set %d: read are those from set %d on (2017); export it again, or convert it with onnx.version_converter", r.opset, firstOpset)
	case len(file.Functions) > 0:
		return nil, fmt.Errorf("it defines %d operators of its own (functions), which are not read; inline them with onnx.inliner.inline_local_functions", len(file.Functions))
	case len(g.Sparse) > 0:
		return nil, fmt.Errorf("it has %d sparse weights, which are not read; save them as ordinary ones", len(g.Sparse))
	}
	for _, t := range g.Initializers {
		r.constants[t.Name] = t
	}
	g.Inputs = slices.DeleteFunc(g.Inputs, func(v *onnxfile.Value) bool { return r.constants[v.Name] != nil })
	for _, v := range g.Inputs {
		if v.Type != nil && v.Type.Tensor != nil {
			r.float = v.Type.Tensor.Type
		}
	}
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			r.used[in]++
		}
		if i := slices.IndexFunc(n.Attributes, func(a *onnxfile.Attribute) bool { return a.T != nil }); n.Op == "Constant" && i >= 0 && len(n.Outputs) == 1 {
			r.constants[n.Outputs[0]] = n.Attributes[i].T
		}
	}
	for _, v := range g.Outputs {
		r.used[v.Name]++
	}
	return r, nil
}

// node writes one node.
func (r *rewriter) node(n *onnxfile.Node) error {
	o, ok := operators[n.Op]
	if !ok || n.Domain != "" && n.Domain != "ai.onnx" {
		return errors.New("the operator is not read; see `go doc distillation/kdlib/network/onnx` for those that are")
	}
	if err := o.check(n); err != nil {
		return err
	}
	if len(n.Outputs) == 0 {
		return errors.New("it has no output")
	}
	if n.Op != "Split" {
		for _, further := range n.Outputs[1:] {
			if r.used[further] > 0 {
				return fmt.Errorf("its further output %s is not read", further)
			}
		}
		n.Outputs = n.Outputs[:1]
	}
	if o.form != nil {
		return o.form(r, n)
	}
	r.out = append(r.out, n)
	return nil
}

// op appends a node of a new value and returns the value's name.
func (r *rewriter) op(op string, inputs ...string) string { return r.with(op, nil, inputs...) }

// with is op with attributes.
func (r *rewriter) with(op string, attributes []*onnxfile.Attribute, inputs ...string) string {
	r.made++
	name := fmt.Sprintf("kdlib.constant.%d", r.made) // with "constant" in its name a value may be computed before the graph is built
	r.out = append(r.out, &onnxfile.Node{Op: op, Name: name, Inputs: inputs, Outputs: []string{name}, Attributes: attributes})
	return name
}

// become appends n as another operator on other inputs.
func (r *rewriter) become(n *onnxfile.Node, op string, attributes []*onnxfile.Attribute, inputs ...string) error {
	n.Op, n.Inputs, n.Attributes = op, inputs, attributes
	r.out = append(r.out, n)
	return nil
}

// same appends a node as it is.
func (r *rewriter) same(n *onnxfile.Node) error { return r.become(n, n.Op, n.Attributes, n.Inputs...) }

// number makes a constant of the pictures' type.
func (r *rewriter) number(v float64) string {
	value := []*onnxfile.Attribute{onnxfile.TensorAttribute("value", onnxfile.FloatTensor("", nil, []float32{float32(v)}))}
	if r.float == onnxfile.Float {
		return r.with("Constant", value)
	}
	return r.with("Cast", []*onnxfile.Attribute{onnxfile.IntAttribute("to", r.float)}, r.with("Constant", value))
}

// integers makes a constant list.
func (r *rewriter) integers(v ...int64) string {
	t := onnxfile.Int64Tensor("", false, v...)
	name := r.with("Constant", []*onnxfile.Attribute{onnxfile.TensorAttribute("value", t)})
	r.constants[name] = t
	return name
}

// integer makes a constant number.
func (r *rewriter) integer(v int64) string {
	return r.with("Constant", []*onnxfile.Attribute{onnxfile.TensorAttribute("value", onnxfile.Int64Tensor("", true, v))})
}

// known returns the numbers of a value that is an integer constant.
func (r *rewriter) known(name string) ([]int64, bool) {
	t := r.constants[name]
	if t == nil {
		return nil, false
	}
	v, err := t.Ints()
	return v, err == nil
}

// attribute returns an attribute of a node, nil if it has not got it.
func attribute(n *onnxfile.Node, name string) *onnxfile.Attribute {
	if i := slices.IndexFunc(n.Attributes, func(a *onnxfile.Attribute) bool { return a.Name == name }); i >= 0 {
		return n.Attributes[i]
	}
	return nil
}

func floatOf(n *onnxfile.Node, name string, otherwise float64) float64 {
	if a := attribute(n, name); a != nil {
		return float64(a.F)
	}
	return otherwise
}

func intOf(n *onnxfile.Node, name string, otherwise int64) int64 {
	if a := attribute(n, name); a != nil {
		return a.I
	}
	return otherwise
}

func intsOf(n *onnxfile.Node, name string) []int64 {
	if a := attribute(n, name); a != nil {
		return a.Ints
	}
	return nil
}

func textOf(n *onnxfile.Node, name, otherwise string) string {
	if a := attribute(n, name); a != nil {
		return string(a.S)
	}
	return otherwise
}

// without returns a node's attributes but some.
func without(n *onnxfile.Node, names ...string) []*onnxfile.Attribute {
	return slices.DeleteFunc(slices.Clone(n.Attributes), func(a *onnxfile.Attribute) bool { return slices.Contains(names, a.Name) })
}
