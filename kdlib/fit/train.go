package fit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"time"

	"distillation/kdlib/history"
	"distillation/kdlib/label"
	"distillation/kdlib/recipe"
	"distillation/kdlib/resnet"
	"distillation/kdlib/score"
	"distillation/kdlib/weights"

	"github.com/gomlx/compute"
)

// The files of a run's folder.
const (
	ConfigFile  = "config.json"      // the recipe.Training
	HistoryFile = "history.csv"      // an epoch a line
	BestFile    = "best.safetensors" // the network of the best epoch: the result
	LastFile    = "last.safetensors" // network, optimizer, random state and history after the last epoch
	metaHistory = "history"          // LastFile's history as JSON: one rename stores an epoch whole
	metaVersion = "kdlib.checkpoint" // LastFile's kind
	version     = "1"                // of LastFile's content
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
	Train      Data
	Validation Data
	Report     Report
}

// Fit trains until the recipe's last epoch and returns the history of all epochs. A folder that holds
// an unfinished run of the same recipe is gone on with from its last finished epoch, with the same
// results as if it had not been interrupted; a folder of another recipe is an error. When ctx ends, the
// epoch under way is lost, what was stored stays.
func (r Run) Fit(ctx context.Context, backend compute.Backend) (history.History, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	t, err := r.open(backend)
	if err != nil {
		return nil, err
	}
	defer t.model.Finalize()
	defer t.learner.Finalize()
	for epoch := len(t.done) + 1; epoch <= r.Recipe.Epochs; epoch++ {
		measured, err := t.epoch(ctx, epoch)
		if err != nil {
			return t.done, fmt.Errorf("fit: %s: epoch %d: %w", r.Dir, epoch, err)
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

// Best loads the result of a finished run: the network of its best epoch.
func Best(backend compute.Backend, dir string) (*Model, error) {
	var config recipe.Training
	if err := recipe.ReadJSON(filepath.Join(dir, ConfigFile), &config); err != nil {
		return nil, err
	}
	return Load(backend, resnet.Network(config.Network), filepath.Join(dir, BestFile))
}

// check finds what would fail later, before any work is done.
func (r Run) check() error {
	if err := r.Recipe.Validate(); err != nil {
		return fmt.Errorf("fit: %s: %w", r.Dir, err)
	}
	if n := len(r.Train.Examples); n < r.Recipe.Batch {
		return fmt.Errorf("fit: %s: got %d training pictures, want at least one batch of %d", r.Dir, n, r.Recipe.Batch)
	}
	if len(r.Validation.Examples) == 0 {
		return fmt.Errorf("fit: %s: got no validation pictures, want some to choose the best epoch by", r.Dir)
	}
	if err := r.Train.check("training"); err != nil {
		return err
	}
	return r.Validation.check("validation")
}

// trainer is a run under way.
type trainer struct {
	Run
	model   *Model
	learner *Learner
	done    history.History
}

func (r Run) open(backend compute.Backend) (*trainer, error) {
	if err := r.claim(); err != nil {
		return nil, err
	}
	m, err := New(backend, resnet.Network(r.Recipe.Network), r.Recipe.Dropout, r.Recipe.Seed)
	if err != nil {
		return nil, err
	}
	if r.Recipe.Weights != "" {
		if err := m.load(r.Recipe.Weights); err != nil {
			return nil, err
		}
	}
	t := &trainer{Run: r, model: m}
	if err := t.resume(); err != nil {
		return nil, err
	}
	t.learner, err = NewLearner(m, r.Recipe.Optimizer)
	return t, err
}

// claim makes the folder this recipe's, or refuses a folder that is another's.
func (r Run) claim() error {
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		return fmt.Errorf("fit: %w", err)
	}
	path := filepath.Join(r.Dir, ConfigFile)
	var stored recipe.Training
	err := recipe.ReadJSON(path, &stored)
	if errors.Is(err, fs.ErrNotExist) {
		return recipe.WriteJSON(path, r.Recipe)
	}
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(stored, r.Recipe) {
		return fmt.Errorf("fit: %s holds a run of another recipe: got %+v, want %+v; use another folder or remove it", r.Dir, stored, r.Recipe)
	}
	return nil
}

// resume goes back to the last stored epoch, if there is one.
func (t *trainer) resume() error {
	path := filepath.Join(t.Dir, LastFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	file, err := weights.Read(path)
	if err != nil {
		return err
	}
	if file.Meta[metaVersion] != version {
		return fmt.Errorf("fit: %s: got checkpoint version %q, want %q", path, file.Meta[metaVersion], version)
	}
	if err := json.Unmarshal([]byte(file.Meta[metaHistory]), &t.done); err != nil {
		return fmt.Errorf("fit: %s: its history: %w", path, err)
	}
	if err := file.Restore(t.model.store); err != nil {
		return err
	}
	return t.done.Write(filepath.Join(t.Dir, HistoryFile)) // a kill between the two files leaves it one epoch behind
}

// epoch trains once over the training pictures and measures the validation set.
func (t *trainer) epoch(ctx context.Context, number int) (history.Epoch, error) {
	start := time.Now()
	trainLoss, trainAccuracy, err := t.pass(ctx, number)
	if err != nil {
		return history.Epoch{}, err
	}
	p, err := t.model.Predict(ctx, t.Validation, t.Recipe.Batch, Draw{}, nil)
	if err != nil {
		return history.Epoch{}, err
	}
	y := make([]float64, len(p))
	for i, e := range t.Validation.Examples {
		y[i] = float64(e.Label)
	}
	validationLoss, err1 := score.Loss(p, y)
	validationAccuracy, err2 := score.Accuracy(p, y, label.Threshold)
	return history.Epoch{
		Number: number, TrainLoss: trainLoss, TrainAccuracy: trainAccuracy,
		ValidationLoss: validationLoss, ValidationAccuracy: validationAccuracy,
		Seconds: time.Since(start).Seconds(),
	}, errors.Join(err1, err2)
}

// pass makes one training step per whole batch of a fresh order.
func (t *trainer) pass(ctx context.Context, number int) (meanLoss, accuracy float64, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	size := t.Recipe.Batch
	steps := len(t.Train.Examples) / size
	order := shuffled(len(t.Train.Examples), t.Recipe.Seed, number)[:steps*size]
	v := view{augment: t.Recipe.Augment, seed: t.Recipe.Seed, epoch: number}
	var lossSum float64
	var rightSum, step int
	for b := range t.Train.batches(ctx, order, size, v) {
		step++
		batchLoss, right, err := t.learner.Step(b.pictures, b.labels)
		b.free()
		if err != nil {
			return 0, 0, fmt.Errorf("batch %d of %d: %w", step, steps, err)
		}
		lossSum, rightSum = lossSum+batchLoss, rightSum+right
		if t.Report.Step != nil {
			t.Report.Step(number, step, steps, lossSum/float64(step))
		}
	}
	if err := ctx.Err(); err != nil {
		return 0, 0, fmt.Errorf("stopped at batch %d of %d: %w", step, steps, err)
	}
	return lossSum / float64(steps), float64(rightSum) / float64(steps*size), nil
}

// store keeps an epoch: the best network first, then everything in one file, then the readable history.
// A kill between the files is mended by resume, which repeats the epoch or rewrites the history.
func (t *trainer) store(e history.Epoch) error {
	t.done = append(t.done, e)
	if best, _ := t.done.Best(); best.Number == e.Number {
		if err := t.model.Save(filepath.Join(t.Dir, BestFile)); err != nil {
			return err
		}
	}
	past, err := json.Marshal(t.done)
	if err != nil {
		return fmt.Errorf("fit: history of epoch %d: %w", e.Number, err)
	}
	meta := map[string]string{metaVersion: version, metaHistory: string(past), "epoch": strconv.Itoa(e.Number)}
	if err := weights.Save(filepath.Join(t.Dir, LastFile), t.model.store, nil, meta); err != nil {
		return err
	}
	return t.done.Write(filepath.Join(t.Dir, HistoryFile))
}
