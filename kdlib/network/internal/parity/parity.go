// Package parity compares networks with those of other libraries in tests: predictions, and loss, gradients and moving statistics of
// a training step. Weights and pictures are those of network/internal/formula; what the other library made of them lies in
// testdata beside the test.
package parity

import (
	"math"
	"path"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/conv"
	"distillation/kdlib/network/internal/formula"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/loss"
)

// Tolerances against the other library's float64. Outputs are relative to the largest, tensors by their norm and by elements relative
// to their root mean square.
const (
	Float32Output   = 1e-5 // measured 2.8e-6
	Float64Rounding = 1e-10
	nothing         = 1e-10 // the float64 gradient of what batch normalization takes out again, relative to its kernel's or gamma's: rounding
)

// reference is what generators keep, as resnet/testdata/gen_torch.py: of tensors the norm and four elements. Gradients that are nothing but rounding,
// of a bias or a beta before batch normalization, are 0.
type reference struct {
	Shape            []int
	Labels           []float64
	Logits, Features []float64
	Loss             float64
	TrainingLogits   []float64 `json:"training_logits"`
	Gradients, Moved map[string][]float64
}

// Oracle is a network that another library computed, in a file of testdata, and the forms of convolutions that are compared with it.
type Oracle struct {
	Network architecture.Network
	File    string
	Form    conv.Form
}

func (o Oracle) read(t *testing.T) (want reference) {
	t.Helper()
	golden.Read(t, o.File, &want)
	return want
}

// store tells the network its forms.
func (o Oracle) store() *model.Store {
	store := model.NewStore()
	store.RootScope().SetParam(architecture.ParamForm, o.Form)
	return store
}

// picture is the batch of pictures of gen_networks.py.
func (g reference) pictures(dtype dtypes.DType) *tensors.Tensor {
	shape := shapes.Make(dtype, g.Shape...)
	return tensor(formula.Uniform("picture", shape.Size()), shape)
}

// Inference compares logits and features in float32.
func (o Oracle) Inference(t *testing.T) {
	t.Helper()
	want, store := o.read(t), o.store()
	exec := model.MustNewExec(xlatest.Backend(t), store, func(scope *model.Scope, x *Node) []*Node {
		return []*Node{o.Network.Logits(scope, x, 0.5), o.Network.Features(scope, x)}
	})
	x := want.pictures(dtypes.Float32)
	fill(t, store, exec, x.Shape())
	got := exec.MustCall(x)
	near(t, "logits", flat(got[0]), want.Logits, largest(want.Logits), Float32Output)
	compareSample(t, "features", got[1], want.Features, Float32Output)
}

// TrainingStep compares loss, logits and moved statistics of a training step in numbers of a type, and in float64 the gradients.
//
// Those of float32 are not compared: where a rectifier's input is nothing but rounding, its sign and with it all gradients below
// differ between processors and from float64. The package fit compares them over several batches, where devices learn as one.
func (o Oracle) TrainingStep(t *testing.T, dtype dtypes.DType, tolerance float64) {
	t.Helper()
	want, store := o.read(t), o.store()
	step, names := trainingStep(t, o.Network, store)
	x := want.pictures(dtype)
	labels := tensor(want.Labels, shapes.Make(dtype, len(want.Labels), 1))
	fill(t, store, step, x.Shape(), labels.Shape())
	got := step.MustCall(x, labels)
	near(t, "loss", flat(got[0]), []float64{want.Loss}, want.Loss, tolerance)
	near(t, "training logits", flat(got[1]), want.TrainingLogits, largest(want.TrainingLogits), tolerance)
	if dtype == dtypes.Float64 {
		compareGradients(t, *names, got[2:], want, tolerance)
	}
	compareMoved(t, store, want, tolerance)
}

// trainingStep returns loss, logits and gradients, and the names of the trainable variables in the gradients' order, which
// are known once the graph is built.
func trainingStep(t *testing.T, network architecture.Network, store *model.Store) (step *model.Exec, names *[]string) {
	names = new([]string)
	step = model.MustNewExec(xlatest.Backend(t), store, func(scope *model.Scope, x, labels *Node) []*Node {
		scope.Store().SetTraining(x.Graph(), true)
		logits := network.Logits(scope, x, 0)
		l := ReduceAllMean(loss.BinaryCrossentropyLogits([]*Node{labels}, []*Node{logits}))
		for v := range scope.IterVariables() {
			if v.Trainable && v.InUseByGraph(x.Graph()) {
				*names = append(*names, strings.TrimPrefix(v.Path(), "/"))
			}
		}
		return append([]*Node{l, logits}, scope.BuildTrainableVariablesGradientsGraph(l)...)
	})
	return step, names
}

func compareGradients(t *testing.T, names []string, got []*tensors.Tensor, want reference, tolerance float64) {
	t.Helper()
	if len(names) != len(want.Gradients) {
		t.Errorf("trainable variables: got %d, want %d", len(names), len(want.Gradients))
	}
	for i, name := range names {
		if of := want.Gradients[name]; len(of) > 0 && of[0] == 0 {
			if n := norm(flat(got[i])) / want.besides(name); n > nothing {
				t.Errorf("gradient of %s: norm %.2g times that of its layer's other variable, want nothing but rounding, %.2g", name, n, nothing)
			}
			continue
		}
		compareSample(t, "gradient of "+name, got[i], want.Gradients[name], tolerance)
	}
}

// besides is the norm of the gradient of the variable that a bias or a beta stands beside.
func (g reference) besides(name string) float64 {
	beside := "kernel"
	if path.Base(name) == "beta" {
		beside = "gamma"
	}
	return g.Gradients[path.Join(path.Dir(name), beside)][0]
}

func compareMoved(t *testing.T, store *model.Store, want reference, tolerance float64) {
	t.Helper()
	moved := 0
	for v := range store.IterVariables() {
		if !v.Trainable && v.Scope() != "/" { // the state of the random numbers lies in the root
			moved++
			name := strings.TrimPrefix(v.Path(), "/")
			compareSample(t, "moved "+name, v.MustValue(), want.Moved[name], tolerance)
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
		t.Errorf("%s: the golden file has no such tensor", name)
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
		}
	}
}

// fill builds the graph for the given inputs and gives every variable the numbers that gen_networks.py computes from its
// name.
func fill(t *testing.T, store *model.Store, exec *model.Exec, inputs ...shapes.Shape) {
	t.Helper()
	if _, err := exec.Compile(inputs...); err != nil {
		t.Fatal(err)
	}
	for v := range store.IterVariables() {
		if !v.Shape().DType.IsFloat() { // the state of the random numbers
			continue
		}
		if err := v.SetValue(tensor(formula.Value(strings.TrimPrefix(v.Path(), "/"), v.Shape().Dimensions), v.Shape())); err != nil {
			t.Fatal(err)
		}
	}
}

// tensor rounds values to the shape's number type.
func tensor(values []float64, shape shapes.Shape) *tensors.Tensor {
	if shape.DType == dtypes.Float64 {
		return tensors.FromFlatDataAndDimensions(values, shape.Dimensions...)
	}
	flat := make([]float32, len(values))
	for i, v := range values {
		flat[i] = float32(v)
	}
	return tensors.FromFlatDataAndDimensions(flat, shape.Dimensions...)
}

func flat(tensor *tensors.Tensor) []float64 {
	if tensor.DType() == dtypes.Float64 {
		return tensors.MustCopyFlatData[float64](tensor)
	}
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
