package train_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"
)

// onFile is a run of a head on the features of a small network from a file.
func onFile(t *testing.T, dir, trained string) train.Run {
	t.Helper()
	r := run(t, dir, train.Report{})
	r.Train.Examples = r.Train.Examples[:48]
	r.Recipe.Network, r.Recipe.Epochs, r.Recipe.Optimizer.LearningRate = recipe.ONNXNetwork, 2, 1e-2
	r.Recipe.Backbone = recipe.Backbone{ONNX: recipe.ONNX{File: filepath.Join("..", "network", "onnx", "testdata", "bytes_logit.onnx")},
		Features: "/net/ReduceMean_output_0", Trained: trained}
	return r
}

// What is not trained stays as the file has it, to the bit; all else changes.
func TestFrozenWeightsStay(t *testing.T) {
	pool := train.NewPool(xlatest.Backend(t))
	defer pool.Close()
	for trained, frozen := range map[string][]string{
		recipe.HeadOnly:      {"net.conv.bias", "net.conv.weight", "net.depthwise.bias", "net.depthwise.weight"},
		"/net/Clip_output_0": {"net.conv.bias", "net.conv.weight"},
		recipe.Everything:    nil,
	} {
		r := onFile(t, t.TempDir(), trained)
		past, err := pool.Fit(context.Background(), r)
		if err != nil || len(past) != 2 {
			t.Fatalf("trained %s: got %d epochs, %v", trained, len(past), err)
		}
		b, err := onnx.OpenBackbone(r.Recipe.Backbone)
		if err != nil {
			t.Fatal(err)
		}
		first, err := b.Weights()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{train.BestFile, train.LastFile} {
			file, err := weights.Read(filepath.Join(r.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			var same []string
			for name, value := range first {
				if file.Tensors["network/"+name].Equal(value) {
					same = append(same, strings.TrimPrefix(name, "ONNX/"))
				}
			}
			if slices.Sort(same); !slices.Equal(same, frozen) {
				t.Errorf("trained %s: %s: got %q as in the file, want %q", trained, name, same, frozen)
			}
		}
	}
}

// A run on a file that is stopped goes on exactly, on the same file alone, and its network comes out as ONNX with the same logits.
func TestRunOnFileGoesOnAndComesOut(t *testing.T) {
	pool := train.NewPool(xlatest.Backend(t))
	defer pool.Close()
	whole, parts := onFile(t, t.TempDir(), recipe.Everything), onFile(t, t.TempDir(), recipe.Everything)
	content, err := os.ReadFile(whole.Recipe.Backbone.File)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "net.onnx")
	put := func(content []byte) {
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(content)
	whole.Recipe.Backbone.File, parts.Recipe.Backbone.File = file, file
	want, err := pool.Fit(context.Background(), whole)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	parts.Report.Step = func(s history.Step) {
		if s.Epoch == 2 && s.Number == 2 {
			stop()
		}
	}
	if _, err := pool.Fit(ctx, parts); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: got error %v", err)
	}
	parts.Report.Step = nil
	put(otherWeights(t, whole.Recipe.Backbone, content))
	fresh := train.NewPool(xlatest.Backend(t))
	defer fresh.Close()
	_, fit := fresh.Fit(context.Background(), parts)
	_, best := train.Best(xlatest.Backend(t), whole.Dir)
	_, export := train.ONNX(whole.Dir, map[string]string{})
	for what, err := range map[string]error{"fit": fit, "best": best, "export": export} {
		if err == nil || !strings.Contains(err.Error(), "was trained on the network of another file") {
			t.Errorf("another file: %s: got error %v", what, err)
		}
	}
	put(content)
	got, err := pool.Fit(context.Background(), parts)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if got[i].Seconds, want[i].Seconds = 0, 0; got[i] != want[i] {
			t.Errorf("epoch %d: in parts %+v, whole %+v", i+1, got[i], want[i])
		}
	}
	for name, tensor := range read(t, whole.Dir).Tensors {
		if !read(t, parts.Dir).Tensors[name].Equal(tensor) {
			t.Errorf("%s: other bits in parts than whole", name)
		}
	}
	comesOut(t, whole)
}

func read(t *testing.T, dir string) weights.File {
	t.Helper()
	file, err := weights.Read(filepath.Join(dir, train.LastFile))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// otherWeights changes one number of a file.
func otherWeights(t *testing.T, how recipe.Backbone, content []byte) []byte {
	t.Helper()
	b, err := onnx.OpenBackbone(how)
	if err != nil {
		t.Fatal(err)
	}
	all, err := b.Weights()
	if err != nil {
		t.Fatal(err)
	}
	var raw []byte
	if err := all["ONNX/net.conv.bias"].ConstBytes(func(b []byte) { raw = bytes.Clone(b) }); err != nil {
		t.Fatal(err)
	}
	other := bytes.Clone(raw)
	other[0]++
	if bytes.Count(content, raw) != 1 {
		t.Fatal("the file has its bias elsewhere, too")
	}
	return bytes.Replace(content, raw, other, 1)
}

// comesOut compares a run's network with the ONNX file that is written of it.
func comesOut(t *testing.T, r train.Run) {
	t.Helper()
	const tolerance = 1e-5 // of logits
	backend := xlatest.Backend(t)
	content, err := train.ONNX(r.Dir, map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "out.onnx")
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	written, err := onnx.Open(backend, recipe.ONNX{File: file})
	if err != nil {
		t.Fatal(err)
	}
	defer written.Finalize()
	best, err := train.Best(backend, r.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer best.Finalize()
	how := dataset.PredictOptions{Batch: 16}
	want, err := best.Predict(t.Context(), r.Validation, how)
	if err != nil {
		t.Fatal(err)
	}
	got, err := written.Predict(t.Context(), r.Validation, how)
	if err != nil {
		t.Fatal(err)
	}
	for i, z := range want.Logits {
		if !(math.Abs(got.Logits[i]-z) <= tolerance) {
			t.Errorf("picture %d: the file's logit is %v, want %v", i, got.Logits[i], z)
		}
	}
}

// Pictures of another size than the file's are refused before anything is trained, and what would have no effect is, too.
func TestRunOnFileErrors(t *testing.T) {
	for want, change := range map[string]func(*recipe.Training){
		"got pictures of 32x32, want 128x128": func(r *recipe.Training) {
			r.Backbone = recipe.Backbone{ONNX: recipe.ONNX{File: filepath.Join("..", "..", "datasets", "weights", "teacher-efficientnet-lite0.onnx")}, Trained: recipe.HeadOnly}
		},
		"weights: got x":                    func(r *recipe.Training) { r.Weights = "x" },
		`convolutions: got "plain"`:         func(r *recipe.Training) { r.Convolutions = recipe.PlainConvolutions },
		"early_stages: got 1":               func(r *recipe.Training) { r.EarlyStages = []recipe.Stage{{Epochs: 1, Size: 32}} },
		`backbone: got`:                     func(r *recipe.Training) { r.Network = recipe.ResNet18 },
		"backbone: file: got an empty name": func(r *recipe.Training) { r.Backbone = recipe.Backbone{} },
	} {
		r := onFile(t, t.TempDir(), recipe.HeadOnly)
		change(&r.Recipe)
		if _, err := r.Fit(context.Background(), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q in it", err, want)
		}
		if entries, err := os.ReadDir(r.Dir); err != nil || len(entries) > 0 {
			t.Errorf("%s: got %d files, %v, want none", want, len(entries), err)
		}
	}
}
