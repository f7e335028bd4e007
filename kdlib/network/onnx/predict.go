package onnx

import (
	"context"
	"fmt"

	"distillation/kdlib/dataset"
	"distillation/kdlib/metrics"
)

// Predict returns the probability of "dog" for every example, in order, and its logit where the network tells it. It does not look
// at the labels. A model with a fixed batch size uses that size instead of how.Batch.
func (m *Model) Predict(ctx context.Context, data dataset.Data, how dataset.PredictOptions) (metrics.Predicted, error) {
	if err := m.checkSize(data.Pictures.Size()); err != nil {
		return metrics.Predicted{}, err
	}
	if m.batch > 0 {
		how.Batch = m.batch
	}
	return data.Predict(ctx, how, m.outputs, m.read)
}

// checkSize returns an error unless the network takes pictures of size x size.
func (m *Model) checkSize(size int) error {
	if size == m.Is.Size {
		return nil
	}
	return fmt.Errorf("onnx: %s: input %q: got pictures of %dx%d, want %dx%d", m.Is.File, m.input, size, size, m.Is.Size, m.Is.Size)
}
