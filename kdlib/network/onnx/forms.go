package onnx

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/network/internal/onnxfile"
)

// The forms below follow the operators' definitions in docs/Operators.md and docs/Changelog.md of github.com/onnx/onnx.
// Each writes a node in operators, attributes and inputs that the library which builds the graph reads.

func hardSigmoid(r *rewriter, n *onnxfile.Node) error {
	const usualAlpha, usualBeta = 0.2, 0.5
	scaled := r.op("Mul", n.Inputs[0], r.number(floatOf(n, alpha, usualAlpha)))
	line := r.op("Add", scaled, r.number(floatOf(n, "beta", usualBeta)))
	return r.become(n, "Clip", nil, line, r.number(0), r.number(1))
}

// negativePart is relu(-x), 0 where x is positive.
func (r *rewriter) negativePart(x string) string { return r.op("Relu", r.op("Neg", x)) }

func leakyRelu(r *rewriter, n *onnxfile.Node) error {
	const usual = 0.01
	return pReluOf(r, n, r.number(floatOf(n, alpha, usual)))
}

func pRelu(r *rewriter, n *onnxfile.Node) error { return pReluOf(r, n, n.Inputs[1]) }

func pReluOf(r *rewriter, n *onnxfile.Node, slope string) error {
	x := n.Inputs[0]
	return r.become(n, "Sub", nil, r.op("Relu", x), r.op("Mul", r.negativePart(x), slope))
}

// below is scale * (exp(x / width) - 1) where x is negative, else 0.
func (r *rewriter) below(x string, scale, width float64) string {
	power := r.op("Exp", r.op("Div", r.op("Neg", r.negativePart(x)), r.number(width)))
	return r.op("Mul", r.op("Sub", power, r.number(1)), r.number(scale))
}

func elu(r *rewriter, n *onnxfile.Node) error {
	x := n.Inputs[0]
	return r.become(n, "Add", nil, r.op("Relu", x), r.below(x, floatOf(n, alpha, 1), 1))
}

func celu(r *rewriter, n *onnxfile.Node) error {
	x, width := n.Inputs[0], floatOf(n, alpha, 1)
	return r.become(n, "Add", nil, r.op("Relu", x), r.below(x, width, width))
}

func selu(r *rewriter, n *onnxfile.Node) error {
	const usualAlpha, usualGamma = 1.67326319217681884765625, 1.05070102214813232421875
	x, gamma := n.Inputs[0], floatOf(n, "gamma", usualGamma)
	return r.become(n, "Add", nil, r.op("Mul", r.op("Relu", x), r.number(gamma)), r.below(x, gamma*floatOf(n, alpha, usualAlpha), 1))
}

// softplusOf is log(1 + exp(x)), which does not overflow.
func (r *rewriter) softplusOf(x string) (positive, rest string) {
	tail := r.op("Exp", r.op("Neg", r.op("Abs", x)))
	return r.op("Relu", x), r.op("Log", r.op("Add", tail, r.number(1)))
}

func softplus(r *rewriter, n *onnxfile.Node) error {
	positive, rest := r.softplusOf(n.Inputs[0])
	return r.become(n, "Add", nil, positive, rest)
}

func mish(r *rewriter, n *onnxfile.Node) error {
	x := n.Inputs[0]
	positive, rest := r.softplusOf(x)
	return r.become(n, "Mul", nil, x, r.op("Tanh", r.op("Add", positive, rest)))
}

func softsign(r *rewriter, n *onnxfile.Node) error {
	x := n.Inputs[0]
	return r.become(n, "Div", nil, x, r.op("Add", r.op("Abs", x), r.number(1)))
}

func swish(r *rewriter, n *onnxfile.Node) error {
	x := n.Inputs[0]
	return r.become(n, "Mul", nil, x, r.op("Sigmoid", r.op("Mul", x, r.number(floatOf(n, alpha, 1)))))
}

func gelu(r *rewriter, n *onnxfile.Node) error {
	switch approximate := textOf(n, "approximate", "none"); approximate {
	case "none":
		return r.become(n, "Gelu", nil, n.Inputs...)
	case "tanh":
		return r.become(n, "FastGelu", nil, n.Inputs...)
	default:
		return fmt.Errorf("attribute approximate: got %q, want none or tanh", approximate)
	}
}

