package architecture

import (
	"slices"
	"testing"

	"distillation/kdlib/internal/xlatest"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// torch.nn.ReLU6 and its gradient, by its documentation: min(max(0, x), 6).
func TestRelu6(t *testing.T) {
	out := MustExecOnceN(xlatest.Backend(t), func(x *Node) []*Node {
		y := Builder{}.Relu6("relu", x)
		return append([]*Node{y}, Gradient(ReduceAllSum(y), x)...)
	}, []float32{-7, -1, 0.5, 5.5, 6.5, 100})
	for i, want := range [][]float32{{0, 0, 0.5, 5.5, 6, 6}, {0, 0, 1, 1, 0, 0}} {
		if got := tensors.MustCopyFlatData[float32](out[i]); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", []string{"value", "gradient"}[i], got, want)
		}
	}
}
