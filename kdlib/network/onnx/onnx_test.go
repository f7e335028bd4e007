package onnx_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/internal/golden"
	"distillation/kdlib/internal/testpictures"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/recipe"
)

func data(size, n int) dataset.Data {
	d := dataset.Data{Pictures: testpictures.Patterns(size)}
	for k := range n {
		d.Examples = append(d.Examples, dataset.Example{ID: fmt.Sprint(k)})
	}
	return d
}

func tiny(name string) recipe.ONNX {
	return recipe.ONNX{File: filepath.Join("testdata", name+".onnx")}
}

// kinds are the networks of testdata with what their files do not say, and what Open finds out.
var kinds = map[string]struct{ told, found recipe.ONNX }{
	"bytes_logit":           {recipe.ONNX{}, recipe.ONNX{Size: 32, Layout: recipe.NCHW, Values: recipe.Bytes, Output: recipe.Logit}},
	"nhwc_probability":      {recipe.ONNX{Values: recipe.Unit}, recipe.ONNX{Size: 32, Layout: recipe.NHWC, Values: recipe.Unit, Output: recipe.Probability}},
	"imagenet_two_logits":   {recipe.ONNX{Values: recipe.ImageNet, Output: recipe.Logit}, recipe.ONNX{Size: 32, Layout: recipe.NCHW, Values: recipe.ImageNet, Output: recipe.Logit}},
	"centred_softmax_fixed": {recipe.ONNX{Values: recipe.Centred, Output: recipe.Probability}, recipe.ONNX{Size: 32, Layout: recipe.NCHW, Values: recipe.Centred, Output: recipe.Probability}},
}

// Predictions equal torch's, in batches that the pictures do not fill: three pictures by two.
func TestPredictionsEqualTorch(t *testing.T) {
	const tolerance = 1e-6 // measured: 1e-7 at most
	backend := xlatest.Backend(t)
	var want map[string][]float64
	golden.Read(t, "onnx_golden.json", &want)
	if len(want) != len(kinds) {
		t.Fatalf("got %d networks, want %d", len(want), len(kinds))
	}
	for name, kind := range kinds {
		kind.told.File = tiny(name).File
		m, err := onnx.Open(backend, kind.told)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Finalize()
		if kind.found.File = kind.told.File; m.Is != kind.found {
			t.Errorf("%s: found %+v, want %+v", name, m.Is, kind.found)
		}
		var told []int
		got, err := m.Predict(t.Context(), data(32, 3), dataset.PredictOptions{Batch: 2, Progress: func(done, total int) { told = append(told, done, total) }})
		if err != nil || len(got.P) != 3 || fmt.Sprint(told) != "[2 3 3 3]" {
			t.Fatalf("%s: got %v, %v, progress %v", name, got, err, told)
		}
		for i, p := range got.P {
			if !(math.Abs(p-want[name][i]) <= tolerance) {
				t.Errorf("%s: picture %d: got %v, want %v", name, i, p, want[name][i])
			}
		}
		for i, z := range got.Logits { // also of a sigmoid at the network's end
			if p := 1 / (1 + math.Exp(-z)); !(math.Abs(p-want[name][i]) <= tolerance) {
				t.Errorf("%s: picture %d: got logit %v, whose sigmoid is %v, want %v", name, i, z, p, want[name][i])
			}
		}
		if got.Logits == nil { // of a softmax at the end, too
			t.Errorf("%s: got no logits", name)
		}
	}
}

// Every augmentation gives another picture; the same one gives the same.
func TestAugmentedPictures(t *testing.T) {
	m, err := onnx.Open(xlatest.Backend(t), tiny("bytes_logit"))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Finalize()
	predict := func(augmentation dataset.Augmentation) float64 {
		p, err := m.Predict(t.Context(), data(32, 1), dataset.PredictOptions{Batch: 1, Augmentation: augmentation})
		if err != nil {
			t.Fatal(err)
		}
		return p.P[0]
	}
	shifted := dataset.Augmentation{Augment: images.Augment{Shift: 0.4}, Seed: 1}
	again := shifted
	again.Pass++
	still, one, other := predict(dataset.Augmentation{}), predict(shifted), predict(again)
	if still == one || one == other || one != predict(shifted) {
		t.Errorf("got %v as it is, %v and %v augmented, want three numbers", still, one, other)
	}
}

