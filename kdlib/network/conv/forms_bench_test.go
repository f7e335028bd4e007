package conv

import (
	"fmt"
	"testing"

	"distillation/kdlib/internal/xlatest"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// BenchmarkForms times value, input gradient and kernel gradient of layers of ResNet-18 and ResNet-50 in every form, batch 32:
// the measurements behind the table in the package documentation. Names are input size, channels in and out, kernel, stride.
func BenchmarkForms(b *testing.B) {
	for _, l := range []struct{ size, in, out, kernel, stride int }{
		{224, 3, 64, 7, 2}, {56, 64, 64, 3, 1}, {28, 128, 128, 3, 1}, {14, 256, 256, 3, 1}, {7, 512, 512, 3, 1},
		{56, 64, 128, 3, 2}, {28, 128, 256, 3, 2}, {14, 256, 512, 3, 2}, {56, 64, 128, 1, 2}, {56, 64, 256, 1, 1},
		{64, 3, 64, 7, 2}, {16, 64, 64, 3, 1}, {8, 128, 128, 3, 1}, {4, 256, 256, 3, 1}, {2, 512, 512, 3, 1}, {4, 256, 512, 3, 2},
	} {
		p := (l.kernel - 1) / 2
		g := geometry{kernel: [2]int{l.kernel, l.kernel}, stride: l.stride, padding: [2][2]int{{p, p}, {p, p}}}
		rows, columns := g.out(l.size, l.size)
		x, w, dy := zeros(32, l.size, l.size, l.in), zeros(l.kernel, l.kernel, l.in, l.out), zeros(32, rows, columns, l.out)
		for _, form := range g.forms(l.size) {
			b.Run(fmt.Sprintf("%d_%d_%d_%d_%d/%s", l.size, l.in, l.out, l.kernel, l.stride, form.name), func(b *testing.B) {
				exec := MustNewExec(xlatest.Backend(b), form.build)
				exec.MustCall1(x, w, dy).MustFinalizeAll() // compiles
				for b.Loop() {
					exec.MustCall1(x, w, dy).MustFinalizeAll()
				}
			})
		}
	}
}

type form struct {
	name  string
	build func(x, w, dy *Node) *Node
}

func (g geometry) forms(size int) []form {
	gradient := func(f func(x, w *Node, g geometry) *Node, of int) func(x, w, dy *Node) *Node {
		return func(x, w, dy *Node) *Node { return Gradient(ReduceAllSum(Mul(f(x, w, g), dy)), x, w)[of] }
	}
	all := []form{
		{"value_plain", func(x, w, _ *Node) *Node { return plain(x, w, g) }},
		{"value_columns", func(x, w, _ *Node) *Node { return im2col(x, w, g) }},
		{"input_plain", gradient(plain, 0)},
		{"input_columns", gradient(im2col, 0)},
		{"input_phases", func(_, w, dy *Node) *Node { return inputGradient(dy, w, g, size, size) }},
		{"kernel_plain", gradient(plain, 1)},
		{"kernel_columns", gradient(im2col, 1)},
		{"kernel_taps", func(x, _, dy *Node) *Node { return kernelByTaps(x, dy, g) }},
	}
	if g.stride == 1 {
		all = append(all,
			form{"kernel_cross", func(x, _, dy *Node) *Node { return kernelByCross(x, dy, g) }},
			form{"kernel_shifts", func(x, _, dy *Node) *Node { return kernelByShifts(x, dy, g) }})
	}
	return all
}

func zeros(dimensions ...int) *tensors.Tensor {
	return tensors.FromShape(shapes.Make(dtypes.Float32, dimensions...))
}

// BenchmarkMaxPool3 times the pooling of the stems, value and gradient, against GoMLX's own.
func BenchmarkMaxPool3(b *testing.B) {
	pools := []form{
		{"plain", func(x, _, _ *Node) *Node {
			return MaxPool(x).Window(3).Strides(2).PaddingPerDim([][2]int{{1, 1}, {1, 1}}).Done()
		}},
		{"slices", func(x, _, _ *Node) *Node { return MaxPool3(x) }},
	}
	for _, size := range []int{32, 112} { // of pictures of 64x64 and 224x224
		x := zeros(32, size, size, 64)
		for _, pool := range pools {
			b.Run(fmt.Sprintf("%d/%s", size, pool.name), func(b *testing.B) {
				exec := MustNewExec(xlatest.Backend(b), func(x *Node) *Node {
					return Gradient(ReduceAllSum(Square(pool.build(x, nil, nil))), x)[0]
				})
				exec.MustCall1(x).MustFinalizeAll() // compiles
				for b.Loop() {
					exec.MustCall1(x).MustFinalizeAll()
				}
			})
		}
	}
}
