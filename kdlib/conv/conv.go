package conv

import (
	"os"
	"fmt"

	. "github.com/gomlx/gomlx/core/graph"

	"distillation/kdlib/internal/customgrad"
)

// Form says how a convolution is written as a graph. All forms compute the same numbers, up to the order of float32 sums.
type Form string

const (
	Auto  Form = ""      // chosen by shape: see the table in the package documentation
	Plain Form = "plain" // graph.Convolve and its own gradient: the reference
)

// geometry of a convolution: kernel rows and columns, stride in both directions, zeros before and after rows and columns.
type geometry struct {
	kernel  [2]int
	stride  int
	padding [2][2]int
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

// Conv2D returns the convolution (as machine learning has it: cross-correlation) of pictures with a kernel:
//
//	y[n, r, q, o] = sum over i, j, c of x[n, stride*r + i - top, stride*q + j - left, c] * w[i, j, c, o]
//
// x is [n, rows, columns, c], w is [kernel rows, kernel columns, c, o]; padding is {{top, bottom}, {left, right}} zeros
// around x, none negative; stride is the same in both directions. The result is [n, rows', columns', o] with
// rows' = (rows + top + bottom - kernel rows)/stride + 1, rounded down.
func Conv2D(x, w *Node, stride int, padding [2][2]int, form Form) *Node {
	x.AssertRank(4)
	w.AssertRank(4)
	kernel := w.Shape().Dimensions
	if c := x.Shape().Dimensions[3]; c != kernel[2] {
		panic(fmt.Errorf("conv: channels of x: got %d, want %d as in the kernel %s", c, kernel[2], w.Shape()))
	}
	g := geometry{kernel: [2]int{kernel[0], kernel[1]}, stride: stride, padding: padding}
	switch form {
	case Plain:
		return plain(x, w, g)
	case Auto:
		return g.auto(x, w)
	}
	panic(fmt.Errorf("conv: form: got %q, want %q or %q", form, Auto, Plain))
}

func plain(x, w *Node, g geometry) *Node {
	return Convolve(x, w).Strides(g.stride).PaddingPerDim(g.padding[:]).Done()
}

const (
	// smallOutput is the greatest number of rows and columns of an output that is made of one product a tap.
	smallOutput = 7
	// fewChannels is the greatest number of input channels whose kernel gradient goes by space to depth: a picture's.
	fewChannels = 4
)

// small says whether the convolution is fastest as matrix products, forward and back.
func (g geometry) small(x *Node) bool {
	_, h, q, _ := dims(x)
	outRows, outColumns := g.out(h, q)
	return g.kernel == [2]int{1, 1} || max(outRows, outColumns) <= smallOutput
}

// forward is the fastest form for the value, whatever its gradient.
func (g geometry) forward(x, w *Node) *Node {
	if g.small(x) {
		return byTaps(x, w, g)
	}
	crop := [2][2]int{}
	for axis := range 2 {
		for side := range 2 {
			crop[axis][side] = min(0, g.padding[axis][side])
			g.padding[axis][side] = max(0, g.padding[axis][side])
		}
	}
	return plain(surround(x, crop), w, g)
}

// auto is the fastest form for value and gradients.
func (g geometry) auto(x, w *Node) *Node {
	if g.small(x) {
		return byTaps(x, w, g)
	}
	_, h, q, channels := dims(x)
	kernelGradient := kernelByCross
	switch {
	case g.stride > 1 && channels <= fewChannels:
		kernelGradient = kernelByDepth
	case g.stride > 1:
		kernelGradient = kernelByTaps
	}
	kg := func(dy *Node) *Node { return kernelGradient(x, dy, g) }
	if os.Getenv("KG_STEM") == "plain" && g.stride > 1 && channels <= fewChannels {
		kg = nil
	}
	if os.Getenv("KG_S1") == "plain" && g.stride == 1 {
		kg = nil
	}
	if os.Getenv("KG_S2") == "plain" && g.stride == 2 && channels > 4 {
		kg = nil
	}
	return customgrad.Apply([]*Node{x, w},
		func(in []*Node) *Node { return plain(in[0], in[1], g) },
		[]customgrad.Backward{
			func(dy *Node) *Node { return inputGradient(dy, w, g, h, q) },
			kg,
		})
}
