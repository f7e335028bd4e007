package resnet_test

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/loss"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/resnet"
)

// Tolerances against Keras, both sides in float32.
const (
	outputTolerance   = 1e-5 // logits, features, loss, relative to the largest
	gradientTolerance = 1e-3 // norms, and elements relative to the root mean square of their tensor
	movedTolerance    = 1e-5 // moving statistics after a step, likewise
	nothing           = 1e-4 // the gradient of a bias before batch normalization, relative to its kernel's: zero but for rounding
)

// golden is what testdata/gen_networks.py keeps: of tensors the norm and four elements.
type golden struct {
	Shape            []int
	Labels           []float32
	Logits, Features []float64
	Loss             float64
	TrainingLogits   []float64 `json:"training_logits"`
	Gradients, Moved map[string][]float64
}

var networks = []resnet.Network{resnet.ResNet18, resnet.ResNet50}

func TestAgainstKeras(t *testing.T) {
	backend := xlatest.Backend(t)
	for _, network := range networks {
		t.Run(string(network), func(t *testing.T) {
			data, err := os.ReadFile("testdata/" + string(network) + "_golden.json")
			if err != nil {
				t.Fatal(err)
			}
			var want golden
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			store := model.NewStore()
			x := tensors.FromFlatDataAndDimensions(toFloat32(uniform("picture", shapes.Make(dtypes.Float32, want.Shape...).Size())), want.Shape...)
			infer := model.MustNewExec(backend, store, func(scope *model.Scope, x *Node) []*Node {
				return []*Node{network.Logits(scope, x, 0.5), network.Features(scope, x)}
			})
			if _, err := infer.Compile(x.Shape()); err != nil {
				t.Fatal(err)
			}
			fill(t, store)
			got := infer.MustExec(x)
			near(t, "logits", flat(got[0]), want.Logits, largest(want.Logits), outputTolerance)
			compareSample(t, "features", got[1], want.Features, outputTolerance)
			trainOnce(t, network, store, x, want)
		})
	}
}

// trainOnce compares one training step: loss, gradients and moving statistics.
func trainOnce(t *testing.T, network resnet.Network, store *model.Store, x *tensors.Tensor, want golden) {
	t.Helper()
	var names []string // of the trainable variables, as their gradients come
	step := model.MustNewExec(xlatest.Backend(t), store, func(scope *model.Scope, x, labels *Node) []*Node {
		scope.Store().SetTraining(x.Graph(), true)
		logits := network.Logits(scope, x, 0)
		l := ReduceAllMean(loss.BinaryCrossentropyLogits([]*Node{labels}, []*Node{logits}))
		for v := range scope.IterVariables() {
			if v.Trainable && v.InUseByGraph(x.Graph()) {
				names = append(names, strings.TrimPrefix(v.Path(), "/"))
			}
		}
		return append([]*Node{l, logits}, scope.BuildTrainableVariablesGradientsGraph(l)...)
	})
	got := step.MustExec(x, tensors.FromFlatDataAndDimensions(want.Labels, len(want.Labels), 1))
	near(t, "loss", flat(got[0]), []float64{want.Loss}, want.Loss, outputTolerance)
	near(t, "training logits", flat(got[1]), want.TrainingLogits, largest(want.TrainingLogits), outputTolerance)
	if len(names) != len(want.Gradients) {
		t.Errorf("trainable variables: got %d, want %d", len(names), len(want.Gradients))
	}
	for i, name := range names {
		layer := path.Dir(name)
		if path.Base(name) == "bias" && layer != "dense" {
			if n := norm(flat(got[i+2])) / want.Gradients[layer+"/kernel"][0]; n > nothing {
				t.Errorf("gradient of %s: norm %.2g times its kernel's, want nothing but rounding, %.2g", name, n, nothing)
			}
			continue
		}
		compareSample(t, "gradient of "+name, got[i+2], want.Gradients[name], gradientTolerance)
	}
	moved := 0
	for v := range store.IterVariables() {
		if !v.Trainable && v.Scope() != "/" { // the generator's state lies in the root
			moved++
			name := strings.TrimPrefix(v.Path(), "/")
			compareSample(t, "moved "+name, v.MustValue(), want.Moved[name], movedTolerance)
		}
	}
	if moved != len(want.Moved) {
		t.Errorf("moving statistics: got %d, want %d", moved, len(want.Moved))
	}
}

