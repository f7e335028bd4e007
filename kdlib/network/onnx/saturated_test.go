package onnx_test

import (
	"path/filepath"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/testweights"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/recipe"

	"github.com/gomlx/gomlx/core/tensors"
)

// A network of zeros but for the bias of its head gives that bias, natively; its own file does, too, although float32 holds the
// sigmoid as 1.
func TestOwnFileKeepsASaturatedLogit(t *testing.T) {
	const bias = 100
	dir := t.TempDir()
	zero, file := filepath.Join(dir, "zero.safetensors"), filepath.Join(dir, "sure.onnx")
	testweights.Zero(t, resnet.ResNet18, zero)
	w, err := convert.Read(zero, resnet.ResNet18)
	if err != nil {
		t.Fatal(err)
	}
	w.Tensors[architecture.HeadName+"/bias"] = tensors.FromFlatDataAndDimensions([]float32{bias}, 1)
	if err := convert.WriteONNX(file, resnet.ResNet18, w); err != nil {
		t.Fatal(err)
	}
	m, err := onnx.Open(xlatest.Backend(t), recipe.ONNX{File: file, Size: 32})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Finalize()
	got, err := m.Predict(t.Context(), data(32, 1), dataset.PredictOptions{Batch: 1})
	if err != nil || len(got.Logits) != 1 || got.Logits[0] != bias || got.P[0] >= 1 {
		t.Fatalf("got %v, %v, want the logit %d", got, err, bias)
	}
	if loss, err := got.LogLoss([]float64{0}); err != nil || loss != bias { // log(1 + e^100) = 100
		t.Errorf("loss on a cat: got %v, %v, want %d", loss, err, bias)
	}
}
