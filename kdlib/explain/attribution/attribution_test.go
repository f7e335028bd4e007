package attribution_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/explain"
	"distillation/kdlib/explain/attribution"
	"distillation/kdlib/internal/golden"
	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/testpictures"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network"
	"distillation/kdlib/network/feature"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
)

// The pictures of testdata/gen_attribution.py.
const pictures, side = 3, testpictures.Patterns(64)

func data() dataset.Data {
	d := dataset.Data{Pictures: side}
	for k := range pictures {
		d.Examples = append(d.Examples, dataset.Example{ID: fmt.Sprint(k)})
	}
	return d
}

// tensor holds the pictures.
func tensor() *tensors.Tensor {
	all := tensors.FromShape(shapes.Make(dtypes.Float32, pictures, int(side), int(side), 3))
	tensors.MustMutableFlatData(all, func(to []float32) {
		for k := range pictures {
			pixels, _ := side.Image(fmt.Sprint(k))
			for i, v := range pixels {
				to[k*len(pixels)+i] = float32(v)
			}
		}
	})
	return all
}

// trained opens the weights of testdata as the result of a training run.
func trained(t *testing.T) *train.Model {
	t.Helper()
	dir := t.TempDir()
	if err := recipe.WriteJSON(filepath.Join(dir, train.ConfigFile), recipe.Training{Network: string(resnet.ResNet18Sixteenth)}); err != nil {
		t.Fatal(err)
	}
	weights, err := os.ReadFile(filepath.Join("testdata", "narrow.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "best.safetensors"), weights, 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := train.Best(xlatest.Backend(t), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Finalize)
	return m
}

func opened(t *testing.T, is recipe.ONNX) *onnx.Model {
	t.Helper()
	is.File = filepath.Join("testdata", is.File)
	m, err := onnx.Open(xlatest.Backend(t), is)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Finalize)
	return m
}

// networks are those of testdata.
func networks(t *testing.T) map[string]attribution.Network {
	return map[string]attribution.Network{
		"narrow": trained(t),
		"one":    opened(t, recipe.ONNX{File: "one.onnx", Values: recipe.ImageNet, Size: int(side)}),
		"two":    opened(t, recipe.ONNX{File: "two.onnx", Values: recipe.ImageNet, Size: int(side)}),
	}
}

// want is what pytorch-grad-cam and Captum say of a network.
type want struct {
	Logits    []float64
	Stages    map[string]struct{ Plus, Minus, Captum []float64 }
	Occlusion []struct {
		Window, Stride int
		Captum         []float64
	}
}

// worst is the largest difference of maps from the expected numbers, as a part of a scale.
func worst(got []explain.Map, want []float64, scale float64) float64 {
	var all []float32
	for _, m := range got {
		all = append(all, m.Values...)
	}
	if len(all) != len(want) {
		return math.Inf(1)
	}
	difference := 0.0
	for i, v := range want {
		difference = max(difference, math.Abs(float64(all[i])-v))
	}
	return difference / scale
}

func largest(values []float64) (most float64) {
	for _, v := range values {
		most = max(most, math.Abs(v))
	}
	return most
}

// tolerance of a map beside its largest value, and of falls beside the largest logit. Measured: 9e-7 at most.
const tolerance = 1e-5

// The raw maps of the logit and of its negative are those of pytorch-grad-cam and of Captum, of every stage and kind of network.
func TestGradCAMEqualsOthers(t *testing.T) {
	var goldens map[string]want
	golden.Read(t, "attribution_golden.json", &goldens)
	for name, network := range networks(t) {
		for stage, expected := range goldens[name].Stages {
			method := attribution.NewGradCAM(network, stage)
			defer method.Finalize()
			got, err := attribution.Of(context.Background(), method, data(), dataset.PredictOptions{Batch: pictures})
			if err != nil {
				t.Fatal(err)
			}
			var plus, minus []explain.Map
			for _, m := range got {
				plus, minus = append(plus, m.Evidence(1)), append(minus, m.Evidence(0))
			}
			scale := largest(expected.Captum)
			for kind, d := range map[string]float64{"Captum": worst(got, expected.Captum, scale), "+logit": worst(plus, expected.Plus, scale), "-logit": worst(minus, expected.Minus, scale)} {
				if !(d <= tolerance) {
					t.Errorf("%s: stage %q: %s: off by %.2g of the largest value, want %g at most", name, stage, kind, d, tolerance)
				}
			}
		}
		logits, err := network.Logits(tensor())
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range goldens[name].Logits {
			if math.Abs(float64(logits[i])-want) > tolerance {
				t.Errorf("%s: picture %d: got logit %v, want %v", name, i, logits[i], want)
			}
		}
	}
}

// Occlusion is Captum's, also where covers overlap and the last one does not fit.
func TestOcclusionEqualsCaptum(t *testing.T) {
	const every = 5 // the generator's EVERY
	var goldens map[string]want
	golden.Read(t, "attribution_golden.json", &goldens)
	for name, network := range networks(t) {
		for _, expected := range goldens[name].Occlusion {
			method := attribution.Occlusion{Network: network, Window: expected.Window, Stride: expected.Stride}
			got, err := method.Maps(tensor())
			if err != nil {
				t.Fatal(err)
			}
			for i, m := range got {
				var kept []float32
				for y := 0; y < m.Rows; y += every {
					for x := 0; x < m.Columns; x += every {
						kept = append(kept, m.Values[y*m.Columns+x])
					}
				}
				got[i].Values = kept
			}
			d := worst(got, expected.Captum, largest(goldens[name].Logits))
			if !(d <= tolerance) {
				t.Errorf("%s: window %d, stride %d: off by %.2g of the largest logit, want %g at most", name, expected.Window, expected.Stride, d, tolerance)
			}
		}
	}
}

// The last feature maps of a network are found in what either of torch's exporters writes, and the maps are the same. The interpreter is
// quicker on these networks than XLA's compiler.
func TestExportersAgree(t *testing.T) {
	interpreter, err := gobackend.New("")
	if err != nil {
		t.Fatal(err)
	}
	of := func(file string) []explain.Map {
		m, err := onnx.Open(interpreter, recipe.ONNX{File: filepath.Join("..", "..", "network", "onnx", "testdata", file), Values: recipe.Unit, Size: int(side), Output: recipe.Logit})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Finalize()
		method := attribution.NewGradCAM(m, "")
		defer method.Finalize()
		maps, err := method.Maps(tensor())
		if err != nil {
			t.Fatal(err)
		}
		return maps
	}
	script, dynamo := of("torchvision_mobilenet_v3_small_script_16.onnx"), of("torchvision_mobilenet_v3_small_dynamo_23.onnx")
	for i, m := range dynamo {
		numbers := make([]float64, len(m.Values))
		for k, v := range m.Values {
			numbers[k] = float64(v)
		}
		if d := worst(script[i:i+1], numbers, float64(m.Largest())); !(d <= tolerance) || m.Rows != 16 {
			t.Errorf("picture %d: off by %.2g of the largest value, %d rows, want the same of 16", i, d, m.Rows)
		}
	}
}

// A network of the program that marks a stage; its first one has the places of the pictures' quarter.
var _ = network.Register("explained", func(scope *model.Scope, x *Node, dropout float64) *Node {
	x = layers.Convolution(scope.In("conv"), x).Channels(4).KernelSize(3).Strides(4).PadSame().Done()
	x = feature.Mark("first", activation.Relu(x))
	x = activation.Relu(layers.Convolution(scope.In("more"), x).Channels(4).KernelSize(3).Strides(4).PadSame().Done())
	return layers.Dense(scope.In("head"), ReduceMean(x, 1, 2), true, 1)
})

// A registered network is explained as well: by its last feature maps, or by those that it marks.
func TestRegisteredNetworks(t *testing.T) {
	for _, test := range []struct {
		network, stage string
		rows           int
	}{{"explained", "", 4}, {"explained", "first", 16}, {smallnet.Name, "", 32}} {
		n, err := network.Named(test.network)
		if err != nil {
			t.Fatal(err)
		}
		m, err := train.New(xlatest.Backend(t), n, train.Start{Size: int(side), Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Finalize()
		method := attribution.NewGradCAM(m, test.stage)
		defer method.Finalize()
		maps, err := method.Maps(tensor())
		if err != nil {
			t.Fatal(err)
		}
		if got := maps[0]; len(maps) != pictures || got.Rows != test.rows || got.Columns != test.rows || got.Largest() == 0 {
			t.Errorf("%s, stage %q: got %d maps of %dx%d, largest %v, want %d of %dx%d that are not 0", test.network, test.stage, len(maps), got.Rows, got.Columns, got.Largest(),
				pictures, test.rows, test.rows)
		}
	}
}

// The mean of the last stage's map and the bias of the dense layer are the logit: nothing between them but an average.
func TestLastMapAddsUpToTheLogit(t *testing.T) {
	n, err := network.Named("explained")
	if err != nil {
		t.Fatal(err)
	}
	m, err := train.New(xlatest.Backend(t), n, train.Start{Size: int(side), Seed: 1}) // its bias is 0
	if err != nil {
		t.Fatal(err)
	}
	defer m.Finalize()
	method := attribution.NewGradCAM(m, "")
	defer method.Finalize()
	maps, err := method.Maps(tensor())
	if err != nil {
		t.Fatal(err)
	}
	logits, err := m.Logits(tensor())
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range maps {
		sum := 0.0 // the weights are slopes of a mean: 1 over the number of places is in them
		for _, v := range p.Values {
			sum += float64(v)
		}
		if math.Abs(sum-float64(logits[i])) > 1e-5 {
			t.Errorf("picture %d: the map adds up to %v, want the logit %v", i, sum, logits[i])
		}
	}
}

func TestErrors(t *testing.T) {
	all := networks(t)
	undecided := opened(t, recipe.ONNX{File: "two.onnx", Values: recipe.ImageNet, Size: int(side)})
	for _, test := range []struct {
		method attribution.Method
		want   string
	}{
		{attribution.NewGradCAM(all["narrow"], "layer9"), `stage: got "layer9", want one of `},
		{attribution.NewGradCAM(all["narrow"], "layer"), `stage: got "layer", want one of `},
		{attribution.NewGradCAM(all["one"], "nowhere"), `one.onnx: feature: stage: got "nowhere", want one of `},
		{attribution.NewGradCAM(undecided, "probabilities"), `stage "probabilities": got shape (Float32)[3, 2], want [n, channels, rows, columns]`},
		{attribution.Occlusion{Network: all["narrow"], Window: 65}, "got window 65 and stride 32, want 1 <= stride <= window <= 64"},
		{attribution.Occlusion{Network: all["narrow"], Window: 4, Stride: 5}, "got window 4 and stride 5"},
	} {
		if _, err := test.method.Maps(tensor()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got error %v, want one with %q", err, test.want)
		}
	}
	if _, err := attribution.Of(context.Background(), attribution.NewGradCAM(all["narrow"], ""), data(), dataset.PredictOptions{}); err == nil {
		t.Error("batches of no pictures: got no error")
	}
}
