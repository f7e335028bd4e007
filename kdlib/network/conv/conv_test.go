package conv_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/conv"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// rounding is the greatest difference that the order of float32 sums may make, relative to the largest value of a tensor.
// Measured: 5.1e-6 at the stem's kernel gradient for 224x224, a sum of 25,088 products.
const rounding = 1e-5

// layer is a convolution of a network: input pixels and channels, output channels, kernel, stride; padded as (kernel-1)/2.
type layer struct{ size, in, out, kernel, stride int }

// networkLayers lists the different convolutions of ResNet-18 and ResNet-50 (v1 and v1.5) for pictures of size x size
// after He et al. 2015, table 1.
func networkLayers(size int) []layer {
	layers := []layer{{size, 3, 64, 7, 2}}
	half := func(n int) int { return (n + 1) / 2 }
	at := half(half(size)) // after stem and pooling
	previous, narrow := 64, 64
	for stage, channels := range []int{64, 128, 256, 512} {
		stride, inner := 1, at
		if stage > 0 {
			stride, inner = 2, half(at)
		}
		layers = append(layers,
			layer{inner, channels, channels, 3, 1},       // both
			layer{at, previous, channels, 1, stride},     // ResNet-50: first of the stage
			layer{at, previous, 4 * channels, 1, stride}, // ResNet-50: shortcut
			layer{inner, 4 * channels, channels, 1, 1},   // ResNet-50: first of the other blocks
			layer{inner, channels, 4 * channels, 1, 1})   // ResNet-50: last of a block
		if stage > 0 {
			layers = append(layers,
				layer{at, narrow, channels, 3, 2},   // ResNet-18: first of the stage
				layer{at, narrow, channels, 1, 2},   // ResNet-18: shortcut
				layer{at, channels, channels, 3, 2}) // ResNet-50 v1.5: second of the stage
		}
		previous, narrow, at = 4*channels, channels, inner
	}
	return layers
}

func TestEveryNetworkLayerEqualsPlain(t *testing.T) {
	backend := xlatest.Backend(t)
	sizes := []int{32, 64, 224}
	if testing.Short() {
		sizes = sizes[:2]
	}
	for _, size := range sizes {
		all := networkLayers(size)
		compareWithPlain(t, backend, 1+64/size, all, conv.Auto) // 3, 2 and 1 pictures: plain gradients of 224 x 224 take their time
	}
}

// The layers that Winograd has forms of its own for, with an eighth of the channels.
func TestEveryTiledLayerEqualsPlain(t *testing.T) {
	var all []layer
	for _, size := range []int{32, 224} {
		for _, l := range networkLayers(size) {
			l.in, l.out = max(l.in/8, 3), l.out/8
			if l.kernel == 7 || l.kernel == 3 && l.stride == 1 && l.size >= 4 {
				all = append(all, l)
			}
		}
	}
	compareWithPlain(t, xlatest.Backend(t), 2, all, conv.Winograd)
}

func compareWithPlain(t *testing.T, backend compute.Backend, batch int, all []layer, form conv.Form) {
	results := withPlain(backend, batch, all, form)
	for i, l := range all {
		t.Run(fmt.Sprintf("%dx%d_%dto%d_stride%d_on%d", l.kernel, l.kernel, l.in, l.out, l.stride, l.size), func(t *testing.T) {
			of := results[6*i:]
			for k, what := range []string{"value", "input gradient", "kernel gradient"} {
				if e := difference(of[k], of[k+3]); e > rounding {
					t.Errorf("%s: relative difference %.2g, want at most %.2g", what, e, rounding)
				}
			}
		})
	}
}

