package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// pupil is a network with dropout and its learner on some devices.
type pupil struct {
	*Learner
	numbers dtypes.DType
}

const pupilBatch = 8

// short has ResNet-18's parts, one of each: stem, pooling, a block with a convolution on its shortcut. It compiles in a fifth of the time.
var short = architecture.Register("short", architecture.Settings{
	Build: func(b architecture.Builder, x *Node) *Node {
		convolve := func(name string, x *Node, channels, kernel, stride int) *Node {
			return b.Norm(name+".bn", b.Conv(name, x, architecture.Convolution{Channels: channels, Kernel: kernel, Stride: stride, Padding: (kernel - 1) / 2}))
		}
		x = b.MaxPool("maxpool", b.Relu("relu", convolve("stem", b.Input(x), 16, 7, 2)), "")
		y := b.Relu("relu1", convolve("conv1", x, 32, 3, 2))
		return b.Average("avgpool", b.Relu("relu2", b.Add("add", convolve("conv2", y, 32, 3, 1), convolve("shortcut", x, 32, 1, 2))))
	},
	Norm:   architecture.TorchNorm,
	Kernel: architecture.HeNormal,
})

// newPupil has variables once it is compiled, of the number type of the pictures, and values when it begins.
func newPupil(t *testing.T, devices int, numbers dtypes.DType) pupil {
	t.Helper()
	backend := xlatest.Backend(t)
	if there := backend.NumDevices(); there < devices {
		t.Skipf("the backend has %d devices, want %d", there, devices)
	}
	m := &Model{Network: short, backend: backend, store: model.NewStore(), dropout: 0.5, compiled: map[string]bool{}}
	if err := m.store.SetRNGStateFromSeed(1); err != nil {
		t.Fatal(err)
	}
	var err error
	if m.forward, err = model.NewExec(backend, m.store, m.logits); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Finalize)
	l, err := NewLearner(m, recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1e-4}, devices)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Finalize)
	return pupil{l, numbers}
}

// begin gives the network the same weights in every pupil, and lets the optimizer forget the gradients.
func (p pupil) begin(t *testing.T) {
	t.Helper()
	seed := uint64(0)
	for v := range p.model.store.IterVariables() {
		if seed++; !p.model.inNetwork(v) && v.Name() != "m" && v.Name() != "v" {
			continue
		}
		if err := v.SetValue(p.tensor(first(v, seed), v.Shape().Dimensions...)); err != nil {
			t.Fatal(err)
		}
	}
}

// first are values for a variable to begin with: kernels of He's spread, ones for gamma and the moving variance, else zeros.
func first(v *model.Variable, seed uint64) []float32 {
	values := make([]float32, v.Shape().Size())
	switch v.Name() {
	case "kernel":
		fanIn := v.Shape().Size() / v.Shape().Dim(-1)
		deviation, draw := math.Sqrt(2/float64(fanIn)), rand.New(rand.NewPCG(seed, 0))
		for i := range values {
			values[i] = float32(deviation * draw.NormFloat64())
		}
	case "gamma", "moving_variance":
		for i := range values {
			values[i] = 1
		}
	}
	return values
}

// pixels of n pictures, which all differ.
func pixels(n int, seed uint64) []float32 {
	values := make([]float32, n*architecture.MinSize*architecture.MinSize*3)
	draw := rand.New(rand.NewPCG(seed, 1))
	for i := range values {
		values[i] = float32(draw.IntN(maxPixel + 1))
	}
	return values
}

// noise is n pictures whose pixels all differ.
func noise(n int, seed uint64) *tensors.Tensor {
	return tensors.FromFlatDataAndDimensions(pixels(n, seed), n, architecture.MinSize, architecture.MinSize, 3)
}

// tensor is of the pupil's number type.
func (p pupil) tensor(values []float32, dimensions ...int) *tensors.Tensor {
	if p.numbers == dtypes.Float64 {
		return tensors.FromFlatDataAndDimensions(wide(values), dimensions...)
	}
	return tensors.FromFlatDataAndDimensions(values, dimensions...)
}

func wide(values []float32) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = float64(v)
	}
	return out
}

func floats(t *tensors.Tensor) []float64 {
	if t.DType() == dtypes.Float64 {
		return tensors.MustCopyFlatData[float64](t)
	}
	return wide(tensors.MustCopyFlatData[float32](t))
}

// learned is what a step leaves: the loss before it, the moments m of (4), which are a tenth of the gradients after a first
// step, and the moving statistics.
type learned struct {
	loss                float64
	moments, statistics map[string][]float64
}

// learn makes a step on a batch of noise.
func (p pupil) learn(t *testing.T, seed uint64) learned {
	t.Helper()
	pictures := p.tensor(pixels(pupilBatch, seed), pupilBatch, architecture.MinSize, architecture.MinSize, 3)
	out, err := p.run(pictures, p.tensor([]float32{0, 1, 1, 0, 0, 0, 1, 0}, pupilBatch, 1))
	if err != nil {
		t.Fatal(err)
	}
	r := learned{floats(out[0])[0], map[string][]float64{}, map[string][]float64{}}
	for v := range p.model.store.IterVariables() {
		switch {
		case v.Name() == "m":
			r.moments[v.Path()] = floats(v.MustValue())
		case strings.HasPrefix(v.Name(), "moving_"):
			r.statistics[v.Path()] = floats(v.MustValue())
		}
	}
	if len(r.moments) != 14 || len(r.statistics) != 8 { // of four convolutions, as many normalizations, the dense layer
		t.Fatalf("got %d moments and %d statistics, want 14 and 8", len(r.moments), len(r.statistics))
	}
	return r
}