// compareSample checks the norm of a tensor and the elements at the starts of its quarters.
func compareSample(t *testing.T, name string, tensor *tensors.Tensor, want []float64, tolerance float64) {
	t.Helper()
	if len(want) == 0 {
		t.Errorf("%s: Keras has no such tensor", name)
		return
	}
	all := flat(tensor)
	n := norm(all)
	near(t, name+": norm", []float64{n}, want[:1], want[0], tolerance)
	var elements []float64
	for k := range want[1:] {
		elements = append(elements, all[len(all)*k/len(want[1:])])
	}
	near(t, name+": elements", elements, want[1:], want[0]/math.Sqrt(float64(len(all))), tolerance)
}

func near(t *testing.T, name string, got, want []float64, scale, tolerance float64) {
	t.Helper()
	for i := range want {
		if e := math.Abs(got[i]-want[i]) / scale; !(e <= tolerance) {
			t.Errorf("%s [%d]: got %v, want %v: off by %.2g, want at most %.2g", name, i, got[i], want[i], e, tolerance)
		} else if worst[strings.Fields(name)[0]] < e {
			worst[strings.Fields(name)[0]] = e
		}
	}
}

var worst = map[string]float64{}

func TestMain(m *testing.M) { m.Run(); fmt.Println(worst) }

// fill gives every variable of the store the numbers that gen_networks.py computes from its name.
func fill(t *testing.T, store *model.Store) {
	t.Helper()
	for v := range store.IterVariables() {
		name, d := strings.TrimPrefix(v.Path(), "/"), v.Shape().Dimensions
		u := uniform(name, v.Shape().Size())
		for i := range u {
			switch path.Base(name) {
			case "kernel":
				fanIn := v.Shape().Size() / d[len(d)-1]
				u[i] = (2*u[i] - 1) * math.Sqrt(6/float64(fanIn))
			case "gamma":
				u[i] = 0.5 + 0.5*u[i]
			case "moving_variance":
				u[i] = 0.5 + u[i]
			default: // bias, beta, moving_mean
				u[i] = 0.2 * (2*u[i] - 1)
			}
		}
		if err := v.SetValue(tensors.FromFlatDataAndDimensions(toFloat32(u), d...)); err != nil {
			t.Fatal(err)
		}
	}
}

// uniform returns n numbers in [0, 1) made from a name: murmur3's finalizer of index and the name's CRC-32.
func uniform(name string, n int) []float64 {
	seed := crc32.ChecksumIEEE([]byte(name))
	u := make([]float64, n)
	for i := range u {
		x := uint32(i)*0x9E3779B9 + seed
		x ^= x >> 16
		x *= 0x85EBCA6B
		x ^= x >> 13
		x *= 0xC2B2AE35
		x ^= x >> 16
		u[i] = float64(x) / (1 << 32)
	}
	return u
}

func toFloat32(values []float64) []float32 {
	flat := make([]float32, len(values))
	for i, v := range values {
		flat[i] = float32(v)
	}
	return flat
}

func flat(tensor *tensors.Tensor) []float64 {
	var values []float64
	for _, v := range tensors.MustCopyFlatData[float32](tensor) {
		values = append(values, float64(v))
	}
	return values
}

func norm(values []float64) float64 {
	var sum float64
	for _, v := range values {
		sum += v * v
	}
	return math.Sqrt(sum)
}

func largest(values []float64) float64 {
	return max(math.Abs(slices.Max(values)), math.Abs(slices.Min(values)))
}
