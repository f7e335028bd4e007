package conv

import (
	"fmt"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
)

// Depthwise returns the convolution of each channel of pictures with a kernel of its own:
//
//	y[n, r, q, c] = sum over i, j of x[n, stride*r + i - top, stride*q + j - left, c] * w[i, j, 0, c]
//
// x is [n, rows, columns, c], w is [kernel rows, kernel columns, 1, c]; stride and padding, {{top, bottom}, {left, right}}, and the
// result's rows and columns are as in Conv2D. It has one form: a product and a sum for each place of the kernel, of shifted
// pictures, which the compiler makes one loop of.
//
// Depthwise panics, as graph builders do, on shapes that do not fit.
func Depthwise(x, w *Node, stride int, padding [2][2]int) *Node {
	x.AssertRank(4)
	w.AssertRank(4)
	kernel := w.Shape().Dimensions
	if c := x.Shape().Dimensions[3]; kernel[2] != 1 || c != kernel[3] {
		panic(fmt.Errorf("conv: depthwise: got a kernel %s for %d channels, want [rows, columns, 1, %d]", w.Shape(), c, c))
	}
	g := geometry{kernel: [2]int{kernel[0], kernel[1]}, stride: stride, padding: padding, depthwise: true}
	return parts{
		value:    func(x, w *Node) *Node { return g.sumOfTaps(x, w) },
		toInput:  func(dy *Node) *Node { return g.inputGradient(dy, w, [2]int(x.Shape().Dimensions[1:3])) },
		toKernel: func(dy *Node) *Node { return g.kernelByOnes(x, dy) },
	}.apply(x, w)
}

// sumOfTaps is the value of a depthwise convolution.
func (g geometry) sumOfTaps(x, w *Node) *Node {
	_, h, q, c := dims(x)
	outRows, outColumns := g.out(h, q)
	x = pad(x, g.padding)
	var sum *Node
	for i := range g.kernel[0] {
		for j := range g.kernel[1] {
			place := Reshape(Slice(w, AxisElem(i), AxisElem(j)), 1, 1, 1, c)
			product := Mul(g.tap(x, i, j, [2]int{outRows, outColumns}), place)
			if sum == nil {
				sum = product
				continue
			}
			sum = Add(sum, product)
		}
	}
	return sum
}

// kernelByOnes is the kernel gradient of a depthwise convolution: a sum over all pixels for each place. The compiler goes through such
// a sum value by value. So some pictures are added up first, which is one loop with their products, and their pixels then by a
// matrix product with ones, of several rows, since one row would become a sum again.
func (g geometry) kernelByOnes(x, dy *Node) *Node {
	const rowsOfOnes = 8
	n, outRows, outColumns, c := dims(dy)
	x = pad(x, g.padding)
	parts := 1
	for parts < picturesAtOnce && n%(2*parts) == 0 {
		parts *= 2
	}
	ones := Ones(x.Graph(), shapes.Make(x.DType(), rowsOfOnes, n/parts*outRows*outColumns))
	var sums []*Node
	for i := range g.kernel[0] {
		for j := range g.kernel[1] {
			products := added(Mul(g.tap(x, i, j, [2]int{outRows, outColumns}), dy), parts)
			sums = append(sums, Slice(Dot(ones, rows(products)).Product(), AxisElem(0)))
		}
	}
	return Reshape(Stack(sums, 0), g.kernel[0], g.kernel[1], 1, c)
}

// picturesAtOnce is the most pictures that are added up before their pixels are: a power of 2.
const picturesAtOnce = 4

// added cuts the pictures of x into equal parts and adds these up.
func added(x *Node, parts int) *Node {
	size := x.Shape().Dimensions[0] / parts
	sum := Slice(x, AxisRange(0, size))
	for k := 1; k < parts; k++ {
		sum = Add(sum, Slice(x, AxisRange(k*size, (k+1)*size)))
	}
	return sum
}
