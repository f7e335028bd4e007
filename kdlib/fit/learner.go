package fit

import (
	"fmt"
	"math"

	"distillation/kdlib/adam"
	"distillation/kdlib/label"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/loss"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// Learner changes a model's weights step by step. A step is one compiled program.
type Learner struct {
	model *Model
	rule  optimizer.Interface
	step  *model.Exec                         // pictures, labels -> loss, number right; changes weights
	begin map[*model.Variable]*tensors.Tensor // counters and rates as a run begins; see prepare
}

// NewLearner returns a learner of the model by one of the two Adams.
func NewLearner(m *Model, o recipe.Optimizer) (*Learner, error) {
	l := &Learner{model: m, rule: rule(o)}
	var err error
	if l.step, err = model.NewExec(m.backend, m.store, l.graph); err != nil {
		return nil, fmt.Errorf("fit: %w", err)
	}
	return l, nil
}

func rule(o recipe.Optimizer) optimizer.Interface {
	if o.Variant == recipe.LiteralAdam {
		return adam.Literal{LearningRate: o.LearningRate, Decay: o.Decay, K1: o.K1, K2: o.K2}
	}
	return adam.Keras{LearningRate: o.LearningRate, Decay: o.Decay}
}

// graph builds one step: forward, loss (2) on logits, gradients, update (10).
func (l *Learner) graph(scope *model.Scope, x, y *Node) (meanLoss, right *Node) {
	g := x.Graph()
	scope.Store().SetTraining(g, true)
	logits := l.model.logits(scope, x)
	meanLoss = loss.BinaryCrossentropyLogits([]*Node{y}, []*Node{logits})
	l.rule.UpdateGraph(scope, g, meanLoss)
	return meanLoss, countRight(logits, y)
}

// countRight counts the answers on the side of their labels by (11).
func countRight(logits, y *Node) *Node {
	dog := GreaterThan(logits, ZerosLike(logits)) // p > 0.5
	taught := GreaterThan(y, ConstAs(y, label.Threshold))
	return ReduceAllSum(ConvertDType(Equal(dog, taught), y.DType()))
}

// Step learns from one batch: pictures float32 [n, size, size, 3] in [0, 255], labels float32 [n, 1] in
// [0, 1]. It returns the mean loss (2) and how many answers were right (11), both before the update. A
// loss that is not finite is an error; the weights are spoilt then.
func (l *Learner) Step(pictures, labels *tensors.Tensor) (meanLoss float64, right int, err error) {
	out, err := call(l.step, pictures, labels)
	if err != nil {
		return 0, 0, err
	}
	meanLoss = float64(tensors.ToScalar[float32](out[0]))
	if math.IsNaN(meanLoss) || math.IsInf(meanLoss, 0) {
		return 0, 0, fmt.Errorf("fit: loss: got %v, want a finite number", meanLoss)
	}
	return meanLoss, int(tensors.ToScalar[float32](out[1])), nil
}

// prepare compiles the step for batches of n pictures of size x size. That creates the optimizer's
// variables: moments, which have an initializer, and counters and rates, which are born with a value.
func (l *Learner) prepare(n, size int) error {
	pictures := shapes.Make(dtypes.Float32, n, size, size, 3)
	labels := shapes.Make(dtypes.Float32, n, 1)
	err := caught(func() error {
		_, err := l.step.Compile(pictures, labels)
		return err
	})
	if err != nil {
		return err
	}
	l.begin = map[*model.Variable]*tensors.Tensor{}
	for v := range l.model.store.IterVariables() {
		if l.model.inNetwork(v) || !v.HasValue() {
			continue
		}
		if l.begin[v], err = v.MustValue().LocalClone(); err != nil {
			return fmt.Errorf("fit: %s: %w", v.Path(), err)
		}
	}
	return nil
}

// restart puts the network and the optimizer where a new run with this seed begins. The compiled
// programs stay.
func (l *Learner) restart(seed uint64) error {
	store := l.model.store
	for v := range store.IterVariables() {
		if err := l.reset(v); err != nil {
			return fmt.Errorf("fit: %s: %w", v.Path(), err)
		}
	}
	if err := store.SetRNGStateFromSeed(int64(seed)); err != nil {
		return fmt.Errorf("fit: seed %d: %w", seed, err)
	}
	return caught(func() error { return store.InitializeVariables(l.model.backend, nil) })
}

func (l *Learner) reset(v *model.Variable) error {
	begin, ok := l.begin[v]
	if !ok {
		return v.Reset() // its initializer runs again
	}
	value, err := begin.LocalClone()
	if err != nil {
		return err
	}
	return v.SetValue(value)
}

// Finalize frees the compiled program; the model stays.
func (l *Learner) Finalize() { l.step.Finalize() }
