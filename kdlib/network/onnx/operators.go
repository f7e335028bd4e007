package onnx

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"distillation/kdlib/network/internal/onnxfile"
)

// operator says what is read of one of ONNX's operators. Any other attribute is refused: the library that builds the graph
// would pass over it, and the network would predict something else.
type operator struct {
	reads   []string                                  // attributes that count
	ignores []string                                  // attributes that change nothing in a prediction
	only    map[string]string                         // attributes of which one value is read; "1..." is a list of nothing but 1
	inputs  int                                       // most of them; 0: any number
	form    func(r *rewriter, n *onnxfile.Node) error // writes the node in other operators; nil: as it is
}

// Names of attributes.
const (
	alpha      = "alpha"
	autoPad    = "auto_pad"
	axes       = "axes"
	axis       = "axis"
	ceilMode   = "ceil_mode"
	dilations  = "dilations"
	epsilon    = "epsilon"
	kernel     = "kernel_shape"
	mode       = "mode"
	pads       = "pads"
	strides    = "strides"
	includePad = "count_include_pad"
)

var (
	plain  = operator{}
	reduce = operator{reads: []string{axes, "keepdims", "noop_with_empty_axes"}, inputs: 2}
)

// operators are those that are read, of the operator sets from firstOpset on. The package's documentation lists them.
var operators = map[string]operator{
	"Abs": plain, "Add": plain, "And": plain, "Ceil": plain, "Cos": plain, "Div": plain, "Equal": plain, "Erf": plain,
	"Exp": plain, "Expand": plain, "Floor": plain, "Greater": plain, "GreaterOrEqual": plain, "HardSwish": plain,
	"Identity": plain, "Less": plain, "LessOrEqual": plain, "Log": plain, "MatMul": plain, "Max": plain, "Min": plain,
	"Mul": plain, "Neg": plain, "Not": plain, "Or": plain, "Pow": plain, "Range": plain, "Reciprocal": plain, "Relu": plain,
	"Sigmoid": plain, "Sign": plain, "Sin": plain, "Size": plain, "Sqrt": plain, "Sub": plain, "Tanh": plain, "Tile": plain,
	"Where": plain, "Xor": plain,

	"ReduceL2": reduce, "ReduceMax": reduce, "ReduceMean": reduce, "ReduceMin": reduce, "ReduceProd": reduce, "ReduceSum": reduce,

	"Cast":               {reads: []string{"to"}, ignores: []string{"saturate", "round_mode"}},
	"Concat":             {reads: []string{axis}},
	"ConstantOfShape":    {reads: []string{"value"}},
	"Einsum":             {reads: []string{"equation"}, inputs: 2},
	"Flatten":            {reads: []string{axis}},
	"Gather":             {reads: []string{axis}},
	"GatherElements":     {reads: []string{axis}},
	"Gemm":               {reads: []string{alpha, "beta", "transA", "transB"}},
	"GlobalAveragePool":  plain,
	"LayerNormalization": {reads: []string{axis, epsilon}, ignores: []string{"stash_type"}},
	"Mod":                {reads: []string{"fmod"}},
	"Shape":              {reads: []string{"start", "end"}},
	"Squeeze":            {reads: []string{axes}},
	"Transpose":          {reads: []string{"perm"}},
	"Unsqueeze":          {reads: []string{axes}},
	"BatchNormalization": {reads: []string{epsilon}, ignores: []string{"momentum"}, only: map[string]string{"training_mode": "0", "spatial": "1"}},

	"AveragePool": {reads: []string{autoPad, ceilMode, includePad, kernel, pads, strides}, only: map[string]string{dilations: "1..."}, form: averagePool},
	"Conv":        {reads: []string{autoPad, dilations, "group", kernel, pads, strides}, form: convolution},
	"MaxPool": {reads: []string{autoPad, ceilMode, kernel, pads, strides}, ignores: []string{"storage_order"}, // that is of indices
		only: map[string]string{dilations: "1..."}, form: maxPool},

	"Celu":                  {reads: []string{alpha}, form: celu},
	"Clip":                  {reads: []string{"min", "max"}, form: clip},
	"Constant":              {reads: []string{"value", "value_float", "value_floats", "value_int", "value_ints"}, form: constant},
	"Dropout":               {ignores: []string{"ratio", "seed"}, form: dropout},
	"Elu":                   {reads: []string{alpha}, form: elu},
	"Gelu":                  {reads: []string{"approximate"}, form: gelu},
	"GlobalMaxPool":         {form: globalMaxPool},
	"HardSigmoid":           {reads: []string{alpha, "beta"}, form: hardSigmoid},
	"InstanceNormalization": {reads: []string{epsilon}, form: instanceNormalization},
	"GroupNormalization":    {reads: []string{epsilon, "num_groups"}, ignores: []string{"stash_type"}, form: groupNormalization},
	"LeakyRelu":             {reads: []string{alpha}, form: leakyRelu},
	"LogSoftmax":            {reads: []string{axis}, form: logSoftmax},
	"Mean":                  {form: mean},
	"Mish":                  {form: mish},
	"PRelu":                 {form: pRelu},
	"Pad":                   {reads: []string{mode, pads, "value"}, inputs: 3, form: pad},
	"ReduceL1":              {reads: reduce.reads, inputs: 2, form: reduceOf(func(r *rewriter, x string) string { return r.op("Abs", x) })},
	"ReduceSumSquare":       {reads: reduce.reads, inputs: 2, form: reduceOf(func(r *rewriter, x string) string { return r.op("Mul", x, x) })},
	"Reshape":               {reads: []string{"allowzero"}, form: reshape},
	"Selu":                  {reads: []string{alpha, "gamma"}, form: selu},
	"Slice":                 {reads: []string{"starts", "ends", axes}, form: slice},
	"Softmax":               {reads: []string{axis}, form: softmax},
	"Softplus":              {form: softplus},
	"Softsign":              {form: softsign},
	"Split":                 {reads: []string{axis, "split"}, ignores: []string{"num_outputs"}, form: split},
	"Sum":                   {form: sum},
	"Swish":                 {reads: []string{alpha}, form: swish},
}

