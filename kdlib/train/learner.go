package train

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/optimizer/adam"
	"distillation/kdlib/optimizer/reference"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute/distributed"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// Learner changes a model's weights step by step. A step is one compiled program.
type Learner struct {
	Loss    recipe.Loss // set before the first step
	Average float64     // recipe.Training.Average, set before the first step
	model   *Model
	rule    optimizer.Interface
	step    *model.Exec                         // pictures, labels -> loss, number right; changes weights
	devices int                                 // that share every batch
	rows    *distributed.ShardingSpec           // how they share it; nil for one device
	begin   map[*model.Variable]*tensors.Tensor // counters and rates as a run begins; see prepare
}

// NewLearner returns a learner that trains the model by one of the two Adams. Devices is how many of the backend's devices
// share every batch; 0 means 1. A schedule ends with a run's last epoch, so only a Run has one.
func NewLearner(m *Model, o recipe.Optimizer, devices int) (*Learner, error) {
	if o.Schedule != (recipe.Schedule{}) {
		return nil, fmt.Errorf("train: optimizer.schedule: got %q for a learner, want none: how many steps there will be is known to a run alone", o.Schedule.Name)
	}
	return newLearner(m, o, devices)
}

func newLearner(m *Model, o recipe.Optimizer, devices int) (*Learner, error) {
	l := &Learner{model: m, rule: Optimizer(o)}
	var err error
	if l.step, err = model.NewExec(m.backend, m.store, l.graph); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	if err := l.distribute(devices); err != nil {
		l.Finalize()
		return nil, err
	}
	return l, nil
}

// Optimizer is the recipe's. Its schedule, if it has one, has no steps yet: adam.SetSchedule sets their number once a step's graph is
// built.
func Optimizer(o recipe.Optimizer) optimizer.Interface {
	var schedule reference.Schedule
	if o.Schedule != (recipe.Schedule{}) {
		schedule = o.Schedule.Over(1)
	}
	if o.Variant == recipe.LiteralAdam {
		return adam.Literal{LearningRate: o.LearningRate, Decay: o.Decay, Schedule: schedule, K1: o.K1, K2: o.K2}
	}
	return adam.Keras{LearningRate: o.LearningRate, Decay: o.Decay, Schedule: schedule}
}

// schedule sets the number of steps after which a prepared learner's rate ends, if its optimizer has a schedule.
func (l *Learner) schedule(o recipe.Optimizer, steps int) error {
	if o.Schedule == (recipe.Schedule{}) {
		return nil
	}
	return adam.SetSchedule(l.model.store, o.Schedule.Over(steps))
}

// graph builds one step: forward, loss on logits, gradients, update (10).
func (l *Learner) graph(scope *model.Scope, x, y *Node) (meanLoss, right *Node) {
	g := x.Graph()
	scope.Store().SetTraining(g, true)
	logits := l.model.logits(scope, x)
	meanLoss = lossOf(l.Loss, y, logits)
	l.rule.UpdateGraph(scope, g, meanLoss)
	if l.Average != 0 {
		adam.Average(scope, g, l.Average)
	}
	if l.Loss != (recipe.Loss{}) {
		y = column(y, 0)
	}
	return meanLoss, countRight(logits, y)
}

// countRight counts the predictions on the side of their labels by (11).
func countRight(logits, y *Node) *Node {
	dog := GreaterThan(logits, ZerosLike(logits)) // p > 0.5
	label := GreaterThan(y, ConstAs(y, distill.Threshold))
	return ReduceAllSum(ConvertDType(Equal(dog, label), y.DType()))
}

// Step learns from one batch: pictures float32 [n, size, size, 3] in [0, 255] and labels float32 [n, 1] in [0, 1], or [n, 2]
// for a Loss that takes a teacher's probabilities. n must be a multiple of the number of devices. Step returns the mean loss
// (2) and the number of right predictions (11), both from before the update. A loss that is not finite is an error, and the
// weights are spoilt then. Each new n and size compiles a program, which the model's Watch is told.
func (l *Learner) Step(pictures, labels *tensors.Tensor) (meanLoss float64, right int, err error) {
	if err := l.compile(pictures.Shape(), labels.Shape()); err != nil {
		return 0, 0, err
	}
	out, err := l.run(pictures, labels)
	if err != nil {
		return 0, 0, err
	}
	defer func() {
		for _, t := range out {
			_ = t.FinalizeAll() // two numbers, that the collector would find as well
		}
	}()
	meanLoss = float64(tensors.ToScalar[float32](out[0]))
	if isNotFinite(meanLoss) {
		return 0, 0, l.model.notFinite(meanLoss)
	}
	return meanLoss, int(tensors.ToScalar[float32](out[1])), nil
}

