package train

import (
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/conv"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/ml/model"
)

// resolved is a recipe that names the forms of convolutions that run: where it leaves them to the backend, the fast ones on a
// CPU, which all recipes from before this choice had and which therefore stay unnamed, and the plain ones elsewhere, which cuDNN
// has its own fast programs for.
func resolved(backend compute.Backend, t recipe.Training) recipe.Training {
	switch {
	case t.Network == recipe.ONNXNetwork: // its file says how they are made
	case t.Convolutions == recipe.FastConvolutions:
		t.Convolutions = ""
	case t.Convolutions == "" && !isCPU(backend):
		t.Convolutions = recipe.PlainConvolutions
	}
	return t
}

// isCPU is true of XLA's CPU and of GoMLX's backend in Go, which knows nothing else.
func isCPU(backend compute.Backend) bool {
	x, ok := backend.(interface{ IsCPU() bool })
	return !ok || x.IsCPU()
}

// setForms tells the networks of a store which forms a resolved recipe names.
func setForms(store *model.Store, convolutions string) {
	if convolutions != "" {
		store.RootScope().SetParam(architecture.ParamForm, conv.Form(convolutions)) // they have the same names
	}
}
