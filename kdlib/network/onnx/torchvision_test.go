package onnx_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
)

// everyDir names a folder that testdata/gen_torchvision.py was asked to write every network to.
const everyDir = "KDLIB_TORCHVISION_DIR"

// Ten of torchvision's networks, as torch's two exporters write them in their operator sets, predict here what they predict in
// onnxruntime. Weights are random and normalizations fit, so that logits differ by picture. XLA compiles two of them, which have
// most of the forms; the others are quicker without.
func TestTorchvisionEqualsONNXRuntime(t *testing.T) {
	const tolerance = 1e-4 // of logits
	dir, every := os.LookupEnv(everyDir)
	if !every {
		dir = "testdata"
	}
	var want map[string][]float64
	text, err := os.ReadFile(filepath.Join(dir, "torchvision_golden.json"))
	if err := errors.Join(err, json.Unmarshal(text, &want)); err != nil {
		t.Fatal(err)
	}
	xla := xlatest.Backend(t)
	interpreter, err := gobackend.New("")
	if err != nil {
		t.Fatal(err)
	}
	for name, logits := range want {
		backend := interpreter
		if every || strings.Contains(name, "mobilenet_v3") && strings.Contains(name, "dynamo") || strings.Contains(name, "resnet18_script") {
			backend = xla
		}
		got, err := logitsOf(t, backend, recipe.ONNX{File: filepath.Join(dir, name+".onnx"), Size: 64, Values: recipe.Unit}, len(logits))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		worst := 0.
		for i, z := range got {
			worst = max(worst, math.Abs(z-logits[i]))
		}
		if !(worst <= tolerance) {
			t.Errorf("%s: got logits %v, want %v", name, got, logits)
		}
		t.Logf("%s: %.1e off", name, worst)
	}
}

// logitsOf are a network's on the first n patterns.
func logitsOf(t *testing.T, backend compute.Backend, is recipe.ONNX, n int) ([]float64, error) {
	t.Helper()
	m, err := onnx.Open(backend, is)
	if err != nil {
		return nil, err
	}
	defer m.Finalize()
	got, err := m.Predict(t.Context(), data(m.Is.Size, n), dataset.PredictOptions{Batch: n})
	return got.Logits, err
}