// withPlain returns value, input gradient and kernel gradient of each layer in the plain form, then those in another one,
// through a loss that is not linear in the output and takes x on another way as well. All layers are one program, which
// compiles in two thirds of the time.
func withPlain(backend compute.Backend, batch int, all []layer, form conv.Form) []*tensors.Tensor {
	var inputs []any
	for _, l := range all {
		inputs = append(inputs, random(1, batch, l.size, l.size, l.in), random(2, l.kernel, l.kernel, l.in, l.out))
	}
	return MustExecOnceN(backend, func(in []*Node) (out []*Node) {
		for i, l := range all {
			x, w, p := in[2*i], in[2*i+1], (l.kernel-1)/2
			for _, form := range []conv.Form{conv.Plain, form} {
				y := conv.Conv2D(x, w, conv.Options{Stride: l.stride, Padding: [2][2]int{{p, p}, {p, p}}, Form: form})
				loss := Add(ReduceAllSum(Mul(y, Sin(y))), ReduceAllSum(Square(x)))
				out = append(append(out, y), Gradient(loss, x, w)...)
			}
		}
		return out
	}, inputs...)
}

func TestOddShapesEqualSums(t *testing.T) {
	backend := xlatest.Backend(t)
	for _, c := range []struct {
		rows, columns int
		kernel        [2]int
		stride        int
		padding       [2][2]int
	}{
		{7, 7, [2]int{3, 3}, 2, [2][2]int{{1, 1}, {1, 1}}},
		{15, 15, [2]int{3, 3}, 2, [2][2]int{{1, 1}, {1, 1}}},
		{33, 33, [2]int{3, 3}, 2, [2][2]int{{1, 1}, {1, 1}}},
		{33, 33, [2]int{7, 7}, 2, [2][2]int{{3, 3}, {3, 3}}},
		{33, 33, [2]int{1, 1}, 2, [2][2]int{}},
		{33, 20, [2]int{3, 3}, 1, [2][2]int{{1, 1}, {1, 1}}},
		{20, 33, [2]int{3, 3}, 2, [2][2]int{{0, 1}, {0, 1}}}, // "same" of TensorFlow
		{21, 34, [2]int{5, 3}, 2, [2][2]int{{2, 1}, {0, 2}}},
		{25, 25, [2]int{3, 3}, 3, [2][2]int{{1, 1}, {1, 1}}},
		{40, 40, [2]int{2, 2}, 3, [2][2]int{}}, // a stride longer than the kernel
		{20, 20, [2]int{3, 3}, 2, [2][2]int{{2, 2}, {2, 2}}},
		{3, 3, [2]int{3, 3}, 1, [2][2]int{}},
		{1, 1, [2]int{3, 3}, 1, [2][2]int{{1, 1}, {1, 1}}},
		{1, 2, [2]int{3, 3}, 2, [2][2]int{{1, 1}, {1, 1}}},
		{5, 5, [2]int{1, 1}, 1, [2][2]int{{1, 1}, {1, 1}}},
	} {
		for _, channels := range []int{3, 8} {
			t.Run(fmt.Sprintf("%v_channels%d", c, channels), func(t *testing.T) {
				x, w := random(1, 3, c.rows, c.columns, channels), random(2, c.kernel[0], c.kernel[1], channels, 6)
				compareWithSums(t, backend, x, w, c.stride, c.padding, conv.Auto)
			})
		}
	}
}

// Tiles of two and four pixels that hang over, pictures too large for them, a picture's own convolutions.
func TestOddShapesInTilesEqualSums(t *testing.T) {
	for _, c := range []struct{ rows, columns, channels, kernel, stride int }{
		{5, 2, 8, 3, 1}, {13, 7, 8, 3, 1}, {10, 27, 8, 3, 1}, {33, 20, 8, 3, 1}, {33, 33, 3, 7, 2}, {30, 22, 3, 7, 2}, {9, 8, 3, 2, 2},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			x, w := random(1, 3, c.rows, c.columns, c.channels), random(2, c.kernel, c.kernel, c.channels, 6)
			p := (c.kernel - 1) / 2
			compareWithSums(t, xlatest.Backend(t), x, w, c.stride, [2][2]int{{p, p}, {p, p}}, conv.Winograd)
		})
	}
}

