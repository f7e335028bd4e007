package conv

import (
	. "github.com/gomlx/gomlx/core/graph"
)

// winograd is minimal filtering F(m x m, 3 x 3) after Lavin and Gray 2016, "Fast algorithms for convolutional neural networks"
// (arXiv:1509.09308): a 3x3 convolution with stride 1 and one zero around, in tiles of m x m pixels of the output. Each tile is
// made of a window of t x t pixels of the input, t = m+2, as
//
//	y = A' [sum over c of (G w G') (B' x B)] A
//
// with an element-wise product of t x t numbers: t*t/(m*m) products a pixel where the definition has 9, so 4 with F(2x2, 3x3) and
// 2.25 with F(4x4, 3x3). With all tiles and channels side by side each of the t*t places is a matrix product over channels. The
// gradients are the exact adjoints, on the same tiles:
//
//	dx = B [sum over o of (G w G') (A dy A')] B'    tiles overlap by two pixels, which are added up
//	dw = G' [sum over tiles of (B' x B) (A dy A')] G
//
// so that nothing is transposed or reversed. The transforms, not the products, are the cost: they act on all tiles at once, rows
// and then columns, with a barrier between, as the compiler would otherwise compute the first for each use in the second.
//
// Transformed tiles are lists over the column of a place; each element is [t (row of the place), tiles, channels].
type winograd struct {
	m                     int
	input, kernel, output matrix // B', G, A'
}

type matrix [][]float64

// f2 and f4 are F(2x2, 3x3) and F(4x4, 3x3), after Lavin and Gray, sections 4.1 and 4.3. The greater the numbers of a transform,
// the greater the rounding: about as much as in the plain form with f2, ten times as much with f4.
var (
	f2 = winograd{2,
		matrix{{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}},
		matrix{{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}},
		matrix{{1, 1, 1, 0}, {0, 1, -1, -1}}}
	f4 = winograd{4,
		matrix{{4, 0, -5, 0, 1, 0}, {0, -4, -4, 1, 1, 0}, {0, 4, -4, -1, 1, 0}, {0, -2, -1, 2, 1, 0}, {0, 2, -1, -2, 1, 0}, {0, 4, 0, -5, 0, 1}},
		matrix{{1. / 4, 0, 0}, {-1. / 6, -1. / 6, -1. / 6}, {-1. / 6, 1. / 6, -1. / 6}, {1. / 24, 1. / 12, 1. / 6}, {1. / 24, -1. / 12, 1. / 6}, {0, 0, 1}},
		matrix{{1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}}}
)

// tiled says whether a convolution is of the kind that tiles are made for.
func (g geometry) tiled() bool {
	return g == geometry{kernel: [2]int{3, 3}, stride: 1, padding: [2][2]int{{1, 1}, {1, 1}}}
}

// value is the convolution of x [n, h, q, c] with a kernel [3, 3, c, o].
func (f winograd) value(x, w *Node) *Node {
	n, h, q, _ := dims(x)
	products := inPairs(f.tilesOfInput(x), 2, f.tilesOfKernel(w), 1)
	split := f.split(products, n, h, q)
	phases := make([][]*Node, f.m)
	for _, column := range f.output.times(split) {
		for a, y := range f.output.times(alongFirst(column)) {
			phases[a] = append(phases[a], y)
		}
	}
	return weave(phases, h, q)
}

// inputGradient is the gradient with respect to x, from dy [n, h, q, o].
func (f winograd) inputGradient(dy, w *Node) *Node {
	n, h, q, _ := dims(dy)
	products := inPairs(f.tilesOfOutput(dy), 2, f.tilesOfKernel(w), 2)
	back := f.input.transposed()
	phases := make([][]*Node, f.m)
	for _, column := range f.fold(back.times(f.split(products, n, h, q)), 3) {
		for a, dx := range f.fold(back.times(alongFirst(column)), 1) {
			phases[a] = append(phases[a], dx)
		}
	}
	return weave(phases, h, q)
}

// kernelGradient is the gradient with respect to w.
func (f winograd) kernelGradient(x, dy *Node) *Node {
	products := inPairs(f.tilesOfInput(x), 1, f.tilesOfOutput(dy), 1)
	back := f.kernel.transposed()
	var columns []*Node
	for _, column := range back.times(products) {
		columns = append(columns, Stack(back.times(alongFirst(column)), 0))
	}
	return Stack(columns, 1)
}

// tilesOfInput is B' x B of every window of x.
func (f winograd) tilesOfInput(x *Node) []*Node {
	_, h, q, _ := dims(x)
	down, right := f.tiles(h, q)
	x = pad(x, [2][2]int{{1, down*f.m + 1 - h}, {1, right*f.m + 1 - q}})
	return f.input.ofWindows(x, f.m, down, right)
}

// tilesOfOutput is A dy A' of every tile of dy.
func (f winograd) tilesOfOutput(dy *Node) []*Node {
	_, h, q, _ := dims(dy)
	down, right := f.tiles(h, q)
	dy = pad(dy, [2][2]int{{0, down*f.m - h}, {0, right*f.m - q}})
	return f.output.transposed().ofWindows(dy, f.m, down, right)
}

