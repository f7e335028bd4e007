package dataset

import (
	"context"
	"fmt"
	"hash/crc32"
	"iter"
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/train"
)

// Stream is a GoMLX train.Dataset of pictures, so that GoMLX's Trainer, losses, metrics and checkpoints work on them. A batch
// has one input, float32 [n, size, size, 3] in [0, 1], as a network.Network takes it, and one tensor of labels, float32 [n, 1].
type Stream struct {
	Label        string // its name in GoMLX
	Data         Data
	Batch        int          // examples at a time
	Augmentation Augmentation // augmentation and seed; Pass is the number of the next epoch
	Shuffle      bool         // true: an epoch has only whole batches, in a new order; false: all examples in their order
}

var _ train.Dataset = (*Stream)(nil)

// Name is Label.
func (s *Stream) Name() string { return s.Label }

// Iter makes one epoch. The caller owns its tensors. If an example is unusable, the first batch is an error.
func (s *Stream) Iter() iter.Seq2[train.Batch, error] {
	return func(yield func(train.Batch, error) bool) {
		if err := s.check(); err != nil {
			yield(train.Batch{}, err)
			return
		}
		order := inOrder(len(s.Data.Examples))
		if s.Shuffle {
			order = Shuffled(len(order), s.Augmentation.Seed, s.Augmentation.Pass)[:len(order)/s.Batch*s.Batch]
		}
		draw := s.Augmentation
		s.Augmentation.Pass++
		for b, err := range s.Data.Batches(context.Background(), order, s.Batch, draw) {
			var out train.Batch
			if err == nil {
				out, err = b.copied()
			}
			if !yield(out, err) || err != nil {
				return
			}
		}
	}
}

func (s *Stream) check() error {
	if s.Batch < 1 || s.Shuffle && s.Batch > len(s.Data.Examples) {
		return fmt.Errorf("dataset: %s: got batches of %d, want from 1 to the number of examples, %d", s.Label, s.Batch, len(s.Data.Examples))
	}
	return s.Data.Check(s.Label)
}

// white is the greatest value of a pixel in a Batch.
const white = 255

// copied is the used part of a batch, in tensors of its own.
func (b *Batch) copied() (train.Batch, error) {
	pictures, err := firstRows(b.Pictures, b.Used, 1./white)
	if err != nil {
		return train.Batch{}, err
	}
	labels, err := firstRows(b.Labels, b.Used, 1)
	return train.Batch{Inputs: []*tensors.Tensor{pictures}, Labels: []*tensors.Tensor{labels}}, err
}

func firstRows(t *tensors.Tensor, n int, scale float32) (*tensors.Tensor, error) {
	all, err := tensors.CopyFlatData[float32](t)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	d := t.Shape().Clone().Dimensions
	all = all[:len(all)/d[0]*n]
	d[0] = n
	if scale != 1 {
		for i := range all {
			all[i] *= scale
		}
	}
	return tensors.FromFlatDataAndDimensions(all, d...), nil
}

// Collect reads one epoch of a GoMLX dataset into memory. The result trains, validates and predicts here like any other data.
// Batches have one input, pictures float32 or uint8 [n, size, size, 3] from 0 to whitest (1 or 255), which Collect rounds to
// bytes, and labels float32 [n, 1] in [0, 1]. An example's ID is its number, from 0, and a checksum of the picture. More than
// most pictures are an error, because a dataset may have no end.
//
// An interrupted training run goes on exactly only if the dataset repeats itself: the same pictures in the same order.
// Otherwise the checkpoint is refused. Collect draws only once what the dataset draws anew in each epoch, such as an
// augmentation.
func Collect(ds train.Dataset, whitest float64, most int) (Data, error) {
	m := &memory{}
	data := Data{Pictures: m}
	for batch, err := range ds.Iter() {
		if err != nil {
			return Data{}, fmt.Errorf("dataset: %s: %w", ds.Name(), err)
		}
		labels, err := m.add(batch, whitest)
		if errFree := batch.Finalize(); err == nil {
			err = errFree
		}
		if err != nil {
			return Data{}, fmt.Errorf("dataset: %s: after %d pictures: %w", ds.Name(), len(data.Examples), err)
		}
		for _, y := range labels {
			data.Examples = append(data.Examples, Example{ID: m.name(len(data.Examples)), Label: y})
		}
		if len(data.Examples) > most {
			return Data{}, fmt.Errorf("dataset: %s: got more than %d pictures, want that many at most", ds.Name(), most)
		}
	}
	m.index(data.Examples)
	return data, data.Check(ds.Name())
}

// memory holds pictures of one size.
type memory struct {
	size   int
	pixels []uint8
	at     map[string]int // place by name
}

func (m *memory) Size() int { return m.size }

func (m *memory) Image(id string) ([]uint8, bool) {
	i, ok := m.at[id]
	n := m.size * m.size * 3
	if !ok {
		return nil, false
	}
	return m.pixels[i*n:][:n], true
}

// name is that of picture i: another picture in its place has another.
func (m *memory) name(i int) string {
	n := m.size * m.size * 3
	return fmt.Sprintf("%d-%08x", i, crc32.ChecksumIEEE(m.pixels[i*n:][:n]))
}

func (m *memory) index(examples []Example) {
	m.at = make(map[string]int, len(examples))
	for i, e := range examples {
		m.at[e.ID] = i
	}
}

// add appends the pictures of a batch and returns its labels.
func (m *memory) add(b train.Batch, whitest float64) ([]float32, error) {
	if len(b.Inputs) != 1 || len(b.Labels) != 1 {
		return nil, fmt.Errorf("got %d inputs and %d tensors of labels, want one of each", len(b.Inputs), len(b.Labels))
	}
	x, y := b.Inputs[0].Shape(), b.Labels[0].Shape()
	d := x.Dimensions
	if len(d) != 4 || d[1] != d[2] || d[3] != 3 || m.size != 0 && d[1] != m.size ||
		y.DType != dtypes.Float32 || y.Rank() != 2 || y.Dimensions[0] != d[0] || y.Dimensions[1] != 1 {
		return nil, fmt.Errorf("got pictures %s and labels %s, want [n, size, size, 3] of one size and float32 [n, 1]", x, y)
	}
	m.size = d[1]
	if err := m.addPixels(b.Inputs[0], whitest); err != nil {
		return nil, err
	}
	return tensors.CopyFlatData[float32](b.Labels[0])
}

func (m *memory) addPixels(t *tensors.Tensor, whitest float64) error {
	switch t.DType() {
	case dtypes.Uint8:
		pixels, err := tensors.CopyFlatData[uint8](t)
		m.pixels = append(m.pixels, pixels...)
		return err
	case dtypes.Float32:
		values, err := tensors.CopyFlatData[float32](t)
		for _, v := range values {
			pixel := math.Round(float64(v) / whitest * white)
			if !(pixel >= 0 && pixel <= white) {
				return fmt.Errorf("got a pixel of %v, want from 0 to %v", v, whitest)
			}
			m.pixels = append(m.pixels, uint8(pixel))
		}
		return err
	}
	return fmt.Errorf("got pictures of %s, want float32 or uint8", t.DType())
}
