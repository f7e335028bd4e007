package train_test

import (
	"context"
	"path/filepath"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"

	"github.com/gomlx/gomlx/core/tensors"
)

// A run that starts from another library's file takes over its feature part and draws the head that the file lacks: with
// a learning rate of next to nothing, these are still the weights after an epoch.
func TestStartsFromOtherWeights(t *testing.T) {
	pool := train.NewPool(xlatest.Backend(t))
	defer pool.Close()
	still := run(t, t.TempDir(), train.Report{})
	still.Recipe.Network = recipe.ResNet18
	still.Train.Examples, still.Validation.Examples = still.Train.Examples[:16], still.Validation.Examples[:16]
	still.Recipe.Epochs, still.Recipe.Optimizer.LearningRate = 1, 1e-30
	best := func(r train.Run) convert.Weights {
		if _, err := pool.Fit(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		w, err := convert.Read(filepath.Join(r.Dir, train.BestFile), resnet.ResNet18)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	drawn := best(still)

	given := drawn // stands for torchvision's, with kernels that no seed draws
	given.Tensors = map[string]*tensors.Tensor{}
	for name, tensor := range drawn.Tensors {
		given.Tensors[name] = tensor
	}
	given.Tensors["conv1/kernel"] = ramp(7, 7, 3, 64)
	given.Tensors["dense/kernel"] = ramp(512, 1000)
	given.Tensors["dense/bias"] = ramp(1000)
	file := filepath.Join(t.TempDir(), "imagenet.safetensors")
	if err := convert.WriteTorchvision(file, resnet.ResNet18, given); err != nil {
		t.Fatal(err)
	}
	started := still
	started.Dir, started.Recipe.Weights = t.TempDir(), file
	got := best(started)
	for name, want := range map[string]*tensors.Tensor{
		"conv1/kernel":          given.Tensors["conv1/kernel"],
		"layer4.1.conv2/kernel": drawn.Tensors["layer4.1.conv2/kernel"],
		"dense/kernel":          drawn.Tensors["dense/kernel"], // drawn again from the same seed
	} {
		if !got.Tensors[name].Equal(want) {
			t.Errorf("%s: not the expected one", name)
		}
	}
}

// ramp counts up by thousandths, and has no zero: any other number is the same after a step of 1e-30.
func ramp(dimensions ...int) *tensors.Tensor {
	size := 1
	for _, d := range dimensions {
		size *= d
	}
	flat := make([]float32, size)
	for i := range flat {
		flat[i] = float32(i%1000+1) / 1000
	}
	return tensors.FromFlatDataAndDimensions(flat, dimensions...)
}
