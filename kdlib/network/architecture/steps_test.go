package architecture_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/architecture"
	_ "distillation/kdlib/network/mobilenet" // registers its networks
	_ "distillation/kdlib/network/resnet"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// The variables that the steps name are those that the graph creates, in shape too.
func TestStepsNameTheGraphsVariables(t *testing.T) {
	backend := xlatest.Backend(t)
	for _, network := range architecture.Networks() {
		store := model.NewStore()
		g := NewGraph(backend, network.String()) // never compiled: variables are there once the graph is built
		network.Logits(store.RootScope(), Parameter(g, "pictures", shapes.Make(dtypes.Float32, 1, architecture.MinSize, architecture.MinSize, 3)), 0)
		want := map[string][]int{}
		for v := range store.IterVariables() {
			if v.Shape().DType.IsFloat() { // not the state of the random numbers
				want[strings.TrimPrefix(v.Path(), "/")] = v.Shape().Dimensions
			}
		}
		steps, err := network.Steps()
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]int{}
		for _, s := range steps {
			for _, v := range s.Variables {
				got[v.Name] = v.Shape
			}
		}
		if !maps.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s: got variables %v, want %v", network, got, want)
		}
	}
}

// Steps and layer table are two readings of one description: the same layers in one order.
func TestStepsAreTheLayers(t *testing.T) {
	for _, network := range architecture.Networks() {
		steps, err := network.Steps()
		if err != nil {
			t.Fatal(err)
		}
		layers, err := network.Layers(architecture.MinSize)
		if err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for i, s := range steps {
			got = append(got, s.Name)
			for _, in := range s.Inputs {
				if in < architecture.Picture || in >= i {
					t.Errorf("%s: step %d, %s, takes the output of step %d, want an earlier one", network, i, s.Name, in)
				}
			}
		}
		for _, l := range layers {
			if l.Kind != "InputLayer" && l.Kind != "ZeroPadding2D" {
				want = append(want, l.Name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got steps %v, want %v", network, got, want)
		}
	}
}
