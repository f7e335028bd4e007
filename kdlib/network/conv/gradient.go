package conv

import (
	. "github.com/gomlx/gomlx/core/graph"
)

// inputGradient returns the gradient with respect to x [n, pixels[0], pixels[1], c] of a convolution whose output has the gradient dy.
//
// The pixels of x in row a + stride*r (a = 0 ... stride-1, and columns likewise) meet only every stride-th row of the kernel:
// each of the stride^2 phases of x is an ordinary convolution of dy with a part of the reversed kernel, and the phases are
// then interleaved. With stride 1 it is one convolution with the whole reversed kernel.
func (g geometry) inputGradient(dy, w *Node, pixels [2]int) *Node {
	if g.stride == 1 {
		return g.phase(dy, w, [2]int{}, pixels)
	}
	s, size := g.stride, [2]int{ceilDiv(pixels[0], g.stride), ceilDiv(pixels[1], g.stride)}
	var bands []*Node // [n, r, column phase, q, c]: one for each row phase
	for a := range s {
		var phases []*Node
		for b := range s {
			phases = append(phases, g.phase(dy, w, [2]int{a, b}, size))
		}
		bands = append(bands, Stack(phases, 3))
	}
	dx := Reshape(Stack(bands, 2), dy.Shape().Dimensions[0], s*size[0], s*size[1], g.inputs(w))
	return Slice(dx, AxisRange(), AxisRange(0, pixels[0]), AxisRange(0, pixels[1]), AxisRange())
}

// phase returns the input gradient at rows first[0] + stride*r, r < size[0], and columns first[1] + stride*q, q < size[1].
//
// Along one axis, with p zeros before it, row u = stride*r + a takes dy[(u+p-i)/stride] w[i] from each i for which that
// is a whole number: i = start + stride*m, so that the row of dy is r + ahead - m.
func (g geometry) phase(dy, w *Node, first, size [2]int) *Node {
	part := geometry{stride: 1, depthwise: g.depthwise}
	var cut [2]SliceAxisSpec
	for axis := range 2 {
		start := (first[axis] + g.padding[axis][0]) % g.stride
		ahead := (first[axis] + g.padding[axis][0] - start) / g.stride
		part.kernel[axis] = ceilDiv(g.kernel[axis]-start, g.stride)
		before := part.kernel[axis] - 1 - ahead
		after := size[axis] - dy.Shape().Dimensions[axis+1] + part.kernel[axis] - 1 - before
		part.padding[axis] = [2]int{before, after}
		cut[axis] = AxisRange(start, g.kernel[axis]).Stride(g.stride)
	}
	if part.kernel[0] <= 0 || part.kernel[1] <= 0 { // a stride longer than the kernel: these pixels meet none of it
		shape := dy.Shape().Clone()
		shape.Dimensions[1], shape.Dimensions[2], shape.Dimensions[3] = size[0], size[1], g.inputs(w)
		return Zeros(dy.Graph(), shape)
	}
	reversed := Reverse(Slice(w, cut[0], cut[1]), 0, 1)
	if g.depthwise {
		return part.sumOfTaps(dy, reversed)
	}
	return part.value(dy, Transpose(reversed, 2, 3))
}

// inputs is the number of input channels.
func (g geometry) inputs(w *Node) int {
	if g.depthwise {
		return w.Shape().Dimensions[3]
	}
	return w.Shape().Dimensions[2]
}

// value is the convolution in its fastest form, without regard to its gradient. Negative padding cuts pixels off.
func (g geometry) value(x, w *Node) *Node {
	if g.small(x) {
		return im2col(x, w, g)
	}
	var cut [2][2]int
	for axis := range 2 {
		for side, p := range g.padding[axis] {
			cut[axis][side], g.padding[axis][side] = min(0, p), max(0, p)
		}
	}
	return plain(pad(x, cut), w, g)
}

// kernelByCross is the kernel gradient of a convolution with stride 1 as one matrix product. The kernel's columns are
// shifts of x along columns, side by side as channels [n, h, q', kernel columns * c]; its rows are shifts of dy along rows,
// [n, h, q', kernel rows * o]. Their product over all pixels holds every place of the kernel.
func kernelByCross(x, dy *Node, g geometry) *Node {
	_, h, _, c := dims(x)
	_, outRows, outColumns, o := dims(dy)
	x = pad(x, [2][2]int{{}, g.padding[1]})
	var columns, lines []*Node
	for j := range g.kernel[1] {
		columns = append(columns, Slice(x, AxisRange(), AxisRange(), AxisRange(j, j+outColumns), AxisRange()))
	}
	for i := range g.kernel[0] {
		before := i - g.padding[0][0]
		lines = append(lines, pad(dy, [2][2]int{{before, h - outRows - before}, {}}))
	}
	product := overPixels(Concatenate(columns, 3), Concatenate(lines, 3))
	return TransposeAllAxes(Reshape(product, g.kernel[1], c, g.kernel[0], o), 2, 0, 1, 3)
}

// kernelByShifts is the same for few channels, whose pixels are many: x is turned to channels first, so that no product has
// to read both sides along their columns, and each row of the kernel is a product [kernel columns * c, pixels] x [pixels, o]
// with dy shifted along rows.
func kernelByShifts(x, dy *Node, g geometry) *Node {
	n, h, _, c := dims(x)
	_, outRows, outColumns, o := dims(dy)
	x = TransposeAllAxes(x, 3, 0, 1, 2)
	x = border(x, 3, g.padding[1], ScalarZero(x.Graph(), x.DType()))
	var columns, products []*Node
	for j := range g.kernel[1] {
		columns = append(columns, Slice(x, AxisRange(), AxisRange(), AxisRange(), AxisRange(j, j+outColumns)))
	}
	shifts := Reshape(Concatenate(columns, 0), g.kernel[1]*c, n*h*outColumns)
	for i := range g.kernel[0] {
		before := i - g.padding[0][0]
		products = append(products, Dot(shifts, rows(pad(dy, [2][2]int{{before, h - outRows - before}, {}}))).Product())
	}
	return Reshape(Stack(products, 0), g.kernel[0], g.kernel[1], c, o)
}

// kernelByTaps is the kernel gradient as one matrix product [c, pixels] x [pixels, o] for each place of the kernel.
func kernelByTaps(x, dy *Node, g geometry) *Node {
	_, _, _, c := dims(x)
	_, outRows, outColumns, o := dims(dy)
	x = pad(x, g.padding)
	var taps []*Node
	for i := range g.kernel[0] {
		for j := range g.kernel[1] {
			taps = append(taps, overPixels(g.tap(x, i, j, [2]int{outRows, outColumns}), dy))
		}
	}
	return Reshape(Stack(taps, 0), g.kernel[0], g.kernel[1], c, o)
}

// overPixels is the matrix product [c, pixels] x [pixels, o] of pictures [n, r, q, c] and [n, r, q, o].
func overPixels(x, y *Node) *Node {
	return DotGeneral(rows(x), []int{0}, nil, rows(y), []int{0}, nil)
}

// ceilDiv is a/b rounded up, for a >= 0.
func ceilDiv(a, b int) int { return (a + b - 1) / b }
