package dataset

import (
	"fmt"
	"math/rand/v2"

	"distillation/kdlib/images"
)

// Pictures gives the pixels of a picture by its id. A *images.Cache is one.
type Pictures interface {
	Size() int                       // width and height of every picture
	Image(id string) ([]uint8, bool) // [size, size, 3] in [0, 255]; false for an unknown id
}

// Example is a picture and the label that a network shall learn: a number in [0, 1], where 0 is cat and 1 is dog.
type Example struct {
	ID    string
	Label float32
}

// Data is a set of examples and where their pixels are.
type Data struct {
	Pictures Pictures
	Examples []Example
	// Teacher holds a teacher's probability of class 1 for each example, in order, for a loss that takes it beside the label
	// (recipe.Hinton): batches then have it as second column of Labels. Nil: none.
	Teacher []float32
}

// Labels returns the labels of the examples, in order, for package metrics.
func (d Data) Labels() []float64 {
	y := make([]float64, len(d.Examples))
	for i, e := range d.Examples {
		y[i] = float64(e.Label)
	}
	return y
}

// Check returns an error for the first example whose picture or label is unusable.
func (d Data) Check(set string) error {
	for _, e := range d.Examples {
		if _, ok := d.Pictures.Image(e.ID); !ok {
			return fmt.Errorf("dataset: %s set: picture %s is not in the cache", set, e.ID)
		}
		if !(e.Label >= 0 && e.Label <= 1) {
			return fmt.Errorf("dataset: %s set: picture %s: got label %v, want in [0, 1]", set, e.ID, e.Label)
		}
	}
	if n := len(d.Teacher); d.Teacher != nil && n != len(d.Examples) {
		return fmt.Errorf("dataset: %s set: got %d probabilities of a teacher, want %d, one for each example", set, n, len(d.Examples))
	}
	for i, p := range d.Teacher {
		if !(p >= 0 && p <= 1) {
			return fmt.Errorf("dataset: %s set: picture %s: got a teacher's probability %v, want in [0, 1]", set, d.Examples[i].ID, p)
		}
	}
	return nil
}

// Augmentation names one random pass over a set of pictures. Its numbers and a picture's ID decide the picture's transform. The
// zero Augmentation shows the pictures unchanged.
type Augmentation struct {
	Augment images.Augment
	Seed    uint64
	Pass    int  // 0, 1, 2, ... for epochs and repeated evaluations
	Mirror  bool // shows the mirror image, left and right, of what it shows else
}

// Shuffled returns the order of an epoch: a function of (seed, epoch) alone, so that a resumed run
// sees the same batches.
func Shuffled(n int, seed uint64, epoch int) []int {
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
