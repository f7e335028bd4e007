package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"

	"github.com/gomlx/compute"
)

// Pipeline is the mode of a training step with a new batch each time: from a file of decoded pictures, augmented as the
// paper moves its students'.
const Pipeline = "pipeline"

// inTurn is how many steps of a kind are made before those of the other kind.
const inTurn = 8

// RunPipeline times training with the whole picture pipeline beside training on one constant batch, a few steps of each in
// turns, with the same compiled program. A step counts from the end of the step before it. The first step after a turn does not
// count, because it waits for its batch as at the beginning of an epoch.
func (b Step) RunPipeline(ctx context.Context, backend compute.Backend) (constant, piped Measured, err error) {
	b.Mode = Train
	model, learner, err := b.open(backend)
	if err != nil {
		return constant, piped, err
	}
	defer model.Finalize()
	defer learner.Finalize()
	examples, clean, err := b.synthetic(ctx)
	if err != nil {
		return constant, piped, err
	}
	defer clean()
	constant.Step, piped.Step = b, b
	piped.Mode = Pipeline
	step := b.constant(model, learner)
	start := time.Now()
	if err := step(); err != nil {
		return constant, piped, err
	}
	constant.First = time.Since(start).Seconds()
	for pass := 0; len(piped.Warm) < b.Steps; pass++ {
		var turn stopwatch
		for range inTurn + 1 {
			if err := ctx.Err(); err != nil {
				return constant, piped, fmt.Errorf("bench: stopped: %w", err)
			}
			if err := step(); err != nil {
				return constant, piped, err
			}
			turn.lap()
		}
		constant.Warm = append(constant.Warm, turn.laps...)
		turn = stopwatch{}
		examples.Augmentation = dataset.Augmentation{Augment: recipe.Paper.Student.Augment, Seed: 1, Pass: pass}
		if err := learner.Pass(ctx, examples, func(float64, int) { turn.lap() }); err != nil {
			return constant, piped, err
		}
		piped.Warm = append(piped.Warm, turn.laps...)
	}
	constant.PeakMiB, piped.PeakMiB = peakMiB(), peakMiB()
	piped.First = constant.First // they share their program
	return constant, piped, nil
}

// stopwatch takes the seconds between its laps.
type stopwatch struct {
	last time.Time
	laps []float64
}

func (s *stopwatch) lap() {
	now := time.Now()
	if !s.last.IsZero() {
		s.laps = append(s.laps, now.Sub(s.last).Seconds())
	}
	s.last = now
}

// synthetic is a file of decoded pictures, enough for a turn, and an order of them. Clean closes and removes it.
func (b Step) synthetic(ctx context.Context) (examples train.Pass, clean func(), err error) {
	dir, err := os.MkdirTemp("", "kdlib-pipeline")
	if err != nil {
		return examples, nil, fmt.Errorf("bench: %w", err)
	}
	remove := func() { os.RemoveAll(dir) }
	cache, err := syntheticCache(ctx, dir, (inTurn+1)*b.Batch, b.Size)
	if err != nil {
		remove()
		return examples, nil, err
	}
	examples.Data.Pictures, examples.Batch = cache, b.Batch
	for i, id := range cache.IDs() {
		examples.Data.Examples = append(examples.Data.Examples, dataset.Example{ID: id, Label: float32(i % 2)})
		examples.Order = append(examples.Order, i)
	}
	return examples, func() { cache.Close(); remove() }, nil
}

func syntheticCache(ctx context.Context, dir string, n, size int) (*images.Cache, error) {
	faces, decoded := filepath.Join(dir, "faces.tar"), filepath.Join(dir, "faces.cache")
	if err := synth.Write(ctx, faces, synth.Faces{N: n, Size: size, Seed: 1}); err != nil {
		return nil, err
	}
	source, err := images.Open(faces)
	if err != nil {
		return nil, err
	}
	defer source.Close()
	if _, err := images.BuildCache(ctx, source, decoded, images.CacheOptions{Size: size}); err != nil {
		return nil, err
	}
	return images.OpenCache(decoded)
}
