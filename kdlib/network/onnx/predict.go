package onnx

import (
	"context"
	"fmt"

	"distillation/kdlib/dataset"
)

// Predict returns the probability of "dog" for every example, in order. Labels are not looked at. A model that takes a
// fixed number of pictures a call overrules how.Batch.
func (m *Model) Predict(ctx context.Context, data dataset.Data, how dataset.PredictOptions) ([]float64, error) {
	if size := data.Pictures.Size(); size != m.Is.Size {
		return nil, fmt.Errorf("onnx: %s: input %q: got pictures of %dx%d, want %dx%d", m.Is.File, m.input, size, size, m.Is.Size, m.Is.Size)
	}
	if m.batch > 0 {
		how.Batch = m.batch
	}
	return data.Predict(ctx, how, m.outputs, m.probability)
}
