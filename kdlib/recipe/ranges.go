package recipe

import (
	"errors"
	"fmt"
	"math"

	"distillation/kdlib/images"
)

// The largest numbers of a recipe, far above what anyone trains with on one machine: a number above is a slip, and would end in a
// machine without memory or in a run of years.
const (
	MaxSize        = images.MaxSize
	MaxPictures    = 10_000_000
	MaxEpochs      = 100_000
	MaxBatch       = 65_536
	MaxRepetitions = 10_000 // of an evaluation, a training, a chain or a measurement
	MaxImages      = 1_000_000
)

// maxBatchBytes is how much the pictures of a batch may take as float32.
const maxBatchBytes = 8 << 30

// CheckBatch returns an error for a batch, of at least one picture, that is too large for its pictures of size x size.
func CheckBatch(batch, size int) error {
	if batch > MaxBatch || size > MaxSize {
		return fmt.Errorf("batch: got %d pictures of %dx%d, want at most %d of at most %dx%d", batch, size, size, MaxBatch, MaxSize, MaxSize)
	}
	if bytes := batch * size * size * 3 * 4; bytes > maxBatchBytes {
		return fmt.Errorf("batch: got %d pictures of %dx%d, which take %d GB, want at most %d GB", batch, size, size, bytes>>30, maxBatchBytes>>30)
	}
	return nil
}

// atMost is the fault of a whole number that is too large.
func atMost(field string, got, most int) error {
	if got <= most {
		return nil
	}
	return fmt.Errorf("%s: got %d, want at most %d", field, got, most)
}

func finite(field string, got float64) error {
	if !math.IsInf(got, 0) {
		return nil
	}
	return fmt.Errorf("%s: got %v, want a finite number", field, got)
}

func (o Optimizer) validateLargest() error {
	return errors.Join(finite("optimizer.learning_rate", o.LearningRate), finite("optimizer.decay", o.Decay),
		atMost("optimizer.k1", o.K1, math.MaxInt32), atMost("optimizer.k2", o.K2, math.MaxInt32))
}

func (t Training) validateLargest() error {
	return errors.Join(atMost("epochs", t.Epochs, MaxEpochs), atMost("batch", t.Batch, MaxBatch))
}

func (s Study) validateLargest() error {
	errs := []error{atMost("data.size", s.Data.Size, MaxSize), atMost("data.pictures", s.Data.Pictures, MaxPictures), atMost("data.hand_labels", s.Data.HandLabels, MaxPictures), atMost("timing.size", s.Timing.Size, MaxSize),
		atMost("timing.images", s.Timing.Images, MaxImages), atMost("generations", s.Generations, MaxRepetitions),
		atMost("repetitions", s.Repetitions, MaxRepetitions), atMost("seeds", s.Seeds, MaxRepetitions)}
	for _, field := range []struct {
		name        string
		batch, size int
	}{
		{"teacher", s.Teacher.Batch, s.Data.Size}, {"student", s.Student.Batch, s.Data.Size}, {"chain", s.Chain.Batch, s.Data.Size},
		{"timing", s.Timing.Batch, s.Timing.Size},
	} {
		if field.batch > 0 && field.size > 0 {
			errs = append(errs, prefixed(field.name, CheckBatch(field.batch, field.size)))
		}
	}
	return errors.Join(errs...)
}
