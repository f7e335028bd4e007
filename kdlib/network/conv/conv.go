package conv

import (
	"fmt"

	"distillation/kdlib/network/internal/customgrad"

	. "github.com/gomlx/gomlx/core/graph"
)

// Form says how a convolution is written as a graph. All forms compute the same numbers, up to the order of float32 sums.
type Form string

// The forms.
const (
	Auto     Form = ""         // chosen by shape: see the table in the package documentation
	Winograd Form = "winograd" // Auto's, where minimal filtering or Eigen is not faster at the same rounding
	Plain    Form = "plain"    // graph.Convolve and its own gradient: the reference
)

// geometry of a convolution: kernel rows and columns, stride in both directions, zeros before and after rows and columns.
type geometry struct {
	kernel  [2]int
	stride  int
	padding [2][2]int

	depthwise bool // a kernel [rows, columns, 1, c]: each channel has one of its own
}

// out returns the output rows and columns for an input of rows x columns.
func (g geometry) out(rows, columns int) (int, int) {
	return (rows+g.padding[0][0]+g.padding[0][1]-g.kernel[0])/g.stride + 1,
		(columns+g.padding[1][0]+g.padding[1][1]-g.kernel[1])/g.stride + 1
}

// dims returns the four dimensions of x.
func dims(x *Node) (n, rows, columns, channels int) {
	d := x.Shape().Dimensions
	return d[0], d[1], d[2], d[3]
}

// Options of a convolution.
type Options struct {
	Stride  int       // the same in both directions, at least 1
	Padding [2][2]int // zeros around the pictures, {{top, bottom}, {left, right}}, none negative
	Form    Form
}

// Conv2D returns the convolution (as machine learning has it: cross-correlation) of pictures with a kernel:
//
//	y[n, r, q, o] = sum over i, j, c of x[n, stride*r + i - top, stride*q + j - left, c] * w[i, j, c, o]
//
// x is [n, rows, columns, c], w is [kernel rows, kernel columns, c, o]. The result is [n, rows', columns', o] with
// rows' = (rows + top + bottom - kernel rows)/stride + 1, rounded down. Gradients need a padding less than the kernel (GoMLX).
//
// Conv2D panics, as graph builders do, on shapes that do not fit and on an unknown form.
func Conv2D(x, w *Node, o Options) *Node {
	x.AssertRank(4)
	w.AssertRank(4)
	kernel := w.Shape().Dimensions
	if c := x.Shape().Dimensions[3]; c != kernel[2] {
		panic(fmt.Errorf("conv: channels of x: got %d, want %d as in the kernel %s", c, kernel[2], w.Shape()))
	}
	g := geometry{kernel: [2]int{kernel[0], kernel[1]}, stride: o.Stride, padding: o.Padding}
	switch o.Form {
	case Plain:
		return plain(x, w, g)
	case Auto:
		return g.auto(x, w).apply(x, w)
	case Winograd:
		return g.winograd(x, w).apply(x, w)
	}
	panic(fmt.Errorf("conv: form: got %q, want %q, %q or %q", o.Form, Auto, Winograd, Plain))
}

func plain(x, w *Node, g geometry) *Node {
	return Convolve(x, w).Strides(g.stride).PaddingPerDim(g.padding[:]).Done()
}

const (
	// smallOutput is the greatest number of rows and columns of an output that is made of one matrix product.
	smallOutput = 7
	// fewChannels is the greatest number of input channels whose kernel gradient is left to GoMLX: a picture's.
	fewChannels = 4
	// From leastTiled rows and columns on, 3x3 convolutions are made of tiles: values up to mostTiledValue, of 2x2 pixels;
	// gradients up to mostSmallTiled of 2x2, further up to mostTiled of 4x4.
	leastTiled, mostSmallTiled, mostTiledValue, mostTiled = 4, 6, 14, 28
	// someChannels is the greatest number of input channels whose kernel gradient is made by shifts, not by a cross.
	someChannels = 128
)

// small says whether the convolution is fastest as one matrix product, forward and back to its input.
func (g geometry) small(x *Node) bool {
	_, h, q, _ := dims(x)
	outRows, outColumns := g.out(h, q)
	return g.kernel == [2]int{1, 1} || max(outRows, outColumns) <= smallOutput
}

// parts are a convolution's value and gradients, each in a form of its own. Gradients that are nil are GoMLX's own of the value.
type parts struct {
	value             func(x, w *Node) *Node
	toInput, toKernel customgrad.Backward
}

func (p parts) apply(x, w *Node) *Node {
	value := func(in []*Node) *Node { return p.value(in[0], in[1]) }
	return customgrad.Apply([]*Node{x, w}, value, []customgrad.Backward{p.toInput, p.toKernel})
}

// auto is the fastest form for value and gradients.
func (g geometry) auto(x, w *Node) parts {
	p := parts{toKernel: g.toKernel(x)}
	if g.small(x) {
		p.value = func(x, w *Node) *Node { return im2col(x, w, g) } // GoMLX's gradients of slices and products are the fast ones here
		return p
	}
	p.value = func(x, w *Node) *Node { return plain(x, w, g) }
	p.toInput = func(dy *Node) *Node { return g.inputGradient(dy, w, [2]int(x.Shape().Dimensions[1:3])) }
	return p
}

// winograd is auto, but for what minimal filtering or Eigen makes faster at the same rounding: values with F(2x2, 3x3) only, as
// the rounding of F(4x4, 3x3) gives rectifiers behind it another sign more often, and gradients with either.
func (g geometry) winograd(x, w *Node) parts {
	p := g.auto(x, w)
	_, h, q, channels := dims(x)
	size := max(h, q)
	switch {
	case g.stride == 2 && channels <= fewChannels && g.kernel[0] > 1 && g.kernel[1] > 1:
		p.toKernel = func(dy *Node) *Node { return kernelByPhases(x, dy, g) }
	case !g.tiled() || channels <= fewChannels || size < leastTiled:
	case size > mostTiled:
		p.toKernel = func(dy *Node) *Node { return kernelByEigen(x, dy, g) }
	default:
		if size <= mostTiledValue {
			p.value = f2.value
		}
		f := f4
		if size <= mostSmallTiled {
			f = f2
		}
		p.toInput = func(dy *Node) *Node { return f.inputGradient(dy, w) }
		p.toKernel = func(dy *Node) *Node { return f.kernelGradient(x, dy) }
	}
	return p
}

// toKernel is the fastest form of the kernel's gradient; nil is GoMLX's own.
func (g geometry) toKernel(x *Node) customgrad.Backward {
	_, _, _, channels := dims(x)
	switch {
	case g.stride > 1 && (channels <= fewChannels || g.small(x)):
		return nil
	case g.stride > 1:
		return func(dy *Node) *Node { return kernelByTaps(x, dy, g) }
	case channels <= someChannels:
		return func(dy *Node) *Node { return kernelByShifts(x, dy, g) }
	}
	return func(dy *Node) *Node { return kernelByCross(x, dy, g) }
}
