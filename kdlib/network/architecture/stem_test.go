package architecture

import (
	"testing"

	"distillation/kdlib/internal/xlatest"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// The stem's convolution has as many zeros before as after, for odd pictures too. By hand, ones under a kernel of ones: of
// its 7 rows 4 lie on the picture at the first place (rows -3 to 3) and at the last one of an odd picture (29 to 35 of 33), 5
// at the last one of an even picture (27 to 33 of 32); columns alike.
func TestStemIsPaddedAlikeOnAllSides(t *testing.T) {
	ones := Settings{Kernel: func(*model.Scope) model.VariableInitializer { return initializer.One }}
	for size, last := range map[int]float32{33: 4 * 4, 32: 5 * 5} {
		out, err := model.CallOnce(xlatest.Backend(t), model.NewStore(), func(scope *model.Scope, g *Graph) *Node {
			x := Ones(g, shapes.Make(dtypes.Float32, 1, size, size, 1))
			return Builder{scope: scope, settings: ones}.Conv("conv1", x, Convolution{Channels: 1, Kernel: 7, Stride: 2, Padding: 3})
		})
		if err != nil {
			t.Fatal(err)
		}
		places := (size + 1) / 2
		y := tensors.MustCopyFlatData[float32](out)
		if len(y) != places*places {
			t.Fatalf("%d pixels: got %d outputs, want %d", size, len(y), places*places)
		}
		if y[0] != 4*4 || y[places+1] != 6*6 || y[len(y)-1] != last {
			t.Errorf("%d pixels: first, second and last on the diagonal: got %v, %v, %v, want 16, 36, %v", size, y[0], y[places+1], y[len(y)-1], last)
		}
	}
}
