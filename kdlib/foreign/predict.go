package foreign

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"distillation/kdlib/fit"

	"github.com/gomlx/gomlx/core/tensors"
)

// Predict returns the probability of "dog" for every example, in order. Labels are not looked at. The zero Draw shows
// the pictures as they are. A model that takes a fixed number of pictures a call overrules batch.
func (m *Model) Predict(ctx context.Context, data fit.Data, batch int, draw fit.Draw, progress fit.Progress) ([]float64, error) {
	if size := data.Pictures.Size(); m.Is.Size != 0 && size != m.Is.Size {
		return nil, fmt.Errorf("foreign: %s: input %q: got pictures of %dx%d, want %dx%d", m.Is.File, m.input, size, size, m.Is.Size, m.Is.Size)
	}
	if m.batch > 0 {
		batch = m.batch
	}
	var p []float64
	for some := range slices.Chunk(data.Examples, batch) {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("foreign: prediction stopped: %w", err)
		}
		answers, err := m.some(data.Pictures, some, batch, draw)
		if err != nil {
			return nil, err
		}
		p = append(p, answers...)
		if progress != nil {
			progress(len(p), len(data.Examples))
		}
	}
	return p, nil
}

// some answers on at most batch examples. What is missing to a batch is filled with black pictures: another shape would
// compile another program.
func (m *Model) some(pictures fit.Pictures, examples []fit.Example, batch int, draw fit.Draw) ([]float64, error) {
	side := pictures.Size()
	picture := side * side * colours
	pixels := make([]float32, batch*picture)
	var wait sync.WaitGroup
	defer wait.Wait()
	for i, e := range examples {
		src, ok := pictures.Image(e.ID)
		if !ok {
			return nil, fmt.Errorf("foreign: prediction: picture %s is not in the cache", e.ID)
		}
		wait.Go(func() {
			draw.Augment.Draw(draw.Seed, draw.Pass, e.ID, side).Apply(pixels[i*picture:][:picture], src, side)
		})
	}
	wait.Wait()
	batched := tensors.FromFlatDataAndDimensions(pixels, batch, side, side, colours)
	defer batched.MustFinalizeAll()
	p, err := m.Answers(batched)
	if err != nil {
		return nil, err
	}
	if len(p) != batch {
		return nil, fmt.Errorf("foreign: %s: output %q: got %d answers on %d pictures, want as many", m.Is.File, m.output, len(p), batch)
	}
	return p[:len(examples)], nil
}
