package fit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"

	"distillation/kdlib/catdog"

	"github.com/gomlx/gomlx/core/tensors"
)

// Pictures gives the pixels of a picture by its id. A *catdog.Cache is one.
type Pictures interface {
	Size() int                       // width and height of every picture
	Image(id string) ([]uint8, bool) // [size, size, 3] in [0, 255]; false for an unknown id
}

// Example is a picture with the label that a network shall learn, anywhere in [0, 1]: 0 cat, 1 dog.
type Example struct {
	ID    string
	Label float32
}

// Data is a set of examples and where their pixels are.
type Data struct {
	Pictures Pictures
	Examples []Example
}

// Labels returns the labels of the examples, in order, for package score.
func (d Data) Labels() []float64 {
	y := make([]float64, len(d.Examples))
	for i, e := range d.Examples {
		y[i] = float64(e.Label)
	}
	return y
}

// check returns an error for the first example whose picture or label cannot be used.
func (d Data) check(set string) error {
	for _, e := range d.Examples {
		if _, ok := d.Pictures.Image(e.ID); !ok {
			return fmt.Errorf("fit: %s set: picture %s is not in the cache", set, e.ID)
		}
		if !(e.Label >= 0 && e.Label <= 1) {
			return fmt.Errorf("fit: %s set: picture %s: got label %v, want in [0, 1]", set, e.ID, e.Label)
		}
	}
	return nil
}

// view says how pictures enter a network: in which order, moved how.
type view struct {
	augment catdog.Augment
	seed    uint64
	epoch   int // the draw of the augmentation; with the seed and the id it decides every move
}

// batch is one step's input on the host.
type batch struct {
	pictures *tensors.Tensor // float32 [n, size, size, 3] in [0, 255]
	labels   *tensors.Tensor // float32 [n, 1]
	used     int             // examples in it; the rows after them are zero
}

// free releases the host and device copies.
func (b batch) free() {
	b.pictures.MustFinalizeAll()
	b.labels.MustFinalizeAll()
}

// shuffled returns the order of an epoch: a function of (seed, epoch) alone, so that a resumed run
// sees the same batches.
func shuffled(n int, seed uint64, epoch int) []int {
	return rand.New(rand.NewPCG(seed, uint64(epoch))).Perm(n)
}

// inOrder returns 0..n-1.
func inOrder(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// prefetched is how many batches are made ahead of the step that uses them: one is being used, one
// is ready, so a step never waits for augmentation that is faster than itself.
const prefetched = 2

// batches sends order in batches of size, the last one padded with zero rows: XLA compiles a program
// per shape, and a short batch would be a second program. The channel closes at the end or when ctx ends.
func (d Data) batches(ctx context.Context, order []int, size int, v view) <-chan batch {
	out := make(chan batch, prefetched)
	go func() {
		defer close(out)
		for start := 0; start < len(order); start += size {
			b := d.assemble(order[start:min(start+size, len(order))], size, v)
			select {
			case out <- b:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// assemble moves the chosen pictures into one batch, in parallel over pictures.
func (d Data) assemble(chosen []int, size int, v view) batch {
	side := d.Pictures.Size()
	pixels := make([]float32, size*side*side*3)
	labels := make([]float32, size)
	var wait sync.WaitGroup
	for row, i := range chosen {
		labels[row] = d.Examples[i].Label
		wait.Go(func() {
			e := d.Examples[i]
			src, _ := d.Pictures.Image(e.ID) // present: check ran before
			move := v.augment.Draw(v.seed, v.epoch, e.ID, side)
			move.Apply(pixels[row*side*side*3:(row+1)*side*side*3], src, side)
		})
	}
	wait.Wait()
	return batch{
		pictures: tensors.FromFlatDataAndDimensions(pixels, size, side, side, 3),
		labels:   tensors.FromFlatDataAndDimensions(labels, size, 1),
		used:     len(chosen),
	}
}
