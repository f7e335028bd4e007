package onnx_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/golden"
	"distillation/kdlib/internal/testpictures"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/internal/onnxfile"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// bytesBackbone is a head on the features of a small network.
func bytesBackbone(trained string) recipe.Backbone {
	return recipe.Backbone{ONNX: tiny("bytes_logit"), Features: "/net/ReduceMean_output_0", Trained: trained}
}

// goldenBackbone is what torch says of that network with the head of backboneWeights.
type goldenBackbone struct {
	Logits    []float64
	Loss      float64
	Gradients map[string][]float64
}

// backboneWeights are the file's, and the head of testdata/gen_backbone.py.
func backboneWeights(t *testing.T, b *onnx.Backbone) map[string]*tensors.Tensor {
	t.Helper()
	w, err := b.Weights()
	if err != nil {
		t.Fatal(err)
	}
	w["dense/kernel"] = tensors.FromValue([][]float32{{0.5}, {-0.25}, {0.75}, {-1}})
	w["dense/bias"] = tensors.FromValue([]float32{0.125})
	return w
}

// pixels are the first n patterns as a batch.
func pixels(n, size int) *tensors.Tensor {
	var all []float32
	for k := range n {
		one, _ := testpictures.Patterns(size).Image(fmt.Sprint(k))
		for _, v := range one {
			all = append(all, float32(v))
		}
	}
	return tensors.FromFlatDataAndDimensions(all, n, size, size, 3)
}

// The gradients through a file's graph equal torch's, those of the weights that are trained and no others.
func TestGradientsThroughTheFileEqualTorch(t *testing.T) {
	const tolerance = 1e-5 // of the greatest of a tensor
	backend := xlatest.Backend(t)
	var want goldenBackbone
	golden.Read(t, "backbone_golden.json", &want)
	for trained, names := range map[string][]string{
		recipe.HeadOnly:      {"dense/bias", "dense/kernel"},
		"/net/Clip_output_0": {"ONNX/net.depthwise.bias", "ONNX/net.depthwise.weight", "dense/bias", "dense/kernel"},
		recipe.Everything:    {"ONNX/net.conv.bias", "ONNX/net.conv.weight", "ONNX/net.depthwise.bias", "ONNX/net.depthwise.weight", "dense/bias", "dense/kernel"},
	} {
		b, err := onnx.OpenBackbone(bytesBackbone(trained))
		if err != nil {
			t.Fatal(err)
		}
		store := model.NewStore()
		defer store.Finalize()
		if err := (weights.File{Tensors: backboneWeights(t, b)}).Restore(store); err != nil {
			t.Fatal(err)
		}
		var got []string
		exec, err := model.NewExec(backend, store, func(scope *model.Scope, x, y *Node) []*Node {
			logits := b.Logits(scope, DivScalar(x, 255), 0)
			loss := ReduceAllMean(Sub(Softplus(logits), Mul(y, logits)))
			got = nil
			for v := range scope.IterVariables() {
				if v.Trainable && v.InUseByGraph(x.Graph()) {
					got = append(got, weights.Name(v))
				}
			}
			return append([]*Node{logits, loss}, scope.BuildTrainableVariablesGradientsGraph(loss)...)
		})
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Call(pixels(3, 32), tensors.FromValue([][]float32{{0}, {0}, {1}}))
		if err != nil {
			t.Fatal(err)
		}
		if sorted := slices.Sorted(slices.Values(got)); !slices.Equal(sorted, names) {
			t.Errorf("trained %s: got %q, want %q", trained, sorted, names)
		}
		compareAll(t, "logits", out[0], want.Logits, tolerance)
		compareAll(t, "loss", out[1], []float64{want.Loss}, tolerance)
		for i, name := range got {
			compareAll(t, trained+": "+name, out[i+2], want.Gradients[name], tolerance)
		}
	}
}

// compareAll compares numbers with the wanted ones, by the greatest of those.
func compareAll(t *testing.T, what string, got *tensors.Tensor, want []float64, tolerance float64) {
	t.Helper()
	flat, err := tensors.CopyFlatData[float32](got)
	if err != nil || len(flat) != len(want) {
		t.Fatalf("%s: got %d numbers, %v, want %d", what, len(flat), err, len(want))
	}
	greatest, worst := 0., 0.
	for i, w := range want {
		greatest, worst = max(greatest, math.Abs(w)), max(worst, math.Abs(float64(flat[i])-w))
	}
	if !(worst <= tolerance*greatest) {
		t.Errorf("%s: got differences up to %v, greatest number %v", what, worst, greatest)
	}
	t.Logf("%s: %.2g of the greatest", what, worst/greatest)
}

