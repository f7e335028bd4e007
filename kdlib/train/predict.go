package train

import (
	"context"
	"fmt"

	"distillation/kdlib/dataset"
	"distillation/kdlib/metrics"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// Predict returns the probability of "dog" for every example, in order, and its logit. It does not look at the labels.
func (m *Model) Predict(ctx context.Context, data dataset.Data, how dataset.PredictOptions) (metrics.Predicted, error) {
	return data.Predict(ctx, how, m.Logits, dataset.FromLogit)
}

// Logits returns the predictions before the sigmoid, one for each of the pictures, float32 [n, size, size, 3] in [0, 255]. Each
// new n and size compiles a program, which Watch is told.
func (m *Model) Logits(pictures *tensors.Tensor) ([]float32, error) {
	if pictures.Rank() != 4 {
		return nil, fmt.Errorf("train: pictures: got shape %s, want [n, size, size, 3]", pictures.Shape())
	}
	if err := m.prepare(pictures.Shape()); err != nil {
		return nil, err
	}
	out, err := call(m.forward, pictures)
	if err != nil {
		return nil, err
	}
	defer out[0].MustFinalizeAll()
	return tensors.CopyFlatData[float32](out[0])
}

// prepare compiles the predictions on pictures [n, size, size, 3], unless they are.
func (m *Model) prepare(pictures shapes.Shape) error {
	return m.compile(m.forward, m.program("predictions", pictures), pictures)
}
