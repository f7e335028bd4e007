package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/network"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train"

	"github.com/gomlx/compute"
)

// inBlock is how many calls a network runs before the next network has its turn: enough that the processor's caches
// hold what this network uses, as when it is used alone, and few enough that a machine that grows faster or slower does so
// for all networks alike, even with the presets' 40 pictures.
const inBlock = 20

// Check returns an error if a test set of this many pictures fills no batch of the timing.
func Check(how recipe.Timing, pictures int) error {
	if batch, most := slices.Max(how.Batches()), min(how.Images, pictures); batch > most {
		return fmt.Errorf("bench: timing.batch: got %d pictures at a time, want at most %d: timing.images is %d and the test set has %d pictures",
			batch, most, how.Images, pictures)
	}
	return nil
}

// PicturesOptions say what Pictures measures.
type PicturesOptions struct {
	Networks []string // names
	Source   *images.Source
	Entries  images.Manifest // pictures of the source, of which the first are shown
	Timing   recipe.Timing
	Progress dataset.Progress
}

// Pictures shows pictures to networks with random weights (weights do not change the time), one at a time and, if the timing
// has batches, again in batches, without the pictures that fill no batch. Networks take turns, a block of calls each. Pictures
// returns the calls of one network after those of another, with decoding and preprocessing apart from the network. It unpacks a
// tar.gz beforehand. Call 0 of each batch size compiles the program and is not one of the images.
func Pictures(ctx context.Context, backend compute.Backend, o PicturesOptions) ([]folder.Call, error) {
	how, entries := o.Timing, o.Entries
	if err := Check(how, len(entries)); err != nil {
		return nil, err
	}
	n := min(how.Images, len(entries))
	entries = entries[:n:n]
	open, err := o.Source.AtOnce(ctx, entries.IDs())
	if err != nil {
		return nil, err
	}
	models := make([]*train.Model, len(o.Networks))
	for i, name := range o.Networks {
		n, err := network.Named(name)
		if err != nil {
			return nil, fmt.Errorf("timing: %w", err)
		}
		if models[i], err = train.New(backend, n, train.Start{Size: how.Size, Seed: 1}); err != nil {
			return nil, err
		}
		defer models[i].Finalize()
	}
	shown, total := 0, 0
	for _, batch := range how.Batches() {
		total += len(o.Networks) * (n - n%batch)
	}
	calls := make([][]folder.Call, len(o.Networks))
	for _, batch := range how.Batches() {
		for _, t := range turns(len(o.Networks), n/batch) {
			first := max(t.number-1, 0) * batch
			c := folder.Call{Network: o.Networks[t.network], Size: how.Size, Batch: batch, Number: t.number}
			if err := show(ctx, models[t.network], open, entries[first:first+batch], &c); err != nil {
				return nil, err
			}
			calls[t.network] = append(calls[t.network], c)
			if t.number > 0 {
				shown += batch
			}
			o.Progress(shown, total)
		}
	}
	return slices.Concat(calls...), nil
}

// turn is one call of one of several networks, by its number from 0.
type turn struct{ network, number int }

// turns is the order in which networks run calls 0 to last: first the one of each that compiles, then blocks.
func turns(networks, last int) []turn {
	var order []turn
	for i := range networks {
		order = append(order, turn{i, 0})
	}
	for first := 1; first <= last; first += inBlock {
		for i := range networks {
			for number := first; number <= min(first+inBlock-1, last); number++ {
				order = append(order, turn{i, number})
			}
		}
	}
	return order
}

// show makes one call and notes its times in c.
func show(ctx context.Context, model *train.Model, open opener, entries images.Manifest, c *folder.Call) error {
	start := time.Now()
	data, pixels, err := decode(open, entries, c.Size)
	if err != nil {
		return err
	}
	c.Megapixels = float64(pixels) / 1e6 / float64(len(entries))
	ready := time.Now()
	if _, err := model.Predict(ctx, data, dataset.PredictOptions{Batch: c.Batch}); err != nil {
		return err
	}
	c.Prepare, c.Inference = ready.Sub(start).Seconds(), time.Since(ready).Seconds()
	return nil
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

// opener opens the encoded picture of an id.
type opener = func(id string) (io.ReadCloser, error)

// decode reads pictures and resizes them, and counts the pixels that they had.
func decode(open opener, entries images.Manifest, size int) (data dataset.Data, pixels int, err error) {
	of := album{size, map[string][]uint8{}}
	data = dataset.Data{Pictures: of}
	for _, e := range entries {
		file, err := open(e.ID)
		if err != nil {
			return data, 0, err
		}
		picture, err := images.Decode(file)
		file.Close()
		if err != nil {
			return data, 0, fmt.Errorf("bench: picture %s: %w", e.ID, err)
		}
		pixels += picture.Bounds().Dx() * picture.Bounds().Dy()
		of.pixels[e.ID] = images.Resize(picture, size, size)
		data.Examples = append(data.Examples, dataset.Example{ID: e.ID})
	}
	return data, pixels, nil
}