func sum(r *rewriter, n *onnxfile.Node) error {
	return r.become(n, "Identity", nil, r.sumOf(n.Inputs))
}

func mean(r *rewriter, n *onnxfile.Node) error {
	return r.become(n, "Div", nil, r.sumOf(n.Inputs), r.number(float64(len(n.Inputs))))
}

func (r *rewriter) sumOf(inputs []string) string {
	all := inputs[0]
	for _, in := range inputs[1:] {
		all = r.op("Add", all, in)
	}
	return all
}

// dropout does nothing in a prediction.
func dropout(r *rewriter, n *onnxfile.Node) error {
	return r.become(n, "Identity", nil, n.Inputs[0])
}

// clip moves the limits from attributes, where they were before set 11, to inputs.
func clip(r *rewriter, n *onnxfile.Node) error {
	for i, limit := range []string{"min", "max"} {
		if a := attribute(n, limit); a != nil {
			for len(n.Inputs) < i+2 {
				n.Inputs = append(n.Inputs, "")
			}
			n.Inputs[i+1] = r.number(float64(a.F))
		}
	}
	return r.become(n, n.Op, nil, n.Inputs...)
}

// constant gives a constant its general form, a tensor.
func constant(r *rewriter, n *onnxfile.Node) error {
	if len(n.Attributes) != 1 {
		return errors.New("want one attribute, its value")
	}
	a := n.Attributes[0]
	var t *onnxfile.Tensor
	switch a.Name {
	case "value_float":
		t = onnxfile.FloatTensor("", nil, []float32{a.F})
	case "value_floats":
		t = onnxfile.FloatTensor("", []int64{int64(len(a.Floats))}, a.Floats)
	case "value_int":
		t = onnxfile.Int64Tensor("", true, a.I)
	case "value_ints":
		t = onnxfile.Int64Tensor("", false, a.Ints...)
	default:
		return r.same(n)
	}
	r.constants[n.Outputs[0]] = t
	return r.become(n, n.Op, []*onnxfile.Attribute{onnxfile.TensorAttribute("value", t)})
}

// reduceOf sums a function of the input.
func reduceOf(fn func(r *rewriter, x string) string) func(r *rewriter, n *onnxfile.Node) error {
	return func(r *rewriter, n *onnxfile.Node) error {
		n.Inputs[0] = fn(r, n.Inputs[0])
		return r.become(n, "ReduceSum", n.Attributes, n.Inputs...)
	}
}

// reshape drops allowzero, which changes nothing where no side is 0.
func reshape(r *rewriter, n *onnxfile.Node) error {
	if shape, ok := r.known(n.Inputs[1]); intOf(n, "allowzero", 0) != 0 && ok && slices.Contains(shape, 0) {
		return fmt.Errorf("attribute allowzero is not read with a shape of %v", shape)
	}
	return r.become(n, n.Op, nil, n.Inputs...)
}

// split moves the sizes from the attribute, where they were before set 13, to an input.
func split(r *rewriter, n *onnxfile.Node) error {
	if sizes := intsOf(n, "split"); sizes != nil {
		n.Inputs = append(n.Inputs[:1], r.integers(sizes...))
	}
	return r.become(n, n.Op, without(n, "split"), n.Inputs...)
}

// rows gives a value the shape [outer, inner] around an axis; like undoes it.
func (r *rewriter) rows(x string, axis int64) string {
	return r.with("Flatten", []*onnxfile.Attribute{onnxfile.IntAttribute("axis", axis)}, x)
}

func lastAxis() []*onnxfile.Attribute { return []*onnxfile.Attribute{onnxfile.IntAttribute(axis, -1)} }

// softmaxOpset is the first set whose softmax is along one axis. Before it the value is made a matrix first, around axis 1 if
// none is told.
const softmaxOpset = 13

func softmax(r *rewriter, n *onnxfile.Node) error {
	if r.opset >= softmaxOpset {
		return r.same(n)
	}
	x := n.Inputs[0]
	y := r.with("Softmax", lastAxis(), r.rows(x, intOf(n, axis, 1)))
	return r.become(n, "Reshape", nil, y, r.op("Shape", x))
}