// tilesOfKernel is G w G'.
func (f winograd) tilesOfKernel(w *Node) []*Node {
	rows := Stack(f.kernel.times(alongFirst(w)), 0) // [t, 3, c, o]
	var columns []*Node
	for j := range 3 {
		columns = append(columns, Squeeze(Slice(rows, AxisRange(), AxisElem(j)), 1))
	}
	return f.kernel.times(columns)
}

// tiles is how many tiles cover h rows and q columns.
func (f winograd) tiles(h, q int) (down, right int) { return ceilDiv(h, f.m), ceilDiv(q, f.m) }

// ofWindows is a z a' of the windows z of x that begin every step pixels, as many as a has columns on a side.
func (a matrix) ofWindows(x *Node, step, down, right int) []*Node {
	n, _, _, c := dims(x)
	var lines, columns, tiles []*Node
	for i := range a[0] {
		lines = append(lines, Slice(x, AxisRange(), window(i, step, down), AxisRange(), AxisRange()))
	}
	rows := OptimizationBarrier(Stack(a.times(lines), 0)) // [t, n, down, q, c]
	for j := range a[0] {
		columns = append(columns, Slice(rows, AxisRange(), AxisRange(), AxisRange(), window(j, step, right), AxisRange()))
	}
	for _, z := range a.times(columns) {
		tiles = append(tiles, Reshape(z, len(a), n*down*right, c))
	}
	return tiles
}

// split turns tiles into [t, n, down, right, channels].
func (f winograd) split(tiles []*Node, n, h, q int) []*Node {
	down, right := f.tiles(h, q)
	split := make([]*Node, len(tiles))
	for l, z := range tiles {
		split[l] = Reshape(z, f.m+2, n, down, right, -1)
	}
	return split
}

// fold adds up windows that overlap by two pixels: the t pixels of a window along an axis of tiles become the m of a tile, whose
// first gets the last of the window before and whose last the first of the window behind.
func (f winograd) fold(pixels []*Node, axis int) []*Node {
	tile := append([]*Node{}, pixels[1:f.m+1]...)
	if pixels[0].Shape().Dimensions[axis] == 1 {
		return tile
	}
	tile[0] = Add(tile[0], shift(pixels[f.m+1], axis, 1))
	tile[f.m-1] = Add(tile[f.m-1], shift(pixels[0], axis, -1))
	return tile
}

// shift moves x along an axis by one, up or down; zeros come in.
func shift(x *Node, axis, by int) *Node {
	size, cut := x.Shape().Dimensions[axis], make([]SliceAxisSpec, x.Rank())
	for i := range cut {
		cut[i] = AxisRange()
	}
	cut[axis] = AxisRange(max(0, -by), size-max(0, by))
	return border(Slice(x, cut...), axis, [2]int{max(0, by), max(0, -by)}, ScalarZero(x.Graph(), x.DType()))
}

// weave makes pictures [n, h, q, c] of phases[a][b] [n, down, right, c], the pixels in row a and column b of every tile.
func weave(phases [][]*Node, h, q int) *Node {
	m := len(phases)
	n, down, right, c := dims(phases[0][0])
	var bands []*Node
	for _, p := range phases {
		bands = append(bands, Stack(p, 3))
	}
	y := Reshape(Stack(bands, 2), n, down*m, right*m, c)
	return Slice(y, AxisRange(), AxisRange(0, h), AxisRange(0, q), AxisRange())
}

// inPairs is the matrix product of each pair for each row of a place, over axis ofA of a and ofB of b.
func inPairs(a []*Node, ofA int, b []*Node, ofB int) []*Node {
	products := make([]*Node, len(a))
	for l := range a {
		products[l] = DotGeneral(a[l], []int{ofA}, []int{0}, b[l], []int{ofB}, []int{0})
	}
	return products
}

// alongFirst takes x apart along its first axis.
func alongFirst(x *Node) []*Node {
	parts := make([]*Node, x.Shape().Dimensions[0])
	for k := range parts {
		parts[k] = Squeeze(Slice(x, AxisElem(k)), 0)
	}
	return parts
}

// times is the product of a with a column of tensors.
func (a matrix) times(x []*Node) []*Node {
	products := make([]*Node, len(a))
	for k, row := range a {
		for i, factor := range row {
			products[k] = plus(products[k], factor, x[i])
		}
	}
	return products
}

// plus is sum + factor x; a sum of nothing is nil.
func plus(sum *Node, factor float64, x *Node) *Node {
	switch {
	case factor == 0:
		return sum
	case factor == -1 && sum != nil:
		return Sub(sum, x)
	case factor != 1:
		x = MulScalar(x, factor)
	}
	if sum == nil {
		return x
	}
	return Add(sum, x)
}

func (a matrix) transposed() matrix {
	turned := make(matrix, len(a[0]))
	for i := range turned {
		for _, row := range a {
			turned[i] = append(turned[i], row[i])
		}
	}
	return turned
}