// firstOpset is the first operator set (2017) whose operators broadcast as today's do.
const firstOpset = 7

// Operators are the names of the ONNX operators that are read.
func Operators() []string { return slices.Sorted(maps.Keys(operators)) }

// instead says what to do about a network that is not read.
const instead = "export the network without it, or let another program predict and give its predictions, a CSV file with id and p"

// check takes out of a node what changes nothing, and returns what is not read of it.
func (o operator) check(n *onnxfile.Node) error {
	var kept []*onnxfile.Attribute
	for _, a := range n.Attributes {
		only, one := o.only[a.Name]
		switch {
		case slices.Contains(o.ignores, a.Name) || one && is(a, only):
		case one:
			return fmt.Errorf("attribute %s is not read as %s, only as %s", a.Name, a, only)
		case slices.Contains(o.reads, a.Name):
			kept = append(kept, a)
		default:
			return fmt.Errorf("attribute %s (here %s) is not read", a.Name, a)
		}
	}
	n.Attributes = kept
	for len(n.Inputs) > 0 && n.Inputs[len(n.Inputs)-1] == "" {
		n.Inputs = n.Inputs[:len(n.Inputs)-1]
	}
	if o.inputs > 0 && len(n.Inputs) > o.inputs {
		return fmt.Errorf("input %d (%s) is not read", o.inputs+1, n.Inputs[o.inputs])
	}
	return nil
}

// is compares an attribute with a value as operator.only has them.
func is(a *onnxfile.Attribute, value string) bool {
	each, list := strings.CutSuffix(value, "...")
	if !list {
		return a.String() == value
	}
	n, err := strconv.ParseInt(each, 10, 64)
	return err == nil && !slices.ContainsFunc(a.Ints, func(i int64) bool { return i != n })
}
