package mobilenet_test

import (
	"slices"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/feature"
	"distillation/kdlib/network/mobilenet"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Where a network looks is asked by torchvision's names of its layers; shapes by Sandler et al. 2018, table 2, a quarter of the
// channels and at least 8 of them.
func TestStagesAreFoundByName(t *testing.T) {
	const size = 64
	g := NewGraph(xlatest.Backend(t), "stages") // never compiled
	x := Parameter(g, "pictures", shapes.Make(dtypes.Float32, 1, size, size, 3))
	logits := mobilenet.MobileNetV2Quarter.Logits(model.NewStore().RootScope(), x, 0)
	for stage, want := range map[string][]int{
		"features.0": {1, 32, 32, 8}, "features.1": {1, 32, 32, 8}, "features.2.conv.0.2": {1, 32, 32, 48}, "features.2.conv.1.0": {1, 16, 16, 48},
		"features.3": {1, 16, 16, 8}, "features.10": {1, 4, 4, 16}, "features.13.add": {1, 4, 4, 24}, "features.17": {1, 2, 2, 80}, "": {1, 2, 2, 1280},
	} {
		if got := feature.Find(stage, x, logits).Shape().Dimensions; !slices.Equal(got, want) {
			t.Errorf("stage %q: got %v, want %v", stage, got, want)
		}
	}
}