// A Pass is what is learned from at a stretch: an epoch, or a part of one.
type Pass struct {
	Data         dataset.Data
	Order        []int // examples by their numbers; what fills no batch at the end is left out
	Batch        int   // examples a step
	Augmentation dataset.Augmentation
}

// steps is how many whole batches there are.
func (p Pass) steps() int { return len(p.Order) / p.Batch }

// batches are the whole batches.
func (p Pass) batches(ctx context.Context) iter.Seq2[*dataset.Batch, error] {
	return p.Data.Batches(ctx, p.Order[:p.steps()*p.Batch], p.Batch, p.Augmentation)
}

// Pass makes a step on each whole batch. After each step, it calls after with the mean loss and the number of right predictions.
// The next batches are prepared during the step.
func (l *Learner) Pass(ctx context.Context, p Pass, after func(meanLoss float64, right int)) error {
	step, steps := 0, p.steps()
	for b, err := range p.batches(ctx) {
		var meanLoss float64
		var right int
		step++
		if err == nil {
			meanLoss, right, err = l.Step(b.Pictures, b.Labels)
		}
		if err != nil {
			return fmt.Errorf("batch %d of %d: %w", step, steps, err)
		}
		after(meanLoss, right)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped at batch %d of %d: %w", step, steps, err)
	}
	return nil
}

// compile builds the step for a shape of batches.
func (l *Learner) compile(pictures, labels shapes.Shape) error {
	if pictures.Rank() != 4 || labels.Rank() != 2 || labels.Dimensions[1] != targets(l.Loss) || pictures.Dimensions[0]%l.devices != 0 {
		return fmt.Errorf("train: batch: got pictures %s, labels %s, want [n, size, size, 3], [n, %d], n a multiple of %d devices",
			pictures, labels, targets(l.Loss), l.devices)
	}
	program := l.model.program("training step", pictures)
	if l.devices == 1 {
		return l.model.compile(l.step, program, pictures, labels)
	}
	inputs := slices.Repeat([]shapes.Shape{l.part(pictures), l.part(labels)}, l.devices)
	return l.model.compile(l.step, fmt.Sprintf("%s on %d devices", program, l.devices), inputs...)
}

// part is the shape of one device's part of a batch.
func (l *Learner) part(batch shapes.Shape) shapes.Shape {
	part := batch.Clone()
	part.Dimensions[0] /= l.devices
	return part
}

// prepare compiles the step for batches of n pictures of size x size, unless it is compiled. That creates the optimizer's
// variables: moments, which have an initializer, and counters and rates, which begin with a value.
func (l *Learner) prepare(n, size int) error {
	if l.begin != nil {
		return nil
	}
	if err := l.compile(shapes.Make(dtypes.Float32, n, size, size, 3), shapes.Make(dtypes.Float32, n, targets(l.Loss))); err != nil {
		return err
	}
	begin := map[*model.Variable]*tensors.Tensor{}
	for v := range l.model.store.IterVariables() {
		if l.model.inNetwork(v) || !v.HasValue() {
			continue
		}
		var err error
		if begin[v], err = v.MustValue().LocalClone(); err != nil {
			return fmt.Errorf("train: %s: %w", v.Path(), err)
		}
	}
	l.begin = begin
	return nil
}

// restart sets counters and rates to their first values and lets initialize draw all others, as in a new run with this seed. The
// compiled programs stay.
func (l *Learner) restart(seed uint64) error {
	store := l.model.store
	for v := range store.IterVariables() {
		if err := l.reset(v); err != nil {
			return fmt.Errorf("train: %s: %w", v.Path(), err)
		}
	}
	if err := store.SetRNGStateFromSeed(int64(seed)); err != nil {
		return fmt.Errorf("train: seed %d: %w", seed, err)
	}
	return nil
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
