package dataset

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// Batch is one step's input on the host.
type Batch struct {
	Pictures *tensors.Tensor // float32 [n, size, size, 3] in [0, 255]
	Labels   *tensors.Tensor // float32 [n, 1]; [n, 2] with the teacher's probabilities, see Data.Teacher
	Used     int             // examples in it; the rows after them are zero
}

func newBatch(n, side, targets int) *Batch {
	return &Batch{
		Pictures: tensors.FromShape(shapes.Make(dtypes.Float32, n, side, side, 3)),
		Labels:   tensors.FromShape(shapes.Make(dtypes.Float32, n, targets)),
	}
}

// targets is how many numbers a batch has for each example beside its picture.
func (d Data) targets() int {
	if d.Teacher == nil {
		return 1
	}
	return 2
}

// free releases the host and device copies.
func (b *Batch) free() error { return errors.Join(b.Pictures.FinalizeAll(), b.Labels.FinalizeAll()) }

// inFlight is how many batches there are at once: one is learned from, one is ready, one is being made. So
// no step waits for pictures that take less time to augment than the step takes, nor for one late batch.
const inFlight = 3

// Batches makes batches of n examples in the given order, ahead of the loop that uses them. It pads the last batch with zero
// rows, because a shorter batch would need a second XLA program. A batch is valid until the next turn of the loop: Batches uses
// the same few tensors again, since on the CPU they are XLA's own memory and pictures can be written into them without a copy.
// The loop ends early, without an error, when ctx does.
func (d Data) Batches(ctx context.Context, order []int, n int, augmentation Augmentation) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		c := cycle{free: make(chan *Batch, inFlight), ready: make(chan made)}
		all := make([]*Batch, min(inFlight, (len(order)+n-1)/n))
		for i := range all {
			all[i] = newBatch(n, d.Pictures.Size(), d.targets())
			c.free <- all[i]
		}
		go d.produce(ctx, slices.Chunk(order, n), augmentation, c)
		defer func() {
			stop()
			for range c.ready { // produce closes it when it touches no batch any more
			}
			for _, b := range all {
				_ = b.free() // of a backend that is gone with its memory
			}
		}()
		for m := range c.ready {
			if !yield(m.Batch, m.err) {
				return
			}
			c.free <- m.Batch
		}
	}
}

// cycle is the way of the few batches that there are: free until they are made, ready until they are used.
type cycle struct {
	free  chan *Batch
	ready chan made
}

// made is a batch, or why it could not be made.
type made struct {
	*Batch
	err error
}

// produce fills free batches with the chunks and sends them until the chunks or ctx end.
func (d Data) produce(ctx context.Context, chunks iter.Seq[[]int], augmentation Augmentation, c cycle) {
	defer close(c.ready)
	for chosen := range chunks {
		select {
		case b := <-c.free:
			m := made{b, d.fill(b, chosen, augmentation)}
			select {
			case c.ready <- m:
			case <-ctx.Done():
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// fill puts the chosen examples into a batch.
func (d Data) fill(b *Batch, chosen []int, augmentation Augmentation) error {
	b.Used = len(chosen)
	return errors.Join(
		tensors.MutableFlatData(b.Labels, func(y []float32) {
			clear(y)
			targets := d.targets()
			for row, i := range chosen {
				y[row*targets] = d.Examples[i].Label
				if d.Teacher != nil {
					y[row*targets+1] = d.Teacher[i]
				}
			}
		}),
		tensors.MutableFlatData(b.Pictures, func(x []float32) { d.augment(x, chosen, augmentation) }))
}

// augment writes the chosen pictures, augmented, into x, in parallel over pictures.
func (d Data) augment(x []float32, chosen []int, augmentation Augmentation) {
	side := d.Pictures.Size()
	picture := side * side * 3
	var wait sync.WaitGroup
	for row, i := range chosen {
		wait.Go(func() {
			id := d.Examples[i].ID
			src, _ := d.Pictures.Image(id) // present: check ran before
			transform := augmentation.Augment.Sample(augmentation.Seed, augmentation.Pass, id, side)
			transform.Flip = transform.Flip != augmentation.Mirror
			transform.Apply(x[row*picture:][:picture], src, side)
		})
	}
	wait.Wait()
	clear(x[len(chosen)*picture:])
}
