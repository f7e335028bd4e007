package conv_test

import (
	"fmt"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/conv"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// A depthwise convolution is one whose kernel is zero between channels: its value and gradients against the definition's sums.
func TestDepthwiseEqualsSums(t *testing.T) {
	backend := xlatest.Backend(t)
	for _, c := range []struct {
		pictures, rows, columns, channels, kernel, stride int
		padding                                           [2][2]int
	}{
		{3, 8, 8, 5, 3, 1, [2][2]int{{1, 1}, {1, 1}}},
		{8, 7, 10, 5, 3, 2, [2][2]int{{1, 1}, {1, 1}}},
		{4, 1, 2, 8, 3, 1, [2][2]int{{1, 1}, {1, 1}}},
		{2, 2, 1, 8, 3, 2, [2][2]int{{1, 1}, {1, 1}}},
		{1, 9, 8, 3, 5, 1, [2][2]int{{2, 1}, {0, 2}}},
		{6, 11, 8, 3, 5, 2, [2][2]int{{2, 2}, {2, 2}}},
		{3, 10, 10, 4, 2, 3, [2][2]int{}}, // a stride longer than the kernel
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			x, w := random(1, c.pictures, c.rows, c.columns, c.channels), random(2, c.kernel, c.kernel, 1, c.channels)
			dense := onDiagonal(w)
			dy := random(3, outputOf(x, dense, c.stride, c.padding)...)
			got := MustExecOnceN(backend, func(x, w, dy *Node) []*Node {
				y := conv.Depthwise(x, w, c.stride, c.padding)
				return append([]*Node{y}, Gradient(ReduceAllSum(Mul(y, dy)), x, w)...)
			}, x, w, dy)
			want := sums(x, dense, dy, c.stride, c.padding)
			want[2] = diagonal(want[2])
			for i, what := range []string{"value", "input gradient", "kernel gradient"} {
				if e := difference(want[i], got[i]); e > rounding {
					t.Errorf("%s: relative difference %.2g, want at most %.2g", what, e, rounding)
				}
			}
		})
	}
}

// onDiagonal turns [k, k, 1, c] into [k, k, c, c] with zeros between channels.
func onDiagonal(w *tensors.Tensor) *tensors.Tensor {
	d, from := w.Shape().Dimensions, tensors.MustCopyFlatData[float32](w)
	c := d[3]
	to := make([]float32, len(from)*c)
	for i, v := range from {
		to[(i/c*c+i%c)*c+i%c] = v
	}
	return tensors.FromFlatDataAndDimensions(to, d[0], d[1], c, c)
}

// diagonal turns [k, k, c, c] into [k, k, 1, c].
func diagonal(w *tensors.Tensor) *tensors.Tensor {
	d, from := w.Shape().Dimensions, tensors.MustCopyFlatData[float32](w)
	c := d[3]
	to := make([]float32, len(from)/c)
	for i := range to {
		to[i] = from[(i/c*c+i%c)*c+i%c]
	}
	return tensors.FromFlatDataAndDimensions(to, d[0], d[1], 1, c)
}

func TestDepthwiseRefusesOtherKernels(t *testing.T) {
	for _, kernel := range [][]int{{3, 3, 4, 4}, {3, 3, 1, 5}} {
		_, err := ExecOnce(xlatest.Backend(t), func(x, w *Node) *Node { return conv.Depthwise(x, w, 1, [2][2]int{{1, 1}, {1, 1}}) },
			random(1, 1, 5, 5, 4), random(2, kernel...))
		if err == nil || !strings.Contains(err.Error(), "for 4 channels, want [rows, columns, 1, 4]") {
			t.Errorf("kernel %v: got error %v, want one that names the shapes", kernel, err)
		}
	}
}