// logit is what one device says with the weights.
func (p pupil) logit(t *testing.T) float64 {
	t.Helper()
	out, err := call(p.model.forward, p.tensor(pixels(1, 9), 1, architecture.MinSize, architecture.MinSize, 3))
	if err != nil {
		t.Fatal(err)
	}
	return floats(out[0])[0]
}

// Two devices that share every batch learn what one device learns, batch normalization and dropout included. The one
// computes in float64: what a step in float32 computes forwards is continuous and stays close to that on any processor.
// Gradients do not: where a rectifier's input is nothing but rounding, two programs may see different signs, and one such
// input of 50,000 moves the gradients of all layers before it by up to some hundredths. That happens in one batch of a hundred
// or so; one of four must be close.
func TestDevicesLearnAsOne(t *testing.T) {
	const (
		batches   = 4
		forwards  = 2e-6 // in loss and statistics; 2e-7 was measured
		backwards = 2e-5 // in gradients without such an input; 2e-6 was measured
		grown     = 1e-4 // in later steps, as Adam makes a step of full size of a gradient that is rounding; 2e-6 was measured
	)
	one, two := newPupil(t, 1, dtypes.Float64), newPupil(t, 2, dtypes.Float32)
	compile(t, one, two)
	nearest := math.Inf(1)
	for batch := range uint64(batches) {
		one.begin(t)
		two.begin(t)
		got, want := two.learn(t, batch), one.learn(t, batch)
		got.check(t, fmt.Sprintf("batch %d", batch+1), want, forwards)
		off := furthest(got.moments, want.moments)
		t.Logf("batch %d: gradients %.1e apart", batch+1, off)
		nearest = min(nearest, off)
	}
	if !(nearest <= backwards) {
		t.Errorf("gradients of two devices are %.1e apart from those of one, or more, in each batch", nearest)
	}
	for step := range uint64(2) {
		two.learn(t, step).check(t, fmt.Sprintf("step %d", step+2), one.learn(t, step), grown)
	}
	got, want := two.logit(t), one.logit(t)
	t.Logf("logit %v, %.1e off", got, math.Abs(got-want))
	if !(math.Abs(got-want) <= grown) {
		t.Errorf("got logit %v with the weights of two devices, want %v", got, want)
	}
}

// compile makes the programs at once, which two cores do in little more than half the time, and wants no others for steps.
func compile(t *testing.T, pupils ...pupil) {
	t.Helper()
	var compiling sync.WaitGroup
	for _, p := range pupils {
		p.step.SetMaxCache(1)
		compiling.Go(func() {
			if err := p.compile(shapes.Make(p.numbers, pupilBatch, architecture.MinSize, architecture.MinSize, 3), shapes.Make(p.numbers, pupilBatch, 1)); err != nil {
				t.Error(err)
			}
		})
	}
	if compiling.Wait(); t.Failed() {
		t.FailNow()
	}
}

// check compares what two devices learned with what one did, but for gradients.
func (l learned) check(t *testing.T, name string, one learned, limit float64) {
	t.Helper()
	loss, statistics := math.Abs(l.loss/one.loss-1), furthest(l.statistics, one.statistics)
	t.Logf("%s: loss %v, %.1e off; statistics %.1e apart", name, one.loss, loss, statistics)
	if !(loss <= limit) {
		t.Errorf("%s: got loss %v on two devices, want %v", name, l.loss, one.loss)
	}
	if !(statistics <= limit) {
		t.Errorf("%s: moving statistics of two devices are %.1e apart from those of one", name, statistics)
	}
}

// furthest is the distance of the variable that differs most; NaN counts as most.
func furthest(got, want map[string][]float64) float64 {
	most := 0.0
	for name, w := range want {
		if off := apart(got[name], w); !(off <= most) {
			most = off
		}
	}
	return most
}

// apart is the length of the difference of two vectors over the length of the second.
func apart(got, want []float64) float64 {
	difference, length := 0.0, 0.0
	for i, w := range want {
		difference += (got[i] - w) * (got[i] - w)
		length += w * w
	}
	return math.Sqrt(difference / length)
}

func TestRefusesDevices(t *testing.T) {
	m := fresh(t, 0)
	o := recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1}
	if _, err := NewLearner(m, o, m.backend.NumDevices()+1); err == nil || !strings.Contains(err.Error(), "devices: got") {
		t.Errorf("more than there are: got error %v, want one that says so", err)
	}
	l, err := NewLearner(m, o, 1)
	if err != nil {
		t.Fatal(err)
	}
	l.devices = 2
	if _, _, err := l.Step(noise(3, 0), tensors.FromValue([][]float32{{0}, {1}, {1}})); err == nil || !strings.Contains(err.Error(), "multiple of 2 devices") {
		t.Errorf("a batch of 3 on 2 devices: got error %v, want one that says so", err)
	}
}