func logSoftmax(r *rewriter, n *onnxfile.Node) error {
	x, along := n.Inputs[0], intOf(n, axis, -1)
	rows := x
	if r.opset < softmaxOpset {
		rows, along = r.rows(x, intOf(n, axis, 1)), -1
	}
	over := []*onnxfile.Attribute{onnxfile.IntsAttribute(axes, along)}
	centred := r.op("Sub", rows, r.with("ReduceMax", over, rows))
	y := r.op("Sub", centred, r.op("Log", r.with("ReduceSum", over, r.op("Exp", centred))))
	return r.become(n, "Reshape", nil, y, r.op("Shape", x))
}

// globalMaxPool takes pictures: its axes are 2 and 3.
func globalMaxPool(r *rewriter, n *onnxfile.Node) error {
	return r.become(n, "ReduceMax", []*onnxfile.Attribute{onnxfile.IntsAttribute(axes, 2, 3)}, n.Inputs...)
}

// normalized is x with mean 0 and variance 1 along the last of its three axes.
func (r *rewriter) normalized(x string, epsilon float64) string {
	last := []*onnxfile.Attribute{onnxfile.IntsAttribute(axes, -1)}
	centred := r.op("Sub", x, r.with("ReduceMean", last, x))
	variance := r.with("ReduceMean", last, r.op("Mul", centred, centred))
	return r.op("Div", centred, r.op("Sqrt", r.op("Add", variance, r.number(epsilon))))
}

const usualEpsilon = 1e-5

func instanceNormalization(r *rewriter, n *onnxfile.Node) error {
	x := n.Inputs[0]
	y := r.normalized(r.op("Reshape", x, r.integers(0, 0, -1)), floatOf(n, epsilon, usualEpsilon)) // [n, channels, pixels]
	return scaleChannels(r, n, y)
}

// scaleChannels ends a normalization: y [n, channels, pixels] times scale plus bias, in the shape of the input.
func scaleChannels(r *rewriter, n *onnxfile.Node, y string) error {
	perChannel := func(v string) string { return r.op("Reshape", v, r.integers(1, -1, 1)) }
	scaled := r.op("Add", r.op("Mul", y, perChannel(n.Inputs[1])), perChannel(n.Inputs[2]))
	return r.become(n, "Reshape", nil, scaled, r.op("Shape", n.Inputs[0]))
}

func groupNormalization(r *rewriter, n *onnxfile.Node) error {
	const perChannelOpset = 21 // before it there is a scale a group
	if r.opset < perChannelOpset {
		return fmt.Errorf("it is not read of operator set %d, only from %d on", r.opset, perChannelOpset)
	}
	x := n.Inputs[0]
	groups := r.op("Reshape", x, r.integers(0, intOf(n, "num_groups", 1), -1))
	y := r.op("Reshape", r.normalized(groups, floatOf(n, epsilon, usualEpsilon)), r.op("Shape", r.op("Reshape", x, r.integers(0, 0, -1))))
	return scaleChannels(r, n, y)
}

// pad moves the widths from attributes, where they were before set 11, to inputs.
func pad(r *rewriter, n *onnxfile.Node) error {
	kind := textOf(n, mode, "constant")
	if kind != "constant" && kind != "reflect" {
		return fmt.Errorf("attribute mode is not read as %s, only as constant or reflect", kind)
	}
	if widths := intsOf(n, pads); widths != nil {
		n.Inputs = []string{n.Inputs[0], r.integers(widths...), r.number(floatOf(n, "value", 0))}
	}
	if r.training && kind == "constant" {
		return r.padByConcat(n)
	}
	return r.become(n, n.Op, without(n, pads, "value"), n.Inputs...)
}