// A written file has the graph up to the features, the trained weights and the head: its logits are torch's.
func TestWrittenBackboneEqualsTorch(t *testing.T) {
	const tolerance = 1e-5
	var want goldenBackbone
	golden.Read(t, "backbone_golden.json", &want)
	b, err := onnx.OpenBackbone(bytesBackbone(recipe.HeadOnly))
	if err != nil {
		t.Fatal(err)
	}
	all := backboneWeights(t, b)
	content, err := b.Write(all, map[string]string{weights.MetaClasses: `["ant","bee"]`})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "written.onnx")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := onnx.Open(xlatest.Backend(t), recipe.ONNX{File: path})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Finalize()
	if is := (recipe.ONNX{File: path, Size: 32, Layout: recipe.NCHW, Values: recipe.Bytes, Output: recipe.Logit}); m.Is != is || m.Classes != [2]string{"ant", "bee"} {
		t.Errorf("got %+v, classes %q, want %+v, ant and bee", m.Is, m.Classes, is)
	}
	got, err := m.Predict(t.Context(), data(32, 3), dataset.PredictOptions{Batch: 3})
	if err != nil {
		t.Fatal(err)
	}
	for i, z := range got.Logits {
		if !(math.Abs(z-want.Logits[i]) <= tolerance) {
			t.Errorf("picture %d: got logit %v, want %v", i, z, want.Logits[i])
		}
	}
	for _, name := range []string{"ONNX/net.conv.weight", "dense/kernel", "dense/bias"} {
		less := maps.Clone(all)
		delete(less, name)
		if _, err := b.Write(less, nil); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: got error %v", name, err)
		}
	}
}

// What of a file is a weight: numbers of training, not shapes, limits and statistics.
func TestWeightsOfAFile(t *testing.T) {
	side := func(n int) *onnxfile.Tensor { return onnxfile.FloatTensor("", []int64{int64(n)}, make([]float32, n)) }
	named := func(name string, w *onnxfile.Tensor) *onnxfile.Tensor { w.Name = name; return w }
	path := small{1, nil, "features", 4, func(m *onnxfile.Model) {
		g := m.Graph
		g.Initializers = append(g.Initializers, named("scale", side(3)), named("shift", side(3)), named("means", side(3)), named("variance", side(3)),
			onnxfile.FloatTensor("most", nil, []float32{6}), onnxfile.Int64Tensor("shape", false, 0, 1), named("idle", side(2)))
		g.Nodes[0].Inputs[0] = "normalized"
		g.Nodes = append([]*onnxfile.Node{{Op: "BatchNormalization", Inputs: []string{"x", "scale", "shift", "means", "variance"}, Outputs: []string{"normalized"}}}, g.Nodes...)
		g.Nodes[len(g.Nodes)-1].Outputs[0] = "dense"
		g.Nodes = append(g.Nodes, &onnxfile.Node{Op: "Clip", Inputs: []string{"dense", "", "most"}, Outputs: []string{"clipped"}},
			&onnxfile.Node{Op: "Reshape", Inputs: []string{"clipped", "shape"}, Outputs: []string{"features"}})
	}}.write(t)
	how := recipe.Backbone{ONNX: recipe.ONNX{File: path, Values: recipe.Unit}, Trained: recipe.Everything}
	b, err := onnx.OpenBackbone(how)
	if err != nil {
		t.Fatal(err)
	}
	trained := map[string]bool{}
	exec, err := model.NewExec(xlatest.Backend(t), model.NewStore(), func(scope *model.Scope, g *Graph) *Node {
		logits := b.Logits(scope, Zeros(g, shapes.Make(dtypes.Float32, 2, smallSide, smallSide, 3)), 0)
		for v := range scope.IterVariables() {
			trained[weights.Name(v)] = v.Trainable
		}
		return Const(g, float32(logits.Shape().Dimensions[0]))
	})
	if err != nil {
		t.Fatal(err)
	}
	defer exec.Finalize()
	if _, err := exec.Compile(); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"ONNX/kernel": true, "ONNX/bias": true, "ONNX/scale": true, "ONNX/shift": true, "ONNX/means": false, "ONNX/variance": false, "dense/kernel": true, "dense/bias": true}
	if !maps.Equal(trained, want) {
		t.Errorf("got %v, want %v", trained, want)
	}
	how.Trained = "dense"
	if _, err := onnx.OpenBackbone(how); err == nil || !strings.Contains(err.Error(), `trained: got "dense", and none of 6 weights come after it`) {
		t.Errorf("after all weights: got error %v", err)
	}
}

func TestBackboneErrors(t *testing.T) {
	for want, change := range map[string]func(b *recipe.Backbone){
		"absent.onnx": func(b *recipe.Backbone) { b.File = "absent.onnx" },
		`features: value "/net/X": none of its 8 nodes makes it, want one such as /net/Add_output_0`: func(b *recipe.Backbone) { b.Features = "/net/X" },
		`trained: value "logit": none of its 7 nodes makes it`:                                       func(b *recipe.Backbone) { b.Trained = "logit" },
		`trained: got none, want "head", "all", or the name of a value`:                              func(b *recipe.Backbone) { b.Trained = "" },
		`output: got "logit", want none`:                                                             func(b *recipe.Backbone) { b.Output = recipe.Logit },
		"want width and height 16":                                                                   func(b *recipe.Backbone) { b.Size = 16 },
		"takes 2 pictures at once, want any number": func(b *recipe.Backbone) {
			b.File, b.Values = tiny("centred_softmax_fixed").File, recipe.Centred
		},
	} {
		how := bytesBackbone(recipe.HeadOnly)
		change(&how)
		if _, err := onnx.OpenBackbone(how); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q in it", err, want)
		}
	}
	b, err := onnx.OpenBackbone(bytesBackbone(recipe.HeadOnly))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.CheckSize(64); err == nil || !strings.Contains(err.Error(), "got pictures of 64x64, want 32x32") {
		t.Errorf("another size: got error %v", err)
	}
}

