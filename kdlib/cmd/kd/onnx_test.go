package main

import (
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
)

// A network from elsewhere predicts on every picture of the split in one file, on pictures of the size that it takes.
func TestPredictONNX(t *testing.T) {
	xlatest.Backend(t)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	network := filepath.Join("..", "..", "network", "onnx", "testdata", "bytes_logit.onnx") // of 32x32 pictures
	if _, err := kd("data", "synth", "--n", "40", "--size", "32", "--out", at("faces.tar")); err != nil {
		t.Fatal(err)
	}
	pictures := []string{"predict", "--pictures", at("faces.tar"), "--manifest", at("manifest.csv"), "--cache", at("cache"), "--out", at("all.csv")}
	if _, err := kd(append(pictures, "--onnx", network, "--split", "all")...); err != nil {
		t.Fatal(err)
	}
	predicted, err1 := predictions.Read(at("all.csv"))
	manifest, err2 := images.ReadManifest(at("manifest.csv"))
	if err1 != nil || err2 != nil || len(predicted) != 40 || len(manifest) != 40 {
		t.Errorf("got %d predictions on %d pictures, %v, %v, want 40 on 40", len(predicted), len(manifest), err1, err2)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "model onnx"},
		{[]string{"--onnx", network, "--model", dir}, "model onnx"},
		{[]string{"--onnx", network, "--size", "64"}, "want width and height 64"},
		{[]string{"--onnx", network, "--onnx-layout", "nhwc"}, "3 colours in the layout nhwc"},
		{[]string{"--onnx", network, "--split", "val"}, `"val"`},
	} {
		if _, err := kd(append(pictures, test.args...)...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got error %v, want one with %q", test.args, err, test.want)
		}
	}
}
