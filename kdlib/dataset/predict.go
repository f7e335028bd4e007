package dataset

import (
	"context"
	"fmt"
	"math"

	"github.com/gomlx/gomlx/core/tensors"
)

// Progress tells how far a pass over the pictures is: steps done of all steps.
type Progress func(done, total int)

// PredictOptions say how examples are shown to a model.
type PredictOptions struct {
	Batch        int          // pictures at a time
	Augmentation Augmentation // the zero one shows the pictures as they are
	Progress     Progress     // may be nil
}

// Predict shows all examples in batches to a network and returns the probability of "dog" for each, in order. The network gets
// float32 [Batch, size, size, 3] in [0, 255], where black pictures fill up the last batch, and returns one number for each.
// probability turns such a number into a probability, or returns an error.
func (d Data) Predict(ctx context.Context, how PredictOptions,
	network func(pictures *tensors.Tensor) ([]float32, error), probability func(float32) (float64, error)) ([]float64, error) {
	if how.Batch < 1 {
		return nil, fmt.Errorf("dataset: prediction: got batches of %d pictures, want at least 1", how.Batch)
	}
	if err := d.Check("prediction"); err != nil {
		return nil, err
	}
	var p []float64
	for b, err := range d.Batches(ctx, inOrder(len(d.Examples)), how.Batch, how.Augmentation) {
		if err != nil {
			return nil, fmt.Errorf("dataset: prediction: %w", err)
		}
		values, err := network(b.Pictures)
		if err != nil {
			return nil, err
		}
		if len(values) != how.Batch {
			return nil, fmt.Errorf("dataset: prediction: got %d predictions on %d pictures, want as many", len(values), how.Batch)
		}
		for _, value := range values[:b.Used] {
			one, err := probability(value)
			if err != nil {
				return nil, fmt.Errorf("dataset: picture %s: %w", d.Examples[len(p)].ID, err)
			}
			p = append(p, one)
		}
		if how.Progress != nil {
			how.Progress(len(p), len(d.Examples))
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("dataset: prediction stopped: %w", err)
	}
	return p, nil
}

// Probability returns the sigmoid of a logit, which must be finite. It computes in float64, because in float32 every logit
// above 17 would give exactly 1 and an infinite loss (1). Where even float64 rounds to 0 or 1, it returns the number next to
// it.
func Probability(logit float32) (float64, error) {
	z := float64(logit)
	if math.IsNaN(z) || math.IsInf(z, 0) {
		return 0, fmt.Errorf("logit: got %v, want a finite number", logit)
	}
	return min(max(1/(1+math.Exp(-z)), math.SmallestNonzeroFloat64), math.Nextafter(1, 0)), nil
}
