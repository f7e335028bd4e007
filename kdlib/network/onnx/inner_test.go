package onnx_test

import (
	"math"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/golden"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/recipe"
)

// Means of two values inside equal onnxruntime's, whatever the layout of the pictures, in batches that these do not fill.
func TestInnerValuesEqualOnnxruntime(t *testing.T) {
	const tolerance = 1e-6 // of 1 or of the value; measured: 1.3e-7 at most
	var want map[string][][]float64
	golden.Read(t, "inner_golden.json", &want)
	for name, rows := range want {
		is := tiny(name)
		is.Values = kinds[name].found.Values
		inner, err := onnx.OpenInner(xlatest.Backend(t), is, "/net/Clip_output_0", "/net/Add_output_0")
		if err != nil {
			t.Fatal(err)
		}
		defer inner.Finalize()
		got, width, err := inner.Features(t.Context(), data(32, 3), dataset.PredictOptions{Batch: 2})
		if err != nil || width != len(rows[0]) || len(got) != 3*width {
			t.Fatalf("%s: got %d numbers, %d of a picture, %v, want 3 times %d", name, len(got), width, err, len(rows[0]))
		}
		worst := 0.0
		for i, row := range rows {
			for j, v := range row {
				e := math.Abs(float64(got[i*width+j])-v) / max(1, math.Abs(v))
				if worst = max(worst, e); !(e <= tolerance) {
					t.Errorf("%s: picture %d, feature %d: got %v, want %v", name, i, j, got[i*width+j], v)
				}
			}
		}
		t.Logf("%s: worst difference %.2g", name, worst)
	}
}

// A network that predicts gives the same inner values, and a logit behind them whose sigmoid is torch's probability.
func TestAnswersStandBehindInnerValues(t *testing.T) {
	const tolerance = 1e-6 // of 1 or of the value
	var inner map[string][][]float64
	var answers map[string][]float64
	golden.Read(t, "inner_golden.json", &inner)
	golden.Read(t, "onnx_golden.json", &answers)
	for name, rows := range inner {
		is := tiny(name)
		is.Values = kinds[name].found.Values
		network, err := onnx.OpenAnswering(xlatest.Backend(t), is, "/net/Clip_output_0", "/net/Add_output_0")
		if err != nil {
			t.Fatal(err)
		}
		defer network.Finalize()
		got, width, err := network.Features(t.Context(), data(32, 3), dataset.PredictOptions{Batch: 2})
		if err != nil || width != len(rows[0])+1 || len(got) != 3*width {
			t.Fatalf("%s: got %d numbers, %d of a picture, %v, want 3 times %d", name, len(got), width, err, len(rows[0])+1)
		}
		for i, row := range rows {
			for j, v := range row {
				if !(math.Abs(float64(got[i*width+j])-v) <= tolerance*max(1, math.Abs(v))) {
					t.Errorf("%s: picture %d, feature %d: got %v, want %v", name, i, j, got[i*width+j], v)
				}
			}
			if p := 1 / (1 + math.Exp(-float64(got[i*width+len(row)]))); !(math.Abs(p-answers[name][i]) <= tolerance) {
				t.Errorf("%s: picture %d: got %v, want P(dog) = %v", name, i, p, answers[name][i])
			}
		}
	}
}

func TestInnerErrors(t *testing.T) {
	backend := xlatest.Backend(t)
	told := tiny("bytes_logit")
	told.Output = recipe.Logit
	for _, c := range []struct {
		is     recipe.ONNX
		values []string
		want   string
	}{
		{tiny("bytes_logit"), nil, "the name of no value"},
		{tiny("bytes_logit"), []string{"x"}, "none of its 8 nodes makes it, want one such as /net/Add_output_0"},
		{tiny("absent"), []string{"x"}, "absent"},
		{told, []string{"/net/Add_output_0"}, "output: got logit"},
	} {
		if _, err := onnx.OpenInner(backend, c.is, c.values...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got error %v, want %q in it", c.values, err, c.want)
		}
	}
	if _, err := onnx.OpenAnswering(backend, tiny("bytes_logit")); err == nil || !strings.Contains(err.Error(), "the name of no value") {
		t.Errorf("answers and no values: got error %v", err)
	}
	unsaid := tiny("imagenet_two_logits")
	unsaid.Values = recipe.ImageNet
	if _, err := onnx.OpenAnswering(backend, unsaid, "/net/Add_output_0"); err == nil || !strings.Contains(err.Error(), "tell: logit or probability") {
		t.Errorf("answers of which nobody says what they are: got error %v", err)
	}
	inner, err := onnx.OpenInner(backend, tiny("bytes_logit"), "/net/Add_output_0")
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Finalize()
	if _, _, err := inner.Features(t.Context(), data(16, 1), dataset.PredictOptions{Batch: 1}); err == nil || !strings.Contains(err.Error(), "got pictures of 16x16, want 32x32") {
		t.Errorf("other size: got error %v", err)
	}
	if _, _, err := inner.Features(t.Context(), data(32, 1), dataset.PredictOptions{}); err == nil || !strings.Contains(err.Error(), "batches of 0") {
		t.Errorf("no batch: got error %v", err)
	}
}
