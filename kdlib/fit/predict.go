package fit

import (
	"context"
	"fmt"
	"math"

	"distillation/kdlib/catdog"

	"github.com/gomlx/gomlx/core/tensors"
)

// Progress tells how far a pass over the pictures is: steps done of all steps.
type Progress func(done, total int)

// Draw names one random pass over a set of pictures: the augmentation, and the numbers that decide it.
type Draw struct {
	Augment catdog.Augment
	Seed    uint64
	Pass    int // 0, 1, 2, ... for repeated evaluations
}

// Predict returns the probability of "dog" for every example, in order. Labels are not looked at. The
// zero Draw shows the pictures as they are.
func (m *Model) Predict(ctx context.Context, data Data, batchSize int, draw Draw, progress Progress) ([]float64, error) {
	if err := data.check("prediction"); err != nil {
		return nil, err
	}
	v := view{augment: draw.Augment, seed: draw.Seed, epoch: draw.Pass}
	var p []float64
	for b, err := range data.batches(ctx, inOrder(len(data.Examples)), batchSize, v) {
		if err != nil {
			return nil, fmt.Errorf("fit: prediction: %w", err)
		}
		logits, err := m.Logits(b.pictures)
		if err != nil {
			return nil, err
		}
		for _, z := range logits[:b.used] {
			if isNotFinite(float64(z)) {
				return nil, fmt.Errorf("fit: picture %s: logit: got %v, want a finite number", data.Examples[len(p)].ID, z)
			}
			p = append(p, sigmoid(float64(z)))
		}
		if progress != nil {
			progress(len(p), len(data.Examples))
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("fit: prediction stopped: %w", err)
	}
	return p, nil
}

// Logits returns the answers before the sigmoid, one for each of the pictures, float32 [n, size, size, 3]
// in [0, 255]. Each n and size compiles a program when it is first seen, which Watch is told.
func (m *Model) Logits(pictures *tensors.Tensor) ([]float32, error) {
	if pictures.Rank() != 4 {
		return nil, fmt.Errorf("fit: pictures: got shape %s, want [n, size, size, 3]", pictures.Shape())
	}
	if err := m.compile(m.answer, m.program("answers", pictures.Shape()), pictures.Shape()); err != nil {
		return nil, err
	}
	out, err := call(m.answer, pictures)
	if err != nil {
		return nil, err
	}
	defer out[0].MustFinalizeAll()
	return tensors.CopyFlatData[float32](out[0])
}

// sigmoid is computed in float64 from the float32 logit: in float32 every logit above 17 would be
// exactly 1, and its loss by (1) infinite. No finite logit is quite certain: what float64 would round to 0 or 1
// stays next to it.
func sigmoid(z float64) float64 {
	return min(max(1/(1+math.Exp(-z)), math.SmallestNonzeroFloat64), math.Nextafter(1, 0))
}