// GoMLX has no gradient of Pad: constants beside the numbers have. Values and gradients equal those of a convolution that pads by itself.
func TestPadHasAGradient(t *testing.T) {
	const tolerance = 1e-6
	kernel := make([]float32, 2*3*3*3)
	for i := range kernel {
		kernel[i] = float32(i%7-3) / 8
	}
	widths := []int64{0, 0, 1, 0, 0, 0, 2, 1} // top 1, bottom 2, right 1
	found := map[string][]*tensors.Tensor{}
	for name, nodes := range map[string][]*onnxfile.Node{
		"pad":  {{Op: "Pad", Inputs: []string{"x", "widths"}, Outputs: []string{"padded"}}, {Op: "Conv", Inputs: []string{"padded", "w"}, Outputs: []string{"y"}}},
		"conv": {{Op: "Conv", Inputs: []string{"x", "w"}, Outputs: []string{"y"}, Attributes: []*onnxfile.Attribute{onnxfile.IntsAttribute("pads", 1, 0, 2, 1)}}},
	} {
		path := small{1, nil, "features", 4, func(m *onnxfile.Model) {
			g := m.Graph
			g.Initializers = []*onnxfile.Tensor{onnxfile.Int64Tensor("widths", false, widths...), onnxfile.FloatTensor("w", []int64{2, 3, 3, 3}, kernel)}
			square := &onnxfile.Node{Op: "Mul", Inputs: []string{"y", "y"}, Outputs: []string{"squares"}} // else no place would matter more than others
			g.Nodes = append(slices.Clone(nodes), square, &onnxfile.Node{Op: "GlobalAveragePool", Inputs: []string{"squares"}, Outputs: []string{"mean"}},
				&onnxfile.Node{Op: "Flatten", Inputs: []string{"mean"}, Outputs: []string{"features"}})
		}}.write(t)
		b, err := onnx.OpenBackbone(recipe.Backbone{ONNX: recipe.ONNX{File: path, Values: recipe.Unit}, Trained: recipe.Everything})
		if err != nil {
			t.Fatal(err)
		}
		own, err := b.Weights()
		if err != nil {
			t.Fatal(err)
		}
		own["dense/kernel"], own["dense/bias"] = tensors.FromValue([][]float32{{1}, {-0.5}}), tensors.FromValue([]float32{0})
		store := model.NewStore()
		defer store.Finalize()
		if err := (weights.File{Tensors: own}).Restore(store); err != nil {
			t.Fatal(err)
		}
		exec, err := model.NewExec(xlatest.Backend(t), store, func(scope *model.Scope, x *Node) []*Node {
			logits := b.Logits(scope, DivScalar(x, 255), 0)
			kernel := scope.Store().GetVariable("/ONNX/w").NodeValue(x.Graph())
			return append(Gradient(ReduceAllSum(logits), kernel, x), logits)
		})
		if err != nil {
			t.Fatal(err)
		}
		if found[name], err = exec.Call(pixels(3, smallSide)); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range found["conv"] {
		flat, err := tensors.CopyFlatData[float32](want)
		if err != nil {
			t.Fatal(err)
		}
		wide := make([]float64, len(flat))
		for k, v := range flat {
			wide[k] = float64(v)
		}
		compareAll(t, fmt.Sprint("output ", i), found["pad"][i], wide, tolerance)
	}
}

// Gradients go through each of torchvision's networks, as both of torch's exporters write them.
func TestTorchvisionNetworksAreTrainedThrough(t *testing.T) {
	backend := xlatest.Backend(t)
	files, err := filepath.Glob(filepath.Join("testdata", "torchvision_*.onnx"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d files, %v", len(files), err)
	}
	for _, file := range files {
		b, err := onnx.OpenBackbone(recipe.Backbone{ONNX: recipe.ONNX{File: file, Values: recipe.ImageNet}, Trained: recipe.Everything})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		exec, err := model.NewExec(backend, model.NewStore(), func(scope *model.Scope, g *Graph) *Node {
			logits := b.Logits(scope, Zeros(g, shapes.Make(dtypes.Float32, 2, b.Size(), b.Size(), 3)), 0)
			all := scope.BuildTrainableVariablesGradientsGraph(ReduceAllSum(logits))
			return Const(g, int32(len(all))) // the graph is built; compiling it would take minutes
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := exec.Compile(); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		exec.Finalize()
	}
}
