package conv

import (
	"fmt"
	"testing"
	"slices"
	"time"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"

	"distillation/kdlib/internal/xlatest"
)

func BenchmarkForms(b *testing.B) {
	backend := xlatest.Backend(b)
	n := 32
	for _, c := range [][5]int{ // size, in, out, kernel, stride
		{224, 3, 64, 7, 2}, {56, 64, 64, 3, 1}, {28, 128, 128, 3, 1}, {14, 256, 256, 3, 1}, {7, 512, 512, 3, 1},
		{56, 64, 128, 3, 2}, {28, 128, 256, 3, 2}, {14, 256, 512, 3, 2}, {56, 64, 128, 1, 2}, {14, 256, 512, 1, 2},
		{56, 64, 256, 1, 1}, {56, 256, 64, 1, 1}, {14, 1024, 256, 1, 1}, {14, 256, 1024, 1, 1},{56, 256, 512, 1, 2},
		{64, 3, 64, 7, 2}, {16, 64, 64, 3, 1}, {8, 128, 128, 3, 1}, {4, 256, 256, 3, 1}, {2, 512, 512, 3, 1},
		{16, 64, 128, 3, 2}, {8, 128, 256, 3, 2}, {4, 256, 512, 3, 2}, {32, 3, 64, 7, 2},
	} {
		p := (c[3] - 1) / 2
		g := geometry{[2]int{c[3], c[3]}, c[4], [2][2]int{{p, p}, {p, p}}}
		o, _ := g.out(c[0], c[0])
		x := tensors.FromShape(shapes.Make(dtypes.Float32, n, c[0], c[0], c[1]))
		w := tensors.FromShape(shapes.Make(dtypes.Float32, c[3], c[3], c[1], c[2]))
		dy := tensors.FromShape(shapes.Make(dtypes.Float32, n, o, o, c[2]))
		type entry struct { name string; fn func(x, w, dy *Node) *Node }
		sum := func(f func(x, w *Node) *Node, which int) func(x, w, dy *Node) *Node {
			return func(x, w, dy *Node) *Node { return Gradient(ReduceAllSum(Mul(f(x, w), dy)), x, w)[which] }
		}
		pl := func(x, w *Node) *Node { return plain(x, w, g) }
		tp := func(x, w *Node) *Node { return byTaps(x, w, g) }
		entries := []entry{
			{"fwd plain", func(x, w, dy *Node) *Node { return pl(x, w) }},
			{"fwd taps", func(x, w, dy *Node) *Node { return tp(x, w) }},
			{"dx plain", sum(pl, 0)}, {"dx taps", sum(tp, 0)},
			{"dx phase", func(x, w, dy *Node) *Node { return inputGradient(dy, w, g, c[0], c[0]) }},
			{"dw plain", sum(pl, 1)}, {"dw taps-nat", sum(tp, 1)},
			{"dw taps", func(x, w, dy *Node) *Node { return kernelByTaps(x, dy, g) }},
		}
		if g.stride == 1 && c[3]>1{
			entries = append(entries, entry{"dw cross", func(x, w, dy *Node) *Node { return kernelByCross(x, dy, g) }})
		}
		if g.stride == 2 && c[3]>1 {
			entries = append(entries, entry{"dw depth", func(x, w, dy *Node) *Node { return kernelByDepth(x, dy, g) }})
		}
		var exs []*Exec
		for _, e := range entries { exs = append(exs, MustNewExec(backend, e.fn)) }
		times := make([][]float64, len(entries))
		for k := range 6 {
			for i, e := range exs {
				t := time.Now()
				e.MustExec1(x, w, dy).MustFinalizeAll()
				if k > 0 { times[i] = append(times[i], time.Since(t).Seconds()*1000) }
			}
		}
		line := fmt.Sprint(c, " ")
		for i, e := range entries { slices.Sort(times[i]); line += fmt.Sprintf("%s %.1f | ", e.name, times[i][2]) }
		fmt.Println(line)
		exs = nil
	}
}
