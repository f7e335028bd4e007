package lab

import (
	"errors"
	"fmt"

	"distillation/kdlib/distill"
	"distillation/kdlib/optimizer/adam"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
	"github.com/gomlx/gomlx/ml/train/optimizer"
	"github.com/gomlx/gomlx/support/exceptions"
)

// shape tells programs apart.
type shape struct {
	seeds, pictures, features, width, batch int // pictures of the train set
	optimizer                               recipe.Optimizer
}

// program trains as many students as there are seeds. Their variables have the seeds as first axis: nothing mixes two of them.
type program struct {
	shape
	store   *model.Store
	rule    optimizer.Interface
	step    *model.Exec // features, rows, labels -> loss; changes weights and sums
	forward *model.Exec // features -> logits
}

// variables are the weights of the students, in the order of shapes.
var variables = []string{"hidden_kernel", "hidden_bias", "head_kernel", "head_bias"}

// sumsName is the variable [2, seeds] with the sums of an epoch: of the losses of its steps, and of right predictions.
const sumsName = "sums"

// shapes are those of one student's variables.
func (p *program) shapes() [][]int {
	return [][]int{{p.features, p.width}, {p.width}, {p.width, 1}, {1}}
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// program returns the one for these students, made before or now.
func (l *Lab) program(how Students) (*program, error) {
	s := shape{len(how.Seeds), l.Train(), l.Width, how.Width, how.Training.Batch, how.Training.Optimizer}
	if p := l.programs[s]; p != nil {
		return p, nil
	}
	p, err := newProgram(l.backend, s)
	if err == nil {
		l.programs[s] = p
	}
	return p, err
}

func newProgram(backend compute.Backend, s shape) (*program, error) {
	p := &program{shape: s, store: model.NewStore(), rule: train.Optimizer(s.optimizer)}
	err := catchPanic(func() (err error) {
		if p.step, err = model.NewExec(backend, p.store, p.learning); err == nil {
			p.forward, err = model.NewExec(backend, p.store, func(scope *model.Scope, x *Node) *Node { return p.asked(scope, x) })
		}
		return err
	})
	if err != nil {
		p.store.Finalize()
		return nil, fmt.Errorf("lab: %w", err)
	}
	return p, nil
}

// catchPanic turns panics of graph builders into errors.
func catchPanic(fn func() error) error {
	var err error
	if panicked := exceptions.TryCatch[error](func() { err = fn() }); panicked != nil {
		return panicked
	}
	return err
}

func (p *program) finalize() {
	p.step.Finalize()
	p.forward.Finalize()
	p.store.Finalize()
}

// weight is a variable of all students in a graph.
func (p *program) weight(scope *model.Scope, i int, g *Graph) *Node {
	dims := append([]int{p.seeds}, p.shapes()[i]...)
	return scope.WithInitializer(initializer.Zero).VariableWithShape(variables[i], shapes.Make(dtypes.Float32, dims...)).NodeValue(g)
}

// head makes logits [seeds, n] of the hidden layer's sums [seeds, n, width], before their bias.
func (p *program) head(scope *model.Scope, hidden *Node) *Node {
	g := hidden.Graph()
	hidden = Max(Add(hidden, ExpandAxes(p.weight(scope, 1, g), 1)), ScalarZero(g, dtypes.Float32))
	return Add(Squeeze(Einsum("snw,swo->sno", hidden, p.weight(scope, 2, g)), 2), p.weight(scope, 3, g))
}

// asked are the logits [seeds, n] on the same features [n, features].
func (p *program) asked(scope *model.Scope, x *Node) *Node {
	return p.head(scope, Einsum("nf,sfw->snw", x, p.weight(scope, 0, x.Graph())))
}

// learning is a step: features [n, features] of all training pictures, for each seed the rows of its batch and their labels, both
// [seeds, batch]. The loss is the sum over the seeds of the mean loss (2) on logits, so that each student gets its own gradient.
func (p *program) learning(scope *model.Scope, x, rows, y *Node) *Node {
	g := x.Graph()
	chosen := Reshape(Gather(x, Reshape(rows, -1, 1)), p.seeds, p.batch, p.features)
	z := p.head(scope, Einsum("sbf,sfw->sbw", chosen, p.weight(scope, 0, g)))
	loss := ReduceMean(Sub(Softplus(z), Mul(y, z)), 1)
	sums := scope.WithInitializer(initializer.Zero).VariableWithShape(sumsName, shapes.Make(dtypes.Float32, 2, p.seeds)).SetTrainable(false)
	right := Equal(GreaterThan(z, ZerosLike(z)), GreaterThan(y, ConstAs(y, distill.Threshold)))
	now := Stack([]*Node{loss, ReduceSum(ConvertDType(right, dtypes.Float32), 1)}, 0)
	sums.SetNodeValue(Add(sums.NodeValue(g), StopGradient(now)))
	total := ReduceAllSum(loss)
	p.rule.UpdateGraph(scope, g, total)
	return total
}

// begin sets the students' first weights, and what the optimizer remembers to its beginning.
func (p *program) begin(first [][]float32, how recipe.Training, steps int) error {
	return catchPanic(func() error {
		if _, err := p.step.Compile(shapes.Make(dtypes.Float32, p.pictures, p.features), shapes.Make(dtypes.Int32, p.seeds, p.batch), shapes.Make(dtypes.Float32, p.seeds, p.batch)); err != nil {
			return err
		}
		return errors.Join(p.forget(), p.set(first), p.schedule(how.Optimizer, steps))
	})
}

// forget sets counters, moments and sums to 0.
func (p *program) forget() error {
	for v := range p.store.IterVariables() {
		if !v.HasValue() {
			continue
		}
		if v.DType() == dtypes.Float64 || v.DType() == dtypes.Uint64 { // the rates of the optimizer, and the state of a generator that nothing uses
			continue
		}
		if err := v.SetValue(tensors.FromShape(v.Shape())); err != nil {
			return fmt.Errorf("lab: %s: %w", v.Path(), err)
		}
	}
	return nil
}

func (p *program) schedule(o recipe.Optimizer, steps int) error {
	if o.Schedule == (recipe.Schedule{}) {
		return nil
	}
	return adam.SetSchedule(p.store, o.Schedule.Over(steps))
}

// set gives the students these weights.
func (p *program) set(values [][]float32) error {
	for i, name := range variables {
		dims := append([]int{p.seeds}, p.shapes()[i]...)
		if err := p.store.GetVariable("/" + name).SetValue(tensors.FromFlatDataAndDimensions(values[i], dims...)); err != nil {
			return fmt.Errorf("lab: %s: %w", name, err)
		}
	}
	return nil
}

// weights are the students' weights now.
func (p *program) weights() ([][]float32, error) {
	all := make([][]float32, len(variables))
	for i, name := range variables {
		value, err := p.store.GetVariable("/" + name).Value()
		if err == nil {
			all[i], err = tensors.CopyFlatData[float32](value)
		}
		if err != nil {
			return nil, fmt.Errorf("lab: %s: %w", name, err)
		}
	}
	return all, nil
}

// learn makes a step and frees the batch.
func (p *program) learn(x, rows, y *tensors.Tensor) error {
	return catchPanic(func() error {
		out, err := p.step.Call(x, rows, y)
		if err != nil {
			return err
		}
		return errors.Join(out[0].FinalizeAll(), rows.FinalizeAll(), y.FinalizeAll())
	})
}

// epochSums are the sums of the epoch, for each seed, which begin anew.
func (p *program) epochSums() (losses, right []float64, err error) {
	v := p.store.GetVariable("/" + sumsName)
	value, err := v.Value()
	if err != nil {
		return nil, nil, err
	}
	flat, err := tensors.CopyFlatData[float32](value)
	if err != nil {
		return nil, nil, err
	}
	for s := range p.seeds {
		losses, right = append(losses, float64(flat[s])), append(right, float64(flat[p.seeds+s]))
	}
	return losses, right, v.SetValue(tensors.FromShape(v.Shape()))
}

// logits are those of all students on the same pictures, a row a seed.
func (p *program) logits(x *tensors.Tensor) (rows [][]float32, err error) {
	err = catchPanic(func() error {
		out, err := p.forward.Call(x)
		if err != nil {
			return err
		}
		defer out[0].MustFinalizeAll()
		flat, err := tensors.CopyFlatData[float32](out[0])
		if err != nil {
			return err
		}
		n := len(flat) / p.seeds
		for s := range p.seeds {
			rows = append(rows, flat[s*n:][:n])
		}
		return nil
	})
	return rows, err
}