// compareWithSums checks value and gradients of a form against the definition's sums, computed in float64 one by one.
func compareWithSums(t *testing.T, backend compute.Backend, x, w *tensors.Tensor, stride int, padding [2][2]int, form conv.Form) {
	t.Helper()
	dy := random(1, outputOf(x, w, stride, padding)...)
	got := MustExecOnceN(backend, func(x, w, dy *Node) []*Node {
		y := conv.Conv2D(x, w, conv.Options{Stride: stride, Padding: padding, Form: form})
		return append([]*Node{y}, Gradient(ReduceAllSum(Mul(y, dy)), x, w)...)
	}, x, w, dy)
	for i, want := range sums(x, w, dy, stride, padding) {
		what := []string{"value", "input gradient", "kernel gradient"}[i]
		if e := difference(want, got[i]); e > rounding {
			t.Errorf("%s: relative difference %.2g, want at most %.2g", what, e, rounding)
		}
	}
}

// outputOf is the shape of y.
func outputOf(x, w *tensors.Tensor, stride int, padding [2][2]int) []int {
	pixels := func(axis int) int {
		p := padding[axis-1]
		return (x.Shape().Dim(axis)+p[0]+p[1]-w.Shape().Dim(axis-1))/stride + 1
	}
	return []int{x.Shape().Dim(0), pixels(1), pixels(2), w.Shape().Dim(3)}
}

// sums returns y, and from the loss sum(y dy) the gradients with respect to x and w.
func sums(x, w, dy *tensors.Tensor, stride int, padding [2][2]int) [3]*tensors.Tensor {
	dx, dw, dOut := x.Shape().Dimensions, w.Shape().Dimensions, dy.Shape().Dimensions
	at := func(d []int, a, b, c, e int) int { return ((a*d[1]+b)*d[2]+c)*d[3] + e }
	in, kernel, out := tensors.MustCopyFlatData[float32](x), tensors.MustCopyFlatData[float32](w), tensors.MustCopyFlatData[float32](dy)
	value, gradX, gradW := make([]float64, len(out)), make([]float64, len(in)), make([]float64, len(kernel))
	for n := range dOut[0] {
		for r := range dOut[1] {
			for q := range dOut[2] {
				for o := range dOut[3] {
					for k := range len(kernel) / dw[3] {
						i, j, c := k/dw[2]/dw[1], k/dw[2]%dw[1], k%dw[2]
						row, column := r*stride+i-padding[0][0], q*stride+j-padding[1][0]
						if row < 0 || column < 0 || row >= dx[1] || column >= dx[2] {
							continue
						}
						from, with, to := at(dx, n, row, column, c), at(dw, i, j, c, o), at(dOut, n, r, q, o)
						value[to] += float64(in[from]) * float64(kernel[with])
						gradX[from] += float64(out[to]) * float64(kernel[with])
						gradW[with] += float64(out[to]) * float64(in[from])
					}
				}
			}
		}
	}
	return [3]*tensors.Tensor{float32Tensor(value, dOut), float32Tensor(gradX, dx), float32Tensor(gradW, dw)}
}

func float32Tensor(values []float64, dimensions []int) *tensors.Tensor {
	flat := make([]float32, len(values))
	for i, v := range values {
		flat[i] = float32(v)
	}
	return tensors.FromFlatDataAndDimensions(flat, dimensions...)
}

func TestKernelGradientAloneAndTwice(t *testing.T) {
	backend := xlatest.Backend(t)
	x, w := random(1, 2, 16, 16, 8), random(2, 3, 3, 8, 8)
	forms := []conv.Form{conv.Plain, conv.Auto, conv.Winograd}
	results := MustExecOnceN(backend, func(x, w *Node) []*Node {
		var all []*Node
		for _, form := range forms {
			y := conv.Conv2D(x, w, conv.Options{Stride: 1, Padding: [2][2]int{{1, 1}, {1, 1}}, Form: form})
			z := conv.Conv2D(y, w, conv.Options{Stride: 2, Padding: [2][2]int{{1, 1}, {1, 1}}, Form: form})
			all = append(all, Gradient(ReduceAllSum(Square(z)), w)...)
			all = append(all, Gradient(ReduceAllSum(Sin(y)), w)...) // a second time through the same nodes, another dy
		}
		return all
	}, x, w)
	for i, got := range results[2:] {
		if e := difference(results[i%2], got); e > rounding {
			t.Errorf("form %q: gradient %d: relative difference %.2g, want at most %.2g", forms[1+i/2], i%2, e, rounding)
		}
	}
}

