package dataset

import (
	"context"
	"fmt"
	"math"

	"distillation/kdlib/metrics"

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

// Predict shows all examples in batches to a network and returns its predictions, in order. The network gets
// float32 [Batch, size, size, 3] in [0, 255], where black pictures fill up the last batch, and returns one number for each.
// read turns such a number into the probability of "dog" and its logit, NaN if that is not known, or returns an error.
func (d Data) Predict(ctx context.Context, how PredictOptions,
	network func(pictures *tensors.Tensor) ([]float32, error), read func(float32) (p, logit float64, err error)) (metrics.Predicted, error) {
	var all metrics.Predicted
	err := d.Show(ctx, "prediction", how, func(b *Batch) error {
		values, err := network(b.Pictures)
		if err != nil {
			return err
		}
		if len(values) != how.Batch {
			return fmt.Errorf("dataset: prediction: got %d predictions on %d pictures, want as many", len(values), how.Batch)
		}
		for _, value := range values[:b.Used] {
			p, logit, err := read(value)
			if err != nil {
				return fmt.Errorf("dataset: picture %s: %w", d.Examples[len(all.P)].ID, err)
			}
			all.P = append(all.P, p)
			if !math.IsNaN(logit) {
				all.Logits = append(all.Logits, logit)
			}
		}
		return nil
	})
	if err != nil {
		return metrics.Predicted{}, err
	}
	return all, nil
}

// Show gives all examples, in order and in batches, to look. Black pictures fill up the last one. what names the pass in errors.
func (d Data) Show(ctx context.Context, what string, how PredictOptions, look func(b *Batch) error) error {
	if how.Batch < 1 {
		return fmt.Errorf("dataset: %s: got batches of %d pictures, want at least 1", what, how.Batch)
	}
	if err := d.Check(what); err != nil {
		return err
	}
	shown := 0
	for b, err := range d.Batches(ctx, inOrder(len(d.Examples)), how.Batch, how.Augmentation) {
		if err != nil {
			return fmt.Errorf("dataset: %s: %w", what, err)
		}
		if err := look(b); err != nil {
			return err
		}
		if shown += b.Used; how.Progress != nil {
			how.Progress(shown, len(d.Examples))
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("dataset: %s stopped: %w", what, err)
	}
	return nil
}

// FromLogit is how Predict reads a network that gives logits.
func FromLogit(value float32) (p, logit float64, err error) {
	p, err = Probability(value)
	return p, float64(value), err
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
