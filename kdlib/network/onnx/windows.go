package onnx

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"distillation/kdlib/network/internal/onnxfile"
)

// window is the geometry of a convolution or a pooling, one number a spatial axis.
type window struct {
	kernel, strides, dilations []int64
	pads                       []int64 // before each axis, then after each
}

// windowOf reads the geometry of a node whose windows have these sides.
func windowOf(n *onnxfile.Node, sides []int64) (window, error) {
	w := window{kernel: sides, strides: intsOf(n, strides), dilations: intsOf(n, dilations), pads: slices.Clone(intsOf(n, pads))}
	ones := func(list []int64) []int64 {
		if list == nil {
			list = make([]int64, len(sides))
			for i := range list {
				list[i] = 1
			}
		}
		return list
	}
	w.strides, w.dilations = ones(w.strides), ones(w.dilations)
	if w.pads == nil {
		w.pads = make([]int64, 2*len(sides))
	}
	if len(sides) == 0 || len(w.strides) != len(sides) || len(w.dilations) != len(sides) || len(w.pads) != 2*len(sides) {
		return w, fmt.Errorf("kernel_shape %v, strides %v, dilations %v and pads %v do not go together", sides, w.strides, w.dilations, w.pads)
	}
	return w, nil
}

// span is how many pixels a window covers along axis i.
func (w window) span(i int) int64 { return (w.kernel[i]-1)*w.dilations[i] + 1 }

// attributes are a pooling's.
func (w window) attributes() []*onnxfile.Attribute {
	return []*onnxfile.Attribute{onnxfile.IntsAttribute(kernel, w.kernel...), onnxfile.IntsAttribute(strides, w.strides...), onnxfile.IntsAttribute(pads, w.pads...)}
}

// roundUp is how much wider the padding after each axis has to be so that a last window that is cut counts:
// ceil((size - span) / stride) is floor((size + stride - 1 - span) / stride). A window that lay in the padding alone would not
// count.
func (w window) roundUp() (wider []int64, err error) {
	for i, stride := range w.strides {
		if w.pads[len(w.kernel)+i]+stride-1 >= w.span(i) {
			return nil, fmt.Errorf("attribute ceil_mode is not read with strides %v and pads %v on windows of %v", w.strides, w.pads, w.kernel)
		}
		wider = append(wider, stride-1)
	}
	return wider, nil
}

// widen adds to the padding after each axis.
func (w window) widen(by []int64) {
	for i, more := range by {
		w.pads[len(w.kernel)+i] += more
	}
}

// padded is x with the window's padding of a number around it, of which the window then has none.
func (w *window) padded(r *rewriter, x string, with float64) string {
	half := len(w.kernel)
	none := []int64{0, 0} // between pictures and between colours
	all := slices.Concat(none, w.pads[:half], none, w.pads[half:])
	w.pads = make([]int64, 2*half)
	return r.op("Pad", x, r.integers(all...), r.number(with))
}

// padding does what auto_pad tells, whose numbers depend on the size of x: as many windows as there are strides in x.
func (w *window) padding(r *rewriter, n *onnxfile.Node, with float64) error {
	how := textOf(n, autoPad, "NOTSET")
	switch how {
	case "NOTSET", "":
		return nil
	case "VALID":
		w.pads = make([]int64, 2*len(w.kernel))
		return nil
	case "SAME_UPPER", "SAME_LOWER":
	default:
		return fmt.Errorf("attribute auto_pad is not read as %s", how)
	}
	var less, spans []int64
	for i, stride := range w.strides {
		less, spans = append(less, stride-1), append(spans, w.span(i))
	}
	stride := r.integers(w.strides...)
	size := r.with("Shape", []*onnxfile.Attribute{onnxfile.IntAttribute("start", 2)}, n.Inputs[0])
	windows := r.op("Div", r.op("Add", size, r.integers(less...)), stride)
	covered := r.op("Add", r.op("Sub", r.op("Mul", windows, stride), stride), r.integers(spans...))
	missing := r.op("Max", r.op("Sub", covered, size), r.integer(0))
	before := r.op("Div", missing, r.integer(2))
	after := r.op("Sub", missing, before)
	if strings.HasSuffix(how, "LOWER") {
		before, after = after, before
	}
	none := r.integers(0, 0)
	widths := r.with("Concat", []*onnxfile.Attribute{onnxfile.IntAttribute(axis, 0)}, none, before, none, after)
	n.Inputs[0] = r.op("Pad", n.Inputs[0], widths, r.number(with))
	w.pads = make([]int64, 2*len(w.kernel))
	return nil
}

// convolution makes the padding plain. Windows with both strides and gaps are made one by one, and some of them taken.
func convolution(r *rewriter, n *onnxfile.Node) error {
	sides := intsOf(n, kernel)
	if weights := r.constants[n.Inputs[1]]; sides == nil && weights != nil && len(weights.Dims) > 2 {
		sides = weights.Dims[2:]
	}
	w, err := windowOf(n, sides)
	if err != nil {
		return err
	}
	if err := w.padding(r, n, 0); err != nil {
		return err
	}
	rest := append(without(n, autoPad, pads, strides), onnxfile.IntsAttribute(pads, w.pads...))
	if slices.Max(w.strides) == 1 || slices.Max(w.dilations) == 1 {
		return r.become(n, n.Op, append(rest, onnxfile.IntsAttribute(strides, w.strides...)), n.Inputs...)
	}
	every := r.with(n.Op, rest, n.Inputs...)
	var first, last, along []int64
	for i := range w.strides {
		first, last, along = append(first, 0), append(last, math.MaxInt32), append(along, int64(2+i))
	}
	return r.become(n, "Slice", nil, every, r.integers(first...), r.integers(last...), r.integers(along...), r.integers(w.strides...))
}

// pooling reads the geometry of a pooling, and how much wider rounding up makes it.
func pooling(r *rewriter, n *onnxfile.Node, padWith float64) (w window, wider []int64, err error) {
	if w, err = windowOf(n, intsOf(n, kernel)); err != nil {
		return w, nil, err
	}
	if err := w.padding(r, n, padWith); err != nil {
		return w, nil, err
	}
	if intOf(n, ceilMode, 0) != 0 {
		wider, err = w.roundUp()
	}
	return w, wider, err
}

func maxPool(r *rewriter, n *onnxfile.Node) error {
	w, wider, err := pooling(r, n, math.Inf(-1))
	if err != nil {
		return err
	}
	w.widen(wider)
	return r.become(n, n.Op, w.attributes(), n.Inputs...)
}

// averagePool divides by the pixels of a window that lie in the picture. Where the padding counts too it becomes pixels; what
// rounding up adds never counts.
func averagePool(r *rewriter, n *onnxfile.Node) error {
	if how := textOf(n, autoPad, "NOTSET"); strings.HasPrefix(how, "SAME") {
		return errors.New("attribute auto_pad is not read as " + how)
	}
	w, wider, err := pooling(r, n, 0)
	if err != nil {
		return err
	}
	if intOf(n, includePad, 0) != 0 && slices.Max(w.pads) > 0 {
		n.Inputs[0] = w.padded(r, n.Inputs[0], 0)
	}
	w.widen(wider)
	return r.become(n, n.Op, w.attributes(), n.Inputs...)
}