// The pooling is GoMLX's, whose "same" padding for window 3 and stride 2 is one pixel before and after. Random values have
// no ties.
func TestMaxPool3EqualsPlain(t *testing.T) {
	backend := xlatest.Backend(t)
	for _, size := range []int{1, 2, 7, 8, 15, 32} {
		results := MustExecOnceN(backend, func(x *Node) []*Node {
			var all []*Node
			plain := MaxPool(x).Window(3).Strides(2).PaddingPerDim([][2]int{{1, 1}, {1, 1}}).Done()
			for _, y := range []*Node{plain, conv.MaxPool3(x)} {
				all = append(all, y)
				all = append(all, Gradient(ReduceAllSum(Mul(y, Sin(y))), x)...)
			}
			return all
		}, random(1, 2, size, size+1, 5))
		for i, what := range []string{"value", "gradient"} {
			if e := difference(results[i], results[i+2]); e > rounding {
				t.Errorf("size %d: %s: relative difference %.2g, want at most %.2g", size, what, e, rounding)
			}
		}
	}
}

// Zeros that a rectifier makes are equally great in many windows; none of them passes a gradient on. The expected gradient
// is GoMLX's own, of its own pooling.
func TestMaxPool3AfterRectifier(t *testing.T) {
	results := MustExecOnceN(xlatest.Backend(t), func(x *Node) []*Node {
		positive := Max(SubScalar(x, 1), ScalarZero(x.Graph(), x.DType())) // most windows hold zeros, some nothing else
		plain := MaxPool(positive).Window(3).Strides(2).PaddingPerDim([][2]int{{1, 1}, {1, 1}}).Done()
		weights := StopGradient(Cos(plain))
		return []*Node{
			Gradient(ReduceAllSum(Mul(plain, weights)), x)[0],
			Gradient(ReduceAllSum(Mul(conv.MaxPool3(positive), weights)), x)[0],
		}
	}, random(1, 2, 16, 16, 5))
	if e := difference(results[0], results[1]); e > rounding {
		t.Errorf("gradient: relative difference %.2g, want at most %.2g", e, rounding)
	}
}

// Where several pixels of a window are equally great, each takes the whole gradient, as documented.
func TestMaxPool3GivesTiesToAll(t *testing.T) {
	flat := tensors.FromFlatDataAndDimensions(make([]float32, 4*4), 1, 4, 4, 1)
	gradient := MustExecOnce(xlatest.Backend(t), func(x *Node) *Node {
		return Gradient(ReduceAllSum(conv.MaxPool3(x)), x)[0]
	}, flat)
	want := []float32{1, 2, 1, 1, 2, 4, 2, 2, 1, 2, 1, 1, 1, 2, 1, 1} // windows that hold the pixel
	if got := tensors.MustCopyFlatData[float32](gradient); !slices.Equal(got, want) {
		t.Errorf("gradient of flat windows: got %v, want %v", got, want)
	}
}

// difference is the largest difference of two tensors of float32 relative to the largest value of the first.
func difference(want, got *tensors.Tensor) float64 {
	if !want.Shape().Equal(got.Shape()) {
		return math.Inf(1)
	}
	a, b := tensors.MustCopyFlatData[float32](want), tensors.MustCopyFlatData[float32](got)
	var worst, scale float64
	for i := range a {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		worst, scale = max(worst, d), max(scale, math.Abs(float64(a[i])))
	}
	return worst / scale
}

// random returns a seeded tensor of normal numbers. Those of seed 2, a kernel [rows, columns, channels in, channels out], are
// divided by the root of rows * columns * channels in, so that outputs of convolutions stay near 1.
func random(seed uint64, dimensions ...int) *tensors.Tensor {
	source := rand.New(rand.NewPCG(seed, 0))
	n := 1
	for _, d := range dimensions {
		n *= d
	}
	flat := make([]float32, n)
	scale := 1.0
	if seed == 2 { // a kernel
		scale = 1 / math.Sqrt(float64(dimensions[0]*dimensions[1]*dimensions[2]))
	}
	for i := range flat {
		flat[i] = float32(scale * source.NormFloat64())
	}
	return tensors.FromFlatDataAndDimensions(flat, dimensions...)
}
