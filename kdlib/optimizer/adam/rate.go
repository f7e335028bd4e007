package adam

import (
	"fmt"
	"math"

	"distillation/kdlib/optimizer/reference"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// rate is how the learning rate goes from step to step.
type rate struct {
	learningRate, decay float64
	schedule            reference.Schedule
}

// at returns eta_0 times the schedule's factor at step t; without a schedule it is divided by the decay of (9),
//
//	eta_0 / (1 + d (t - 1))
//
// own is the optimizers' scope.
func (r rate) at(own *model.Scope, t *Node) *Node {
	g := t.Graph()
	eta := own.VariableWithValue(learningRateName, r.learningRate).SetTrainable(false).NodeValue(g)
	switch {
	case r.schedule != reference.Schedule{}:
		return Mul(eta, factor(own, AddScalar(t, -1), r.schedule))
	case r.decay != 0:
		return Div(eta, AddScalar(MulScalar(AddScalar(t, -1), r.decay), 1))
	}
	return eta
}

// factor is reference.Schedule.Factor after that many steps. How many there will be stands in variables, so that runs of any length
// share one compiled program.
func factor(own *model.Scope, done *Node, s reference.Schedule) *Node {
	steps := func(name string, value int) *Node {
		return own.VariableWithValue(name, float64(value)).SetTrainable(false).NodeValue(done)
	}
	warmUp, all := steps(warmUpName, s.WarmUp), steps(allStepsName, s.Steps)
	fallen := MinScalar(Div(Sub(done, warmUp), Sub(all, warmUp)), 1)
	fall := DivScalar(AddScalar(Cos(MulScalar(fallen, math.Pi)), 1), 2)
	return Where(LessThan(done, warmUp), Div(done, warmUp), fall)
}

// SetSchedule changes the schedule of a store whose graph of a step, with one, is built.
func SetSchedule(store *model.Store, s reference.Schedule) error {
	for name, value := range map[string]int{warmUpName: s.WarmUp, allStepsName: s.Steps} {
		path := model.JoinPath("/", Scope, name)
		v := store.GetVariable(path)
		if v == nil {
			return fmt.Errorf("adam: variable %s: got none, want the graph of a step with a schedule before", path)
		}
		if err := v.SetValue(tensors.FromValue(float64(value))); err != nil {
			return fmt.Errorf("adam: variable %s: %w", path, err)
		}
	}
	return nil
}
