package feature_test

import (
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/feature"

	. "github.com/gomlx/gomlx/core/graph"
)

func TestMatch(t *testing.T) {
	names := []string{"conv1", "layer1.0.relu2", "layer1.1.relu2", "layer10.0.relu2", "conv5_block3_out", "/layer4/Relu_output_0"}
	for name, want := range map[string]int{"conv1": 0, "layer1": 2, "layer1.0": 1, "conv5": 4, "conv5_block3": 4, "/layer4": 5} {
		if got, err := feature.Match(name, names); err != nil || got != want {
			t.Errorf("%s: got %d, %v, want %d", name, got, err, want)
		}
	}
	for _, name := range []string{"layer", "conv", "layer1.0.relu2.x"} {
		if _, err := feature.Match(name, names); err == nil || !strings.Contains(err.Error(), `got "`+name+`", want one of conv1, layer1.0.relu2`) {
			t.Errorf("%s: got error %v, want one that lists the names", name, err)
		}
	}
	if _, err := feature.Match("x", nil); err == nil || !strings.Contains(err.Error(), "feature.Mark") {
		t.Errorf("got error %v", err)
	}
}

// What is found lies on the way from the pictures to the output: neither a kernel nor what leads elsewhere.
func TestFind(t *testing.T) {
	backend := xlatest.Backend(t)
	shapes := func(name string) []int {
		var found []int
		MustExecOnce(backend, func(x, kernel *Node) *Node {
			first := feature.Mark("first", Convolve(x, kernel).PadSame().Strides(2).Done())
			feature.Mark("aside", MulScalar(first, 2))
			output := ReduceSum(MulScalar(first, 3), 1, 2, 3)
			found = feature.Find(name, x, output).Shape().Dimensions
			return output
		}, make4(2, 8, 3), make4(3, 3, 3))
		return found
	}
	for _, name := range []string{"", "first"} {
		if got := shapes(name); len(got) != 4 || got[0] != 2 || got[1] != 4 || got[3] != 3 {
			t.Errorf("%q: got %v, want [2 4 4 3]", name, got)
		}
	}
	defer func() {
		if err, ok := recover().(error); !ok || !strings.Contains(err.Error(), `got "aside", want one of first`) {
			t.Errorf("aside: got %v, want an error", err)
		}
	}()
	shapes("aside")
}

// make4 are n squares of so many colours, of ones.
func make4(n, side, colours int) [][][][]float32 {
	all := make([][][][]float32, n)
	for i := range all {
		all[i] = make([][][]float32, side)
		for y := range all[i] {
			all[i][y] = make([][]float32, side)
			for x := range all[i][y] {
				all[i][y][x] = make([]float32, colours)
				for c := range all[i][y][x] {
					all[i][y][x][c] = 1
				}
			}
		}
	}
	return all
}