// padByConcat puts constants beside the numbers, since GoMLX has no gradient of Pad.
func (r *rewriter) padByConcat(n *onnxfile.Node) error {
	widths, ok := r.known(n.Inputs[1])
	if !ok || slices.ContainsFunc(widths, func(w int64) bool { return w < 0 }) {
		return fmt.Errorf("its widths (%s) are computed, or below 0, which is not read for training", n.Inputs[1])
	}
	value := ""
	if len(n.Inputs) > 2 {
		value = n.Inputs[2]
	}
	if value == "" {
		value = r.number(0)
	}
	x, rank := n.Inputs[0], len(widths)/2
	for a := range rank {
		before, after := widths[a], widths[rank+a]
		parts := []string{x}
		if before > 0 {
			parts = append([]string{r.filled(x, value, before, a, rank)}, parts...)
		}
		if after > 0 {
			parts = append(parts, r.filled(x, value, after, a, rank))
		}
		if len(parts) > 1 {
			x = r.with("Concat", []*onnxfile.Attribute{onnxfile.IntAttribute(axis, int64(a))}, parts...)
		}
	}
	return r.become(n, "Identity", nil, x)
}

// filled is a value in all places of a shape that is x's but for one side.
func (r *rewriter) filled(x, value string, count int64, side, rank int) string {
	shape := r.op("Shape", x)
	part := func(from, to int) string {
		return r.op("Slice", shape, r.integers(int64(from)), r.integers(int64(to)), r.integers(0))
	}
	sides := []string{r.integers(count)}
	if side > 0 {
		sides = append([]string{part(0, side)}, sides...)
	}
	if side < rank-1 {
		sides = append(sides, part(side+1, rank))
	}
	return r.op("Expand", value, r.with("Concat", []*onnxfile.Attribute{onnxfile.IntAttribute(axis, 0)}, sides...))
}

// slice gives a slice its general form, with axes, and turns an axis round by picking its places backwards.
func slice(r *rewriter, n *onnxfile.Node) error {
	const atStarts, atAxes, atSteps = 1, 3, 4
	if starts := intsOf(n, "starts"); starts != nil { // before set 10
		n.Inputs = []string{n.Inputs[0], r.integers(starts...), r.integers(intsOf(n, "ends")...)}
		if a := intsOf(n, axes); a != nil {
			n.Inputs = append(n.Inputs, r.integers(a...))
		}
	}
	if len(n.Inputs) == atAxes {
		n.Inputs = append(n.Inputs, "")
	}
	if len(n.Inputs) > atAxes && n.Inputs[atAxes] == "" {
		starts, ok := r.known(n.Inputs[atStarts])
		if !ok {
			return fmt.Errorf("its starts (%s) are computed, which is not read without axes", n.Inputs[atStarts])
		}
		n.Inputs[atAxes] = r.firstAxes(len(starts))
	}
	if len(n.Inputs) <= atSteps {
		return r.become(n, n.Op, nil, n.Inputs...)
	}
	steps, ok := r.known(n.Inputs[atSteps])
	if !ok {
		return fmt.Errorf("its steps (%s) are computed, which is not read", n.Inputs[atSteps])
	}
	if slices.ContainsFunc(steps, func(s int64) bool { return s < 1 }) {
		return r.reversed(n, steps)
	}
	return r.same(n)
}

// firstAxes is the list 0, 1, ..., n-1.
func (r *rewriter) firstAxes(n int) string {
	all := make([]int64, n)
	for i := range all {
		all[i] = int64(i)
	}
	return r.integers(all...)
}

// reversed writes a slice that turns one whole axis round.
func (r *rewriter) reversed(n *onnxfile.Node, steps []int64) error {
	starts, okStarts := r.known(n.Inputs[1])
	ends, okEnds := r.known(n.Inputs[2])
	along, okAxes := r.known(n.Inputs[3])
	whole := okStarts && okEnds && okAxes && len(steps) == 1 && steps[0] == -1 && starts[0] == -1 && ends[0] <= -math.MaxInt32
	if !whole {
		return fmt.Errorf("steps of %v are not read, but for -1 along the whole of one axis", steps)
	}
	at := []*onnxfile.Attribute{onnxfile.IntAttribute(axis, along[0])}
	size := r.op("Gather", r.op("Shape", n.Inputs[0]), r.integer(along[0]))
	places := r.op("Range", r.op("Sub", size, r.integer(1)), r.integer(-1), r.integer(-1))
	return r.become(n, "Gather", at, n.Inputs[0], places)
}
