package adam_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/optimizer/adam"
	"distillation/kdlib/optimizer/reference"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// Tolerances of a path, relative to the largest value that its element takes on it.
const (
	kerasTolerance   = 6e-6 // measured 4e-6; Keras computes 1 - 0.999^t in float32, which is off by 1e-5 of itself at t = 1
	literalTolerance = 6e-6 // measured 4.4e-6: 2,500 float32 sums against float64
)

const (
	size  = 20 // elements of the variable: five each with small, large, zero and sparse gradients
	steps = 2500
)

// gradient is that of testdata/gen_trajectories.py.
func gradient(t int) []float32 {
	g := make([]float32, size)
	for i := range g {
		x := float64((t*7919+i*104729+t*i*31)%1009-400) / 1009
		switch i / 5 {
		case 0:
			x *= 1e-6
		case 1:
			x *= 1e4
		case 2:
			x = 0
		case 3:
			if (t+i)%17 != 0 {
				x = 0
			}
		}
		g[i] = float32(x)
	}
	return g
}

type run struct {
	Eta0, Decay, Momentum float64
	K1, K2                int
	WarmUp                int `json:"warm_up"`
	Steps                 int
	Path, Average         [][]float64
}

type trajectories struct {
	Steps                    []int
	Keras, Literal, Schedule []run
}

func read(t *testing.T) (g trajectories) {
	t.Helper()
	golden.Read(t, "trajectories_golden.json", &g)
	return g
}

type withGradients interface {
	optimizer.Interface
	UpdateGraphWithGradients(scope *model.Scope, grads []*Node, lossDType dtypes.DType)
}

// stepper makes a store with one variable "theta" of zeros and a function that moves it by a gradient.
func stepper(t *testing.T, o withGradients, store *model.Store) func(gradient []float32) []float32 {
	exec := model.MustNewExec(xlatest.Backend(t), store, func(scope *model.Scope, gradient *Node) *Node {
		theta := scope.WithInitializer(initializer.Zero).VariableWithShape("theta", shapes.Make(dtypes.Float32, size))
		theta.NodeValue(gradient.Graph())
		o.UpdateGraphWithGradients(scope, []*Node{gradient}, dtypes.Float32)
		return theta.NodeValue(gradient.Graph())
	})
	return func(gradient []float32) []float32 { return tensors.MustCopyFlatData[float32](exec.MustCall1(gradient)) }
}

func TestKerasAgainstKeras(t *testing.T) {
	g := read(t)
	for _, r := range g.Keras {
		r.check(t, adam.Keras{LearningRate: r.Eta0, Decay: r.Decay}, g.Steps, kerasTolerance)
	}
}

func TestLiteralAgainstTheText(t *testing.T) {
	g := read(t)
	for _, r := range g.Literal {
		r.check(t, adam.Literal{LearningRate: r.Eta0, Decay: r.Decay, K1: r.K1, K2: r.K2}, g.Steps, literalTolerance)
	}
}

// check walks the path and compares the kept steps.
func (r run) check(t *testing.T, o withGradients, kept []int, tolerance float64) {
	t.Helper()
	next := stepper(t, o, model.NewStore())
	compare(t, fmt.Sprintf("%#v", o), next, kept, r.Path, tolerance)
}

// compare makes all steps and compares the kept ones, each element relative to the largest value that it takes.
func compare(t *testing.T, name string, next func(gradient []float32) []float32, kept []int, path [][]float64, tolerance float64) {
	t.Helper()
	var largest [size]float64
	for _, row := range path {
		for i, want := range row {
			largest[i] = max(largest[i], math.Abs(want))
		}
	}
	worst := 0.0
	for step := 1; step <= steps; step++ {
		got := next(gradient(step))
		at := slices.Index(kept, step)
		if at < 0 {
			continue
		}
		for i, want := range path[at] {
			e := math.Abs(float64(got[i])-want) / max(largest[i], math.SmallestNonzeroFloat64)
			if worst = max(worst, e); !(e <= tolerance) {
				t.Fatalf("%s: step %d, element %d: got %v, want %v, off by %.2g of %.4g", name, step, i, got[i], want, e, largest[i])
			}
		}
	}
	t.Logf("%s: worst difference %.2g", name, worst)
}

