package train

import (
	"context"
	"errors"
	"fmt"
	"time"

	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/internal/lock"
	"distillation/kdlib/network"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train/history"

	"github.com/gomlx/compute"
)

// Report is told what a training run does. Both functions may be nil.
type Report struct {
	Step  func(epoch, step, steps int, meanLoss float64) // after every step; steps a whole epoch has
	Epoch func(history.Epoch)                            // after every finished, stored epoch
}

// Run is a training run in a folder.
type Run struct {
	Dir        string
	Recipe     recipe.Training
	Train      dataset.Data // with Teacher where the recipe's loss takes it
	Validation dataset.Data // the best epoch has the lowest cross-entropy (2) on its labels, whatever the loss is
	Classes    [2]string    // names of the labels 0 and 1, kept beside the weights; none: not known
	Report     Report
}

// Fit is Pool.Fit for a single run.
func (r Run) Fit(ctx context.Context, backend compute.Backend) (history.History, error) {
	pool := NewPool(backend)
	defer pool.Close()
	return pool.Fit(ctx, r)
}

// Fit trains until the recipe's last epoch and returns the history of all epochs. A folder that holds
// an unfinished run of the same recipe is gone on with from its last finished epoch, with the same
// results as if it had not been interrupted, and so is a run of fewer epochs; a folder of another recipe, or
// one in which another process trains, is an error. When ctx ends, the epoch under way is lost, what was stored stays.
func (p *Pool) Fit(ctx context.Context, r Run) (done history.History, err error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	r.Recipe = resolved(p.backend, r.Recipe)
	if err := checkDevices(p.backend, p.Devices, r.Recipe.Batch); err != nil {
		return nil, err
	}
	held, err := lock.Take(r.Dir)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	defer func() { err = errors.Join(err, held.Release()) }()
	if err := r.removeUnfinished(); err != nil {
		return nil, err
	}
	t, err := p.open(r)
	if err != nil {
		return nil, err
	}
	for epoch := len(t.done) + 1; epoch <= r.Recipe.Epochs; epoch++ {
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
	return t.done, nil
}

// check finds what would fail later, before any work is done.
func (r Run) check() error {
	if err := r.Recipe.Validate(); err != nil {
		return fmt.Errorf("train: %s: %w", r.Dir, err)
	}
	if _, err := network.Named(r.Recipe.Network); err != nil {
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
	if err := r.Train.Check("training"); err != nil {
		return err
	}
	return r.Validation.Check("validation")
}

// trainer is a run under way.
type trainer struct {
	Run
	model   *Model
	learner *Learner
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
	if len(from.done) >= r.Recipe.Epochs { // nothing to do: compile nothing
		return &trainer{Run: r, done: from.done}, nil
	}
	learner, err := p.learner(r.Recipe, r.Train.Pictures.Size())
	if err != nil {
		return nil, err
	}
	if err := learner.prepare(r.Recipe.Batch, r.Train.Pictures.Size()); err != nil {
		return nil, err
	}
	if err := learner.restart(r.Recipe.Seed); err != nil {
		return nil, err
	}
	t := &trainer{Run: r, learner: learner, model: learner.model, done: from.done}
	t.model.Size, t.model.Classes = r.Train.Pictures.Size(), r.Classes
	if len(from.done) == 0 { // a checkpoint has all values
		if err := t.model.initialize(); err != nil {
			return t, err
		}
	}
	if err := from.enter(t.model); err != nil {
		return t, err
	}
	return t, t.checkDisk()
}

// epoch trains once over the training pictures and measures the validation set.
func (t *trainer) epoch(ctx context.Context, number int) (history.Epoch, error) {
	start := time.Now()
	trainLoss, trainAccuracy, err := t.pass(ctx, number)
	if err != nil {
		return history.Epoch{}, err
	}
	predicted, err := t.model.Predict(ctx, t.Validation, dataset.PredictOptions{Batch: t.Recipe.Batch})
	if err != nil {
		return history.Epoch{}, err
	}
	measured, err := predicted.Summarize(t.Validation.Labels(), distill.Threshold)
	return history.Epoch{
		Number: number, TrainLoss: trainLoss, TrainAccuracy: trainAccuracy,
		ValidationLoss: measured.Loss, ValidationAccuracy: measured.Accuracy,
		Seconds: time.Since(start).Seconds(),
	}, err
}

// pass makes one training step per whole batch of a fresh order.
func (t *trainer) pass(ctx context.Context, number int) (meanLoss, accuracy float64, err error) {
	size := t.Recipe.Batch
	steps := len(t.Train.Examples) / size
	order := dataset.Shuffled(len(t.Train.Examples), t.Recipe.Seed, number)[:steps*size]
	augmentation := dataset.Augmentation{Augment: t.Recipe.Augment, Seed: t.Recipe.Seed, Pass: number}
	var lossSum float64
	var rightSum, step int
	err = t.learner.Pass(ctx, t.Train, order, size, augmentation, func(batchLoss float64, right int) {
		step++
		lossSum, rightSum = lossSum+batchLoss, rightSum+right
		if t.Report.Step != nil {
			t.Report.Step(number, step, steps, lossSum/float64(step))
		}
	})
	return lossSum / float64(steps), float64(rightSum) / float64(steps*size), err
}
