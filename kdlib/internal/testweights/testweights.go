// Package testweights makes files of weights for tests.
package testweights

import (
	"testing"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/weights"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// Zero writes weights that fit a network, all of them zero.
func Zero(t *testing.T, network architecture.Network, path string) {
	t.Helper()
	steps, err := network.Steps()
	if err != nil {
		t.Fatal(err)
	}
	file := weights.File{Tensors: map[string]*tensors.Tensor{}}
	for _, s := range steps {
		for _, v := range s.Variables {
			file.Tensors[weights.Network+"/"+v.Name] = tensors.FromShape(shapes.Make(dtypes.Float32, v.Shape...))
		}
	}
	if err := file.Write(path); err != nil {
		t.Fatal(err)
	}
}