// Weights under a schedule, and their moving average, go where Keras's go. A store that was built for another number of steps
// follows the one that it is set to.
func TestScheduleAndAverageAgainstKeras(t *testing.T) {
	g := read(t)
	for _, r := range g.Schedule {
		want := reference.Schedule{WarmUp: r.WarmUp, Steps: r.Steps}
		o := averaged{adam.Keras{LearningRate: r.Eta0, Schedule: reference.Schedule{Steps: 1}}, r.Momentum}
		for name, path := range map[string][][]float64{"/theta": r.Path, "/adam/theta/average": r.Average} {
			store := model.NewStore()
			built := stepper(t, o, store)
			begun := false
			compare(t, fmt.Sprintf("%+v, %s", want, name), func(gradient []float32) []float32 {
				if !begun { // as train does it: the step is compiled first
					begin(t, store, built, want)
					begun = true
				}
				built(gradient)
				return tensors.MustCopyFlatData[float32](store.GetVariable(name).MustValue())
			}, g.Steps, path, kerasTolerance)
		}
	}
	if err := adam.SetSchedule(model.NewStore(), reference.Schedule{Steps: 9}); err == nil || !strings.Contains(err.Error(), "/adam/") {
		t.Errorf("a store without a schedule: got error %v, want one that names the variable", err)
	}
}

// begin makes a step, so that all variables are there, and takes it back.
func begin(t *testing.T, store *model.Store, step func([]float32) []float32, s reference.Schedule) {
	t.Helper()
	step(gradient(1))
	for v := range store.IterVariables() {
		zero := tensors.FromShape(v.Shape())
		if v.Name() != "learning_rate" {
			if err := v.SetValue(zero); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := adam.SetSchedule(store, s); err != nil {
		t.Fatal(err)
	}
}

// averaged is an optimizer that keeps an average.
type averaged struct {
	adam.Keras
	momentum float64
}

func (a averaged) UpdateGraphWithGradients(scope *model.Scope, grads []*Node, dtype dtypes.DType) {
	a.Keras.UpdateGraphWithGradients(scope, grads, dtype)
	adam.Average(scope, grads[0].Graph(), a.momentum)
}

// A store that is saved after some steps and goes on elsewhere ends where one that never stopped does.
func TestResumesExactly(t *testing.T) {
	for _, o := range []withGradients{adam.Keras{LearningRate: 1e-3, Decay: 0.01}, adam.Literal{LearningRate: 1e-3, K1: 3, K2: 5}} {
		store := model.NewStore()
		next := stepper(t, o, store)
		next(gradient(1))
		next(gradient(2))
		copied, err := store.Clone()
		if err != nil {
			t.Fatal(err)
		}
		resumed := stepper(t, o, copied)
		for step := 3; step < 8; step++ {
			if want, got := next(gradient(step)), resumed(gradient(step)); !slices.Equal(got, want) {
				t.Fatalf("%#v: step %d after resuming: got %v, want %v", o, step, got, want)
			}
		}
	}
}

func TestVariables(t *testing.T) {
	store := model.NewStore()
	o := adam.Keras{LearningRate: 1e-3}
	stepper(t, o, store)(gradient(1))
	for _, want := range []struct {
		path  string
		value any
	}{{"/adam/step", int64(1)}, {"/adam/learning_rate", 1e-3}, {"/adam/theta/m", nil}, {"/adam/theta/v", nil}} {
		v := store.GetVariable(want.path)
		if v == nil || v.Trainable {
			t.Fatalf("variable %s: got %v, want one that is not trained", want.path, v)
		}
		if want.value != nil && v.MustValue().Value() != want.value {
			t.Errorf("variable %s: got %v, want %v", want.path, v.MustValue().Value(), want.value)
		}
	}
	if got := optimizer.GetGlobalStep(store); got != 1 {
		t.Errorf("global step: got %d, want 1", got)
	}
	if err := o.Clear(store.RootScope()); err != nil {
		t.Fatal(err)
	}
	if v := store.GetVariable("/adam/theta/m"); v != nil {
		t.Errorf("after Clear: variable %s is still there", v.Path())
	}
}

func TestMisusePanics(t *testing.T) {
	backend := xlatest.Backend(t)
	for want, build := range map[string]func(scope *model.Scope, x *Node) *Node{
		"got shape (Float32)[2], want a scalar": func(scope *model.Scope, x *Node) *Node {
			adam.Keras{}.UpdateGraph(scope, x.Graph(), x)
			return x
		},
		"has no trainable variable": func(scope *model.Scope, x *Node) *Node {
			adam.Keras{}.UpdateGraph(scope, x.Graph(), ReduceAllSum(x))
			return x
		},
	} {
		if _, err := model.CallOnce(backend, model.NewStore(), build, []float32{1, 2}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}
