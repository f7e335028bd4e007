package conv

import (
	"distillation/kdlib/network/internal/customgrad"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
)

// MaxPool3 returns the greatest value of each 3x3 window of x [n, rows, columns, c] with stride 2, as if x had a border of
// minus infinity one pixel wide: [n, (rows+1)/2, (columns+1)/2, c]. It is the pooling of both networks' stems.
//
// It takes the greatest of three shifted slices along rows, then along columns. If several pixels share a window's greatest
// value, each of them gets the window's whole gradient. After a rectifier only zeros occur more than once, and zeros pass no
// gradient on.
func MaxPool3(x *Node) *Node {
	var y *Node
	return customgrad.Apply([]*Node{x}, func(in []*Node) *Node {
		y = slideMax(slideMax(in[0], 1), 2)
		return y
	}, []customgrad.Backward{func(dy *Node) *Node { return poolGradient(x, y, dy) }})
}

// slideMax is the greatest of values 2q-1, 2q and 2q+1 along an axis, for q = 0, 1, ... The first window has no value before
// it and takes its own again, which saves a border.
func slideMax(x *Node, axis int) *Node {
	out := (x.Shape().Dimensions[axis] + 1) / 2
	x = border(x, axis, [2]int{0, 2*out - x.Shape().Dimensions[axis]}, Infinity(x.Graph(), x.DType(), -1))
	before := every2nd(x, axis, 0, 1)
	if out > 1 {
		before = Concatenate([]*Node{before, every2nd(x, axis, 1, out-1)}, axis)
	}
	return Max(before, Max(every2nd(x, axis, 0, out), every2nd(x, axis, 1, out)))
}

// every2nd returns values first, first+2, ... of an axis, n in all.
func every2nd(x *Node, axis, first, n int) *Node {
	ranges := []SliceAxisSpec{AxisRange(), AxisRange(), AxisRange(), AxisRange()}
	ranges[axis] = AxisRange(first, first+2*(n-1)+1).Stride(2)
	return Slice(x, ranges...)
}

// poolGradient is the gradient with respect to x of a maximum pooling y of x. A pixel of an even row 2r lies in the windows
// of row r only, one of an odd row 2r+1 in those of rows r and r+1; columns likewise. So each pixel asks up to four windows
// whether it is their maximum, which is one pass over x.
func poolGradient(x, y, dy *Node) *Node {
	n, rows, columns, c := dims(x)
	_, outRows, outColumns, _ := dims(y)
	pairs := func(x *Node) *Node { return Reshape(x, n, outRows, 2, outColumns, 2, c) } // axes 2 and 4: even, odd
	x = pairs(pad(x, [2][2]int{{0, 2*outRows - rows}, {0, 2*outColumns - columns}}))
	dx := ZerosLike(x)
	for i := range 2 {
		for j := range 2 {
			here := LogicalAnd(Equal(x, spread(y, i, j, x)), LogicalAnd(after(x, 2, i), after(x, 4, j)))
			dx = Add(dx, Where(here, spread(dy, i, j, x), ZerosLike(x)))
		}
	}
	dx = Reshape(dx, n, 2*outRows, 2*outColumns, c)
	return Slice(dx, AxisRange(), AxisRange(0, rows), AxisRange(0, columns), AxisRange())
}

// spread gives each pixel of pairs the value of y's window i rows and j columns further: y[r+i, q+j], zero beyond the end.
func spread(y *Node, i, j int, pairs *Node) *Node {
	y = pad(y, [2][2]int{{-i, i}, {-j, j}})
	return BroadcastToShape(ExpandAxes(y, 2, 4), pairs.Shape())
}

// after says which pixels of pairs lie in windows that much further along an axis: all for 0, the odd ones for 1.
func after(pairs *Node, axis, further int) *Node {
	parity := Iota(pairs.Graph(), shapes.Make(dtypes.Int32, pairs.Shape().Dimensions...), axis)
	return GreaterOrEqual(parity, ConstAs(parity, further))
}
