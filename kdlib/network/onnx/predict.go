package onnx

import (
	"context"
	"fmt"

	"distillation/kdlib/dataset"
)

// Predict returns the probability of "dog" for every example, in order. It does not look at the labels. A model with a fixed
// batch size uses that size instead of how.Batch.
func (m *Model) Predict(ctx context.Context, data dataset.Data, how dataset.PredictOptions) ([]float64, error) {
	if size := data.Pictures.Size(); m.Is.Size != 0 && size != m.Is.Size {
		return nil, fmt.Errorf("onnx: %s: input %q: got pictures of %dx%d, want %dx%d", m.Is.File, m.input, size, size, m.Is.Size, m.Is.Size)
	}
	if m.batch > 0 {
		how.Batch = m.batch
	}
	return data.Predict(ctx, how, m.outputs, m.probability)
}
