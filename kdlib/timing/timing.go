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

// Pictures shows pictures one at a time to a network with random weights (weights do not change the
// time) and returns a call a picture, decoding and preprocessing apart from the network. Call 0
// compiles the program and is not one of the images.
func Pictures(ctx context.Context, backend compute.Backend, network string, source *catdog.Source,
	entries catdog.Manifest, how recipe.Timing, progress fit.Progress) ([]results.Call, error) {
	model, err := fit.New(backend, resnet.Network(network), 0, 1)
	if err != nil {
		return nil, err
	}
	defer model.Finalize()
	var calls []results.Call
	for i := range min(how.Images, len(entries)) + 1 {
		id := entries[max(i-1, 0)].ID
		start := time.Now()
		pixels, err := decode(source, id, how.Size)
		if err != nil {
			return nil, err
		}
		ready := time.Now()
		one := fit.Data{Pictures: single{how.Size, pixels}, Examples: []fit.Example{{ID: id}}}
		if _, err := model.Predict(ctx, one, 1, fit.Draw{}, nil); err != nil {
			return nil, err
		}
		calls = append(calls, results.Call{
			Network: network, Size: how.Size, Batch: 1, Number: i,
			Prepare: ready.Sub(start).Seconds(), Answer: time.Since(ready).Seconds(),
		})
		progress(i, how.Images)
	}
	return calls, nil
}

// single is a set of one picture, whatever its id.
type single struct {
	size   int
	pixels []uint8
}

func (s single) Size() int                    { return s.size }
func (s single) Image(string) ([]uint8, bool) { return s.pixels, true }

func decode(source *catdog.Source, id string, size int) ([]uint8, error) {
	file, err := source.OpenPicture(id)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	picture, err := catdog.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("timing: picture %s: %w", id, err)
	}
	return catdog.Resize(picture, size, size), nil
}
