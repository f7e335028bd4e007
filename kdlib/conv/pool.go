package conv

import (
	. "github.com/gomlx/gomlx/core/graph"
)

// MaxPool3 returns the greatest value of each 3x3 window of x [n, rows, columns, c] with stride 2, as if x had a border of
// minus infinity one pixel wide: [n, (rows+1)/2, (columns+1)/2, c], the pooling of both networks' stems.
//
// It is the greatest of three shifted slices along rows, then along columns.
func MaxPool3(x *Node) *Node {
	return slideMax(slideMax(x, 1), 2)
}

// slideMax is the greatest of values 2q-1, 2q and 2q+1 along an axis, for q = 0, 1, ...
func slideMax(x *Node, axis int) *Node {
	size := x.Shape().Dimensions[axis]
	out := (size + 1) / 2
	x = border(x, axis, 1, 2*out-size, Infinity(x.Graph(), x.DType(), -1))
	greatest := every2nd(x, axis, 0, out)
	for shift := 1; shift < 3; shift++ {
		greatest = Max(greatest, every2nd(x, axis, shift, out))
	}
	return greatest
}

// every2nd returns values first, first+2, ... of an axis, n in all.
func every2nd(x *Node, axis, first, n int) *Node {
	ranges := []SliceAxisSpec{AxisRange(), AxisRange(), AxisRange(), AxisRange()}
	ranges[axis] = AxisRange(first, first+2*(n-1)+1).Stride(2)
	return Slice(x, ranges...)
}
