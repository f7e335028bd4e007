package conv

import (
	. "github.com/gomlx/gomlx/core/graph"
)

// Forms made of matrix products. GoMLX's gradients of slices and products are the fast ones here, so that these forms need
// no gradient of their own.

// rows flattens all axes but the last: [n, r, q, c] to [n*r*q, c].
func rows(x *Node) *Node {
	return Reshape(x, -1, x.Shape().Dimensions[x.Rank()-1])
}

// im2col is the convolution as one matrix product [n*rows'*columns', taps*c] x [taps*c, o] of all places of the kernel,
// after the pixels that meet each place were laid side by side. For a 1x1 kernel nothing is copied.
func im2col(x, w *Node, g geometry) *Node {
	n, h, q, _ := dims(x)
	outRows, outColumns := g.out(h, q)
	x = pad(x, g.padding)
	var taps []*Node
	for i := range g.kernel[0] {
		for j := range g.kernel[1] {
			taps = append(taps, g.tap(x, i, j, [2]int{outRows, outColumns}))
		}
	}
	product := Dot(rows(Concatenate(taps, 3)), rows(w)).Product()
	return Reshape(product, n, outRows, outColumns, w.Shape().Dimensions[3])
}

// tap returns the pixels of padded pictures that meet place (i, j) of the kernel: [n, out[0], out[1], c].
func (g geometry) tap(padded *Node, i, j int, out [2]int) *Node {
	return Slice(padded, AxisRange(), window(i, g.stride, out[0]), window(j, g.stride, out[1]), AxisRange())
}

// window is n indices from first in steps of stride.
func window(first, stride, n int) SliceAxisSpec {
	return AxisRange(first, first+(n-1)*stride+1).Stride(stride)
}

// pad puts zeros around the rows and columns of x, or cuts them off where the padding is negative: the zeros first, so
// that a picture may be shifted by its whole size. It concatenates and slices, as Pad has no gradient in GoMLX v0.28.2.
func pad(x *Node, padding [2][2]int) *Node {
	for i, p := range padding {
		axis := i + 1
		x = border(x, axis, [2]int{max(0, p[0]), max(0, p[1])}, ScalarZero(x.Graph(), x.DType()))
		if p[0] < 0 || p[1] < 0 {
			cut := []SliceAxisSpec{AxisRange(), AxisRange(), AxisRange(), AxisRange()}
			cut[axis] = AxisRange(max(0, -p[0]), x.Shape().Dimensions[axis]-max(0, -p[1]))
			x = Slice(x, cut...)
		}
	}
	return x
}

// border puts a value before and after an axis, as often as padding says.
func border(x *Node, axis int, padding [2]int, value *Node) *Node {
	before, after := padding[0], padding[1]
	parts := []*Node{x}
	block := func(size int) *Node {
		shape := x.Shape().Clone()
		shape.Dimensions[axis] = size
		return BroadcastToShape(value, shape)
	}
	if before > 0 {
		parts = append([]*Node{block(before)}, parts...)
	}
	if after > 0 {
		parts = append(parts, block(after))
	}
	if len(parts) == 1 {
		return x
	}
	return Concatenate(parts, axis)
}
