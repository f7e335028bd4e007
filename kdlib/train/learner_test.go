package train

import (
	"testing"

	"distillation/kdlib/optimizer/adam"
	"distillation/kdlib/recipe"

	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// A recipe's numbers reach the optimizer that it names.
func TestRule(t *testing.T) {
	o := recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 0.25, Decay: 0.5}
	for _, test := range []struct {
		recipe recipe.Optimizer
		want   optimizer.Interface
	}{
		{o, adam.Keras{LearningRate: 0.25, Decay: 0.5}},
		{o.Literal(), adam.Literal{LearningRate: 0.25, Decay: 0.5, K1: 10, K2: 1000}}, // k1, k2 of the paper
	} {
		if got := Optimizer(test.recipe); got != test.want {
			t.Errorf("%+v: got %#v, want %#v", test.recipe, got, test.want)
		}
	}
}
