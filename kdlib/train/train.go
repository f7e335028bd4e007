package train

import (
	"context"
	"errors"
	"fmt"
	"time"

	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train/history"

	"github.com/gomlx/compute"
)

// Report is told what a training run does. Both functions may be nil.
type Report struct {
	Step  func(history.Step)  // after every step
	Epoch func(history.Epoch) // after every finished, stored epoch
}

// Run is a training run in a folder.
type Run struct {
	Dir        string
	Recipe     recipe.Training
	Train      dataset.Data // with Teacher where the recipe's loss takes it
	Validation dataset.Data // the best epoch has the lowest cross-entropy (2) on its labels, whatever the loss is
	Classes    [2]string    // names of the labels 0 and 1, kept beside the weights; none: not known
	Report     Report
	Sizes      map[int]dataset.Pictures // the pictures of both sets at each other size of the recipe's early stages; nil without any
}

// Fit is Pool.Fit for a single run.
func (r Run) Fit(ctx context.Context, backend compute.Backend) (history.History, error) {
	pool := NewPool(backend)
	defer pool.Close()
	return pool.Fit(ctx, r)
}

// Fit trains until the recipe's last epoch and returns the history of all epochs. If the folder holds an unfinished run of the
// same recipe, Fit goes on from its last finished epoch and reaches the same results as a run without interruption. It also
// goes on with a finished run of fewer epochs. A folder of another recipe is an error, and so is one in which another process
// trains. When ctx ends, Fit loses the epoch under way and keeps what it has stored.
func (p *Pool) Fit(ctx context.Context, r Run) (done history.History, err error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	r.Recipe = resolved(p.backend, r.Recipe)
	if err := checkDevices(p.backend, p.Devices, r.Recipe.Batch); err != nil {
		return nil, err
	}
	if !p.held[r.Dir] {
		release, held := p.Hold(r.Dir)
		if held != nil {
			return nil, held
		}
		defer func() { err = errors.Join(err, release()) }()
	}
	if err := r.removeUnfinished(); err != nil {
		return nil, err
	}
	t, err := p.open(r)
	if err != nil {
		return nil, err
	}
	for epoch := len(t.done) + 1; epoch <= r.Recipe.Epochs; epoch++ {
		if err := t.resize(epoch); err != nil {
			return t.done, err
		}
		measured, err := t.epoch(ctx, epoch)
		if err != nil {
			return t.done, fmt.Errorf("train: %s: epoch %d: %w", r.Dir, epoch, err)
		}
		if err := t.store(measured); err != nil {
			return t.done, err
		}
		if r.Report.Epoch != nil {
			r.Report.Epoch(measured)
		}
	}
	return t.done, t.writeAverage(ctx)
}

// check finds what would fail later, before any work is done.
func (r Run) check() error {
	if err := r.Recipe.Validate(); err != nil {
		return fmt.Errorf("train: %s: %w", r.Dir, err)
	}
	if err := checkNetwork(r.Recipe, r.Train.Pictures); err != nil {
		return fmt.Errorf("train: %s: %w", r.Dir, err)
	}
	if n := len(r.Train.Examples); n < r.Recipe.Batch {
		return fmt.Errorf("train: %s: got %d training pictures, want at least one batch of %d", r.Dir, n, r.Recipe.Batch)
	}
	if needs := targets(r.Recipe.Loss) > 1; needs != (r.Train.Teacher != nil) {
		return fmt.Errorf("train: %s: got a teacher's probabilities beside the labels: %v, want %v for the loss %q (dataset.WithTeacher adds them)",
			r.Dir, !needs, needs, r.Recipe.Loss.Name)
	}
	if len(r.Validation.Examples) == 0 {
		return fmt.Errorf("train: %s: got no validation pictures, want some to choose the best epoch by", r.Dir)
	}
	if err := r.checkPictures(r.Train, r.Validation); err != nil {
		return err
	}
	return r.checkStages()
}

func (r Run) checkPictures(training, validation dataset.Data) error {
	if err := training.Check("training"); err != nil {
		return err
	}
	return validation.Check("validation")
}

