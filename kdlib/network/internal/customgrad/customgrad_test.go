package customgrad_test

import (
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/internal/customgrad"

	. "github.com/gomlx/gomlx/core/graph"
)

// product is x*y whose gradients are wrong on purpose, so that one sees whose they are: 10 dy for x, and for y GoMLX's own.
func product(x, y *Node) *Node {
	return customgrad.Apply([]*Node{x, y},
		func(in []*Node) *Node { return Mul(in[0], in[1]) },
		[]customgrad.Backward{func(dy *Node) *Node { return MulScalar(dy, 10) }, nil})
}

func TestApply(t *testing.T) {
	results := MustExecOnceN(xlatest.Backend(t), func(x, y *Node) []*Node {
		z := product(x, y)
		twice := product(z, z)
		all := []*Node{z}
		all = append(all, Gradient(z, x, y)...)
		all = append(all, Gradient(MulScalar(z, 3), x, y)...) // another dy through the same nodes
		all = append(all, Gradient(Add(z, x), x)...)          // x on another way too
		all = append(all, Gradient(twice, x)...)              // d twice/dz = 10 + z
		all = append(all, Gradient(Square(y), x)...)          // z unused
		return all
	}, float32(2), float32(5))
	for i, want := range []float32{10, 10, 2, 30, 6, 11, 200, 0} {
		if got := results[i].Value(); got != want {
			t.Errorf("result %d: got %v, want %v", i, got, want)
		}
	}
}
