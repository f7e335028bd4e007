package dataset

import (
	"fmt"
	"slices"
	"testing"

	"distillation/kdlib/images"

	"github.com/gomlx/gomlx/core/tensors"
)

// grey has pictures of 2 x 2 pixels of one shade each; a picture's id is its shade.
type grey map[string]uint8

func (grey) Size() int { return 2 }

func (g grey) Image(id string) ([]uint8, bool) {
	shade, ok := g[id]
	return slices.Repeat([]uint8{shade}, 2*2*3), ok
}

// A batch holds the chosen pictures in order and is filled up with zeros, which are not counted.
func TestShortBatch(t *testing.T) {
	data := Data{Pictures: grey{"a": 10, "b": 20, "c": 30}, Examples: []Example{{"a", 0}, {"b", 1}, {"c", 0.25}}}
	var got []string
	for b, err := range data.Batches(t.Context(), []int{2, 0, 1}, 2, Augmentation{}) {
		if err != nil {
			t.Fatal(err)
		}
		pixels := tensors.MustCopyFlatData[float32](b.Pictures)
		labels := tensors.MustCopyFlatData[float32](b.Labels)
		got = append(got, fmt.Sprint(b.Used, labels, pixels[0], pixels[11], pixels[12], pixels[23]))
	}
	if want := []string{"2 [0.25 0] 30 30 10 10", "1 [1 0] 20 20 0 0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// ramps has pictures whose pixels all differ.
type ramps struct{}

func (ramps) Size() int { return 4 }

func (ramps) Image(string) ([]uint8, bool) {
	pixels := make([]uint8, 4*4*3)
	for i := range pixels {
		pixels[i] = uint8(5 * i)
	}
	return pixels, true
}

// Pictures are augmented by their own seed, epoch and id.
func TestEveryEpochMovesAnew(t *testing.T) {
	data := Data{Pictures: ramps{}, Examples: []Example{{ID: "cat.1"}, {ID: "cat.2"}}}
	augment := images.Augment{Flip: true, Shift: 0.4}
	for epoch := 1; epoch <= 3; epoch++ {
		got := make([]float32, 2*4*4*3)
		data.augment(got, []int{0, 1}, Augmentation{Augment: augment, Seed: 7, Pass: epoch})
		var want []float32
		for _, id := range []string{"cat.1", "cat.2"} {
			src, _ := ramps{}.Image(id)
			augmented := make([]float32, len(src))
			augment.Sample(7, epoch, id, 4).Apply(augmented, src, 4)
			want = append(want, augmented...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("epoch %d: got %v, want %v", epoch, got, want)
		}
	}
}

// A mirror image has the same rows, each from right to left, and nothing else of it is moved.
func TestMirror(t *testing.T) {
	const side = 4
	data := Data{Pictures: ramps{}, Examples: []Example{{ID: "cat.1"}}}
	got := make([]float32, side*side*3)
	data.augment(got, []int{0}, Augmentation{Mirror: true})
	src, _ := ramps{}.Image("cat.1")
	for y := range side {
		for x := range side {
			for c := range 3 {
				if g, want := got[(y*side+x)*3+c], float32(src[(y*side+side-1-x)*3+c]); g != want {
					t.Errorf("row %d, column %d, colour %d: got %v, want %v", y, x, c, g, want)
				}
			}
		}
	}
}

// Every epoch has an order of its own, the same each time it is asked for.
func TestEveryEpochHasItsOrder(t *testing.T) {
	first, second := Shuffled(100, 7, 1), Shuffled(100, 7, 2)
	if slices.Equal(first, second) || slices.Equal(first, Shuffled(100, 8, 1)) {
		t.Error("two epochs, or two seeds, have one order")
	}
	if !slices.Equal(first, Shuffled(100, 7, 1)) {
		t.Error("an epoch has two orders")
	}
	slices.Sort(second)
	if !slices.Equal(second, inOrder(100)) {
		t.Errorf("an epoch is no order of all pictures: %v", second)
	}
}

// BenchmarkBatches makes 32 pictures for a training step, augmented as the paper's students' are: what a step hides.
func BenchmarkBatches(b *testing.B) {
	for _, side := range []int{64, 224} {
		b.Run(fmt.Sprint(side), func(b *testing.B) {
			data := Data{Pictures: plain(side)}
			for i := range 32 {
				data.Examples = append(data.Examples, Example{ID: fmt.Sprintf("cat.%d", i)})
			}
			order, batch := inOrder(32), newBatch(32, side, 1)
			b.ReportAllocs()
			for b.Loop() {
				if err := data.fill(batch, order, Augmentation{Augment: images.Augment{Flip: true, Shift: 0.4}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// plain is a set of black pictures of one size.
type plain int

func (p plain) Size() int { return int(p) }

func (p plain) Image(string) ([]uint8, bool) { return black[:p*p*3], true }

var black [224 * 224 * 3]uint8
