package main

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"
)

// A network from a file gets a head, is trained, asked, and written as ONNX, which answers as it does.
func TestTrainOnFile(t *testing.T) {
	const tolerance = 1e-6
	xlatest.Backend(t)
	net := must(filepath.Abs(filepath.Join("..", "..", "network", "onnx", "testdata", "bytes_logit.onnx")))
	t.Chdir(t.TempDir())
	onFaces := "--pictures faces --manifest manifest.csv --cache cache"
	for _, words := range []string{
		"data synth --n 24 --size 32 --out faces",
		"train " + onFaces + " --dir run --onnx " + net + " --features /net/ReduceMean_output_0 --trained /net/Clip_output_0 --epochs 1 --batch 8",
		"export onnx --model run --out out.onnx",
		"predict " + onFaces + " --model run --out run.csv",
		"predict " + onFaces + " --onnx out.onnx --out out.csv",
	} {
		if _, err := kd(strings.Fields(words)...); err != nil {
			t.Fatalf("kd %s: %v", words, err)
		}
	}
	how, size, err := train.ReadConfig(filepath.Join("run", train.ConfigFile))
	if err != nil || size != 32 || how.Network != recipe.ONNXNetwork || how.Backbone.Trained != "/net/Clip_output_0" {
		t.Errorf("got %+v, size %d, %v, want the network onnx at 32", how, size, err)
	}
	want, got := must(predictions.Read("run.csv")), must(predictions.Read("out.csv"))
	if len(want) == 0 || len(got) != len(want) {
		t.Fatalf("got %d predictions, want %d", len(got), len(want))
	}
	for i, row := range want {
		if got[i].ID != row.ID || !(math.Abs(got[i].P-row.P) <= tolerance) {
			t.Errorf("%s: got %v of %s, want %v", row.ID, got[i].P, got[i].ID, row.P)
		}
	}
	for words, refused := range map[string]string{
		"export safetensors --model run --out x":                                    "kd export onnx and kd export page write it",
		"train " + onFaces + " --dir other --onnx " + net + " --size 64":            "got pictures of 64x64, want 32x32",
		"train " + onFaces + " --dir other --onnx " + net + " --trained x":          `trained: value "x": none of its 8 nodes makes it`,
		"train " + onFaces + " --dir other --onnx " + net + " --network resnet18":   "with the network \"resnet18\", want it with \"onnx\" alone",
		"train " + onFaces + " --dir other --onnx " + net + " --weights w":          "weights: got w",
		"train " + onFaces + " --dir other --onnx " + net + " --convolutions plain": `convolutions: got "plain"`,
		"train " + onFaces + " --dir other --network " + recipe.ONNXNetwork:         "file: got an empty name",
	} {
		if _, err := kd(strings.Fields(words)...); err == nil || !strings.Contains(err.Error(), refused) {
			t.Errorf("kd %s: got error %v, want %q in it", words, err, refused)
		}
	}
}