func TestOpenRefuses(t *testing.T) {
	backend := xlatest.Backend(t)
	broken := filepath.Join(t.TempDir(), "broken.onnx")
	if err := os.WriteFile(broken, []byte("not a network"), 0o644); err != nil {
		t.Fatal(err)
	}
	with := func(name string, change func(*recipe.ONNX)) recipe.ONNX {
		is := tiny(name)
		change(&is)
		return is
	}
	for _, test := range []struct {
		is   recipe.ONNX
		want []string
	}{
		{recipe.ONNX{}, []string{"file", "empty"}},
		{recipe.ONNX{File: "absent.onnx"}, []string{"absent.onnx"}},
		{recipe.ONNX{File: broken}, []string{"broken.onnx"}},
		{tiny("nhwc_probability"), []string{"nhwc_probability.onnx", `input "image"`, recipe.ImageNet}},
		{with("bytes_logit", func(is *recipe.ONNX) { is.Size = 64 }), []string{`input "pixels"`, "[-1 3 32 32]", "64"}},
		{with("bytes_logit", func(is *recipe.ONNX) { is.Layout = recipe.NHWC }), []string{`input "pixels"`, "[-1 3 32 32]", recipe.NHWC}},
		{with("bytes_logit", func(is *recipe.ONNX) { is.Layout = "hwc" }), []string{"layout", `"hwc"`}},
	} {
		m, err := onnx.Open(backend, test.is)
		if err == nil {
			m.Finalize()
			t.Errorf("%+v: got no error", test.is)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: got error %q, want %q in it", test.is, err, want)
			}
		}
	}
}

func TestPredictRefuses(t *testing.T) {
	m, err := onnx.Open(xlatest.Backend(t), tiny("bytes_logit"))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Finalize()
	if _, err := m.Predict(t.Context(), data(64, 1), dataset.PredictOptions{Batch: 2}); err == nil || !strings.Contains(err.Error(), "got pictures of 64x64, want 32x32") {
		t.Errorf("other size: got error %v", err)
	}
	unknown := dataset.Data{Pictures: testpictures.Patterns(32), Examples: []dataset.Example{{ID: "cat.1"}}}
	if _, err := m.Predict(t.Context(), unknown, dataset.PredictOptions{Batch: 2}); err == nil || !strings.Contains(err.Error(), "cat.1") {
		t.Errorf("unknown picture: got error %v", err)
	}
	ended, stop := context.WithCancel(t.Context())
	stop()
	if _, err := m.Predict(ended, data(32, 1), dataset.PredictOptions{Batch: 2}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: got error %v, want context.Canceled", err)
	}
	// A logit called a probability lies outside [0, 1] sooner or later; that of this network does.
	lied := tiny("bytes_logit")
	lied.Output = recipe.Probability
	wrong, err := onnx.Open(xlatest.Backend(t), lied)
	if err != nil {
		t.Fatal(err)
	}
	defer wrong.Finalize()
	if _, err := wrong.Predict(t.Context(), data(32, 1), dataset.PredictOptions{Batch: 1}); err == nil || !strings.Contains(err.Error(), `output "logit"`) {
		t.Errorf("wrong kind of output: got error %v", err)
	}
}

// The committed teacher predicts here what torch predicted when it was exported.
func TestTeacherEqualsTorch(t *testing.T) {
	const tolerance = 1e-4 // of logits
	folder := filepath.Join("..", "..", "..", "datasets", "weights")
	file := filepath.Join(folder, "teacher-efficientnet-lite0.onnx")
	text, err := os.ReadFile(filepath.Join(folder, "teacher-efficientnet-lite0.json"))
	var report struct {
		Settings struct{ Size int }
		Logits   []float64 `json:"logits_on_patterns"`
	}
	if err := errors.Join(err, json.Unmarshal(text, &report)); err != nil || len(report.Logits) == 0 {
		t.Fatalf("got %d logits, error %v", len(report.Logits), err)
	}
	m, err := onnx.Open(xlatest.Backend(t), recipe.ONNX{File: file})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Finalize()
	got, err := m.Predict(t.Context(), data(report.Settings.Size, len(report.Logits)), dataset.PredictOptions{Batch: len(report.Logits)})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range got.P {
		if z := math.Log(p / (1 - p)); !(math.Abs(z-report.Logits[i]) <= tolerance) {
			t.Errorf("picture %d: got logit %v, want %v", i, z, report.Logits[i])
		}
	}
}
