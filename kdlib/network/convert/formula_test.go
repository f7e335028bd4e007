package convert_test

import (
	"slices"
	"testing"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/internal/formula"
	"distillation/kdlib/network/weights"

	"github.com/gomlx/gomlx/core/tensors"
)

// numbers are those that network/internal/formula computes for a variable, as float32.
func numbers(name string, shape []int) []float32 {
	var out []float32
	for _, v := range formula.Value(name, shape) {
		out = append(out, float32(v))
	}
	return out
}

// variables lists those of a network.
func variables(t *testing.T, network architecture.Network) []architecture.Variable {
	t.Helper()
	steps, err := network.Steps()
	if err != nil {
		t.Fatal(err)
	}
	var all []architecture.Variable
	for _, s := range steps {
		all = append(all, s.Variables...)
	}
	return all
}

// filled is a whole network with the weights of network/internal/formula.
func filled(t *testing.T, network architecture.Network) convert.Weights {
	t.Helper()
	w := convert.Weights{File: weights.File{Tensors: map[string]*tensors.Tensor{}}, HasHead: true}
	for _, v := range variables(t, network) {
		w.Tensors[v.Name] = tensors.FromFlatDataAndDimensions(numbers(v.Name, v.Shape), v.Shape...)
	}
	return w
}

// checkFilled compares every number with the formula; a head may be missing.
func checkFilled(t *testing.T, network architecture.Network, w convert.Weights) {
	t.Helper()
	for _, v := range variables(t, network) {
		if architecture.IsHead(v.Name) && !w.HasHead {
			continue
		}
		tensor, ok := w.Tensors[v.Name]
		if !ok || !slices.Equal(tensor.Shape().Dimensions, v.Shape) {
			t.Errorf("%s: got %v, want shape %v", v.Name, tensor, v.Shape)
			continue
		}
		if got, want := tensors.MustCopyFlatData[float32](tensor), numbers(v.Name, v.Shape); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, ..., want %v, ...", v.Name, got[:1], want[:1])
		}
	}
}