// trainer is a run under way.
type trainer struct {
	Run
	pool    *Pool
	model   *Model // of the size of pictures that are learned from; nil where there is nothing to do
	learner *Learner
	graph   string // Model.graph at the size of the last stage
	done    history.History
}

func (p *Pool) open(r Run) (*trainer, error) {
	from, err := r.origin() // first: a bad file of weights is found at once and leaves no folder behind
	if err != nil {
		return nil, err
	}
	if err := r.recordRecipe(); err != nil {
		return nil, err
	}
	t := &trainer{Run: r, pool: p, done: from.done}
	if len(from.done) >= r.Recipe.Epochs { // nothing to do: compile nothing
		return t, nil
	}
	return t, t.enter(from, len(from.done)+1)
}

// enter takes a network of the pool for the pictures of an epoch, and brings it to the run's origin.
func (t *trainer) enter(from origin, epoch int) error {
	training, _, _ := t.on(epoch)
	size := training.Pictures.Size()
	var err error
	if t.learner, err = t.pool.learner(t.Recipe, size); err != nil {
		return err
	}
	t.model = t.learner.model
	if err := t.learner.prepare(t.Recipe.Batch, size); err != nil {
		return err
	}
	if err := t.learner.restart(t.Recipe.Seed); err != nil {
		return err
	}
	if err := t.learner.schedule(t.Recipe.Optimizer, t.Recipe.Epochs*t.steps()); err != nil {
		return err
	}
	t.model.Size, t.model.Classes = size, t.Classes
	if err := t.nameGraph(); err != nil {
		return err
	}
	if len(from.done) == 0 { // a checkpoint has all values
		if err := t.model.initialize(); err != nil {
			return err
		}
	} else if err := t.checkGraph(from.file.Meta, from.path); err != nil {
		return err
	}
	if err := from.enter(t.model); err != nil {
		return err
	}
	return t.checkDisk()
}

// steps is how many an epoch has.
func (t *trainer) steps() int { return len(t.Train.Examples) / t.Recipe.Batch }

// epoch trains once over the training pictures and measures the validation set.
func (t *trainer) epoch(ctx context.Context, number int) (history.Epoch, error) {
	start := time.Now()
	trainLoss, trainAccuracy, err := t.pass(ctx, number)
	if err != nil {
		return history.Epoch{}, err
	}
	_, validation, _ := t.on(number)
	predicted, err := t.model.Predict(ctx, validation, dataset.PredictOptions{Batch: t.Recipe.Batch})
	if err != nil {
		return history.Epoch{}, err
	}
	measured, err := predicted.Summarize(validation.Labels(), distill.Threshold)
	e := history.Epoch{
		Number: number, TrainLoss: trainLoss, TrainAccuracy: trainAccuracy,
		ValidationLoss: measured.Loss, ValidationAccuracy: measured.Accuracy,
		Seconds: time.Since(start).Seconds(),
	}
	if len(t.Recipe.EarlyStages) > 0 {
		e.Size = t.model.Size
	}
	return e, err
}

// pass makes one training step per whole batch of a fresh order.
func (t *trainer) pass(ctx context.Context, number int) (meanLoss, accuracy float64, err error) {
	p := t.examples(number)
	steps := p.steps()
	var lossSum float64
	var rightSum, step int
	err = t.learner.Pass(ctx, p, func(batchLoss float64, right int) {
		step++
		lossSum, rightSum = lossSum+batchLoss, rightSum+right
		if t.Report.Step != nil {
			t.Report.Step(history.Step{Epoch: number, Epochs: t.Recipe.Epochs, Number: step, Steps: steps, MeanLoss: lossSum / float64(step)})
		}
	})
	return lossSum / float64(steps), float64(rightSum) / float64(steps*p.Batch), err
}

// examples are what an epoch learns from, in a fresh order, augmented.
func (t *trainer) examples(epoch int) Pass {
	data, _, augment := t.on(epoch)
	return Pass{Data: data, Order: dataset.Shuffled(len(data.Examples), t.Recipe.Seed, epoch), Batch: t.Recipe.Batch,
		Augmentation: dataset.Augmentation{Augment: augment, Seed: t.Recipe.Seed, Pass: epoch}}
}
