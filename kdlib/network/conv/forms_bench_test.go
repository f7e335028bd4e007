package conv

import (
	"fmt"
	"math"
	"slices"
	"syscall"
	"testing"
	"time"

	"distillation/kdlib/internal/xlatest"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// BenchmarkForms times value, input gradient and kernel gradient of layers of ResNet-18 and ResNet-50 in every form, batch 32:
// the measurements behind the tables in the package documentation. Names are input size, channels in and out, kernel, stride,
// and the part; each form's metric is its least time in ms, of b.N runs in turns with the other forms (-benchtime 15x). GFLOP/s are
// those of the cheapest form in a second of one processor, as if it did the arithmetic of the definition: two operations for each
// weight that an output value takes.
func BenchmarkForms(b *testing.B) {
	for _, l := range []struct{ size, in, out, kernel, stride int }{
		{224, 3, 64, 7, 2}, {56, 64, 64, 3, 1}, {28, 128, 128, 3, 1}, {14, 256, 256, 3, 1}, {7, 512, 512, 3, 1},
		{56, 64, 128, 3, 2}, {28, 128, 256, 3, 2}, {14, 256, 512, 3, 2}, {56, 64, 128, 1, 2}, {56, 64, 256, 1, 1},
		{64, 3, 64, 7, 2}, {16, 64, 64, 3, 1}, {8, 128, 128, 3, 1}, {4, 256, 256, 3, 1}, {2, 512, 512, 3, 1},
		{32, 64, 64, 3, 1}, {24, 64, 64, 3, 1}, {12, 128, 128, 3, 1}, {6, 256, 256, 3, 1}, {3, 512, 512, 3, 1},
		{16, 64, 128, 3, 2}, {8, 128, 256, 3, 2}, {4, 256, 512, 3, 2},
	} {
		p := (l.kernel - 1) / 2
		g := geometry{kernel: [2]int{l.kernel, l.kernel}, stride: l.stride, padding: [2][2]int{{p, p}, {p, p}}}
		rows, columns := g.out(l.size, l.size)
		x, w, dy := zeros(32, l.size, l.size, l.in), zeros(l.kernel, l.kernel, l.in, l.out), zeros(32, rows, columns, l.out)
		for part, forms := range g.forms(l.size) {
			b.Run(fmt.Sprintf("%d_%d_%d_%d_%d/%s", l.size, l.in, l.out, l.kernel, l.stride, partNames[part]), func(b *testing.B) {
				least := inTurns(b, forms, x, w, dy)
				operations := 2 * dy.Shape().Size() * w.Shape().Size() / l.out
				b.ReportMetric(float64(operations)/least.Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}

// BenchmarkProduct is what the backend's matrix product reaches, beside the GFLOP/s of BenchmarkForms: square matrices.
func BenchmarkProduct(b *testing.B) {
	const side = 2048
	x := zeros(side, side)
	product := []form{{"product", func(x, y, _ *Node) *Node { return Dot(x, y).Product() }}}
	least := inTurns(b, product, x, x, x)
	b.ReportMetric(2*math.Pow(side, 3)/least.Seconds()/1e9, "GFLOP/s")
}

// inTurns reports the least time of each form, on the clock and of all processors together, which a busy machine disturbs less.
// One that was far slower than another is not run again. It returns the least of all in processor time.
func inTurns(b *testing.B, forms []form, args ...any) time.Duration {
	execs, least, cpu := make([]*Exec, len(forms)), make([]time.Duration, len(forms)), make([]time.Duration, len(forms))
	for i, f := range forms {
		execs[i], least[i], cpu[i] = MustNewExec(xlatest.Backend(b), f.build), time.Hour, time.Hour
		execs[i].MustCall1(args...).MustFinalizeAll() // compiles
	}
	for b.Loop() {
		for i, e := range execs {
			if least[i] < time.Hour && cpu[i] > 2*slices.Min(cpu) {
				continue
			}
			start, before := time.Now(), cpuTime(b)
			e.MustCall1(args...).MustFinalizeAll()
			least[i], cpu[i] = min(least[i], time.Since(start)), min(cpu[i], cpuTime(b)-before)
		}
	}
	for i, f := range forms {
		b.ReportMetric(least[i].Seconds()*1000, f.name+"-ms")
		b.ReportMetric(cpu[i].Seconds()*1000, f.name+"-cpu-ms")
		execs[i].Finalize()
	}
	return slices.Min(cpu)
}

// cpuTime is the time that processors have worked for this process.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

type form struct {
	name  string
	build func(x, w, dy *Node) *Node
}

var partNames = []string{"value", "input", "kernel"}

// forms are those of each part.
func (g geometry) forms(size int) [3][]form {
	gradient := func(f func(x, w *Node, g geometry) *Node, of int) func(x, w, dy *Node) *Node {
		return func(x, w, dy *Node) *Node { return Gradient(ReduceAllSum(Mul(f(x, w, g), dy)), x, w)[of] }
	}
	all := [3][]form{{
		{"plain", func(x, w, _ *Node) *Node { return plain(x, w, g) }},
		{"columns", func(x, w, _ *Node) *Node { return im2col(x, w, g) }},
	}, {
		{"plain", gradient(plain, 0)},
		{"columns", gradient(im2col, 0)},
		{"phases", func(_, w, dy *Node) *Node { return g.inputGradient(dy, w, [2]int{size, size}) }},
	}, {
		{"plain", gradient(plain, 1)},
		{"columns", gradient(im2col, 1)},
		{"taps", func(x, _, dy *Node) *Node { return kernelByTaps(x, dy, g) }},
	}}
	if g.stride == 1 {
		all[2] = append(all[2],
			form{"cross", func(x, _, dy *Node) *Node { return kernelByCross(x, dy, g) }},
			form{"shifts", func(x, _, dy *Node) *Node { return kernelByShifts(x, dy, g) }},
			form{"eigen", func(x, _, dy *Node) *Node { return kernelByEigen(x, dy, g) }})
	} else {
		all[2] = append(all[2], form{"phases", func(x, _, dy *Node) *Node { return kernelByPhases(x, dy, g) }})
	}
	if g.tiled() {
		for _, f := range []winograd{f2, f4} {
			name := fmt.Sprintf("F%d", f.m)
			all[0] = append(all[0], form{name, func(x, w, _ *Node) *Node { return f.value(x, w) }})
			all[1] = append(all[1], form{name, func(_, w, dy *Node) *Node { return f.inputGradient(dy, w) }})
			all[2] = append(all[2], form{name, func(x, _, dy *Node) *Node { return f.kernelGradient(x, dy) }})
		}
	}
	return all
}

// BenchmarkDepthwise times the depthwise convolutions of MobileNetV2 for pictures of 64x64 and 224x224, batch 32, in the form that is
// used and in others. Names are input size, channels, stride, and the part.
func BenchmarkDepthwise(b *testing.B) {
	for _, l := range []struct{ size, channels, stride int }{
		{32, 32, 1}, {32, 96, 2}, {16, 144, 1}, {8, 192, 1}, {4, 384, 1}, {4, 576, 2}, {2, 960, 1},
		{112, 32, 1}, {112, 96, 2}, {56, 144, 1}, {14, 384, 1},
	} {
		g := geometry{kernel: [2]int{3, 3}, stride: l.stride, padding: [2][2]int{{1, 1}, {1, 1}}, depthwise: true}
		rows, columns := g.out(l.size, l.size)
		x, w, dy := zeros(32, l.size, l.size, l.channels), zeros(3, 3, 1, l.channels), zeros(32, rows, columns, l.channels)
		for part, forms := range g.depthwiseForms(l.size) {
			b.Run(fmt.Sprintf("%d_%d_%d/%s", l.size, l.channels, l.stride, partNames[part]), func(b *testing.B) {
				inTurns(b, forms, x, w, dy)
			})
		}
	}
}

func (g geometry) depthwiseForms(size int) [3][]form {
	return [3][]form{{
		{"taps", func(x, w, _ *Node) *Node { return g.sumOfTaps(x, w) }},
		{"barrier", func(x, w, _ *Node) *Node {
			h := g
			h.padding = [2][2]int{}
			return h.sumOfTaps(OptimizationBarrier(pad(x, g.padding)), w)
		}},
		{"grouped", func(x, w, _ *Node) *Node { return g.grouped(x, w) }},
	}, {
		{"phases", func(_, w, dy *Node) *Node { return g.inputGradient(dy, w, [2]int{size, size}) }},
	}, {
		{"ones", func(x, _, dy *Node) *Node { return g.kernelByOnes(x, dy) }},
		{"sums", func(x, _, dy *Node) *Node { return g.kernelBySums(x, dy) }},
		{"batched", func(x, _, dy *Node) *Node { return g.kernelBatched(x, dy) }},
	}}
}

// grouped is XLA's own depthwise convolution.
func (g geometry) grouped(x, w *Node) *Node {
	return Convolve(x, w).ChannelGroupCount(x.Shape().Dimensions[3]).Strides(g.stride).PaddingPerDim(g.padding[:]).Done()
}

// kernelBySums adds up pixels by the compiler's own sum.
func (g geometry) kernelBySums(x, dy *Node) *Node {
	_, outRows, outColumns, c := dims(dy)
	x = pad(x, g.padding)
	var sums []*Node
	for i := range g.kernel[0] {
		for j := range g.kernel[1] {
			sums = append(sums, ReduceSum(Mul(g.tap(x, i, j, [2]int{outRows, outColumns}), dy), 0, 1, 2))
		}
	}
	return Reshape(Stack(sums, 0), g.kernel[0], g.kernel[1], 1, c)
}

// kernelBatched is a product for each channel: places times pixels, of x, with pixels, of dy.
func (g geometry) kernelBatched(x, dy *Node) *Node {
	_, outRows, outColumns, c := dims(dy)
	x = pad(x, g.padding)
	var taps []*Node
	for i := range g.kernel[0] {
		for j := range g.kernel[1] {
			taps = append(taps, rows(g.tap(x, i, j, [2]int{outRows, outColumns})))
		}
	}
	turned := TransposeAllAxes(Stack(taps, 0), 2, 0, 1) // [c, 9, pixels]
	product := DotGeneral(turned, []int{2}, []int{0}, Transpose(rows(dy), 0, 1), []int{1}, []int{0})
	return Reshape(Transpose(product, 0, 1), g.kernel[0], g.kernel[1], 1, c)
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
