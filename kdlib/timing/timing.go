// Package timing measures how long networks take: section 4.1 of the paper, and training steps.
package timing

import (
	"context"
	"fmt"
	"time"

	"distillation/kdlib/catdog"
	"distillation/kdlib/fit"
	"distillation/kdlib/recipe"
	"distillation/kdlib/resnet"
	"distillation/kdlib/results"

	"github.com/gomlx/compute"
)

// Pictures shows pictures to a network with random weights (weights do not change the time), one at a time and, if so
// told, again in batches; pictures that fill no batch are left out there. It returns the calls, decoding and
// preprocessing apart from the network. Call 0 of each size of batch compiles the program and is not one of the images.
func Pictures(ctx context.Context, backend compute.Backend, network string, source *catdog.Source,
	entries catdog.Manifest, how recipe.Timing, progress fit.Progress) ([]results.Call, error) {
	model, err := fit.New(backend, resnet.Network(network), 0, 1)
	if err != nil {
		return nil, err
	}
	defer model.Finalize()
	entries = entries[:min(how.Images, len(entries))]
	var calls []results.Call
	for _, batch := range how.Batches() {
		for i := range len(entries)/batch + 1 {
			first := max(i-1, 0) * batch
			start := time.Now()
			data, err := decode(source, entries[first:first+batch], how.Size)
			if err != nil {
				return nil, err
			}
			ready := time.Now()
			if _, err := model.Predict(ctx, data, batch, fit.Draw{}, nil); err != nil {
				return nil, err
			}
			calls = append(calls, results.Call{
				Network: network, Size: how.Size, Batch: batch, Number: i,
				Prepare: ready.Sub(start).Seconds(), Answer: time.Since(ready).Seconds(),
			})
			progress(i*batch, len(entries))
		}
	}
	return calls, nil
}

// album holds decoded pictures of one size by id.
type album struct {
	size   int
	pixels map[string][]uint8
}

func (a album) Size() int { return a.size }

func (a album) Image(id string) ([]uint8, bool) {
	pixels, ok := a.pixels[id]
	return pixels, ok
}

// decode reads pictures and resizes them.
func decode(source *catdog.Source, entries catdog.Manifest, size int) (fit.Data, error) {
	of := album{size, map[string][]uint8{}}
	data := fit.Data{Pictures: of}
	for _, e := range entries {
		file, err := source.OpenPicture(e.ID)
		if err != nil {
			return data, err
		}
		picture, err := catdog.Decode(file)
		file.Close()
		if err != nil {
			return data, fmt.Errorf("timing: picture %s: %w", e.ID, err)
		}
		of.pixels[e.ID] = catdog.Resize(picture, size, size)
		data.Examples = append(data.Examples, fit.Example{ID: e.ID})
	}
	return data, nil
}
