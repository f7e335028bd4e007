package images

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
)

func TestSampleDependsOnItsArgumentsOnly(t *testing.T) {
	a := Augment{Flip: true, Shift: 0.4}
	first := a.Sample(1, 2, "cat.3", 64)
	a.Sample(9, 9, "dog.9", 64)
	if again := a.Sample(1, 2, "cat.3", 64); again != first {
		t.Errorf("drawn twice: %v and %v", first, again)
	}
	for _, other := range []Transform{a.Sample(2, 2, "cat.3", 64), a.Sample(1, 3, "cat.3", 64), a.Sample(1, 2, "dog.3", 64)} {
		if other.DX == first.DX || other.DY == first.DY {
			t.Errorf("seed, epoch or id did not matter: %v and %v", first, other)
		}
	}
	if double := a.Sample(1, 2, "cat.3", 128); double.DX != 2*first.DX {
		t.Errorf("at twice the size: shift %v, want %v", double.DX, 2*first.DX)
	}
	if unflipped := (Augment{Shift: 0.4}).Sample(1, 2, "cat.3", 64); unflipped.DX != first.DX || unflipped.Flip {
		t.Errorf("without flips: %v, want the shifts of %v", unflipped, first)
	}
	if none := (Augment{}).Sample(1, 2, "cat.3", 64); none.Flip || none.DX != 0 || none.DY != 0 {
		t.Errorf("no augmentation: %v", none)
	}
}

// The draws are those of the generator as its authors describe it, written again in Python: all that was ever trained rests on them.
func TestSampleAgainstPython(t *testing.T) {
	var cases []struct {
		Seed        uint64
		Epoch, Size int
		ID          string
		Shift       float64
		Flip        bool
		DX, DY      float64
	}
	golden.Read(t, "draws_golden.json", &cases)
	flips := map[bool]bool{}
	for _, c := range cases {
		want := Transform{c.Flip, c.DX, c.DY}
		if got := (Augment{Flip: true, Shift: c.Shift}).Sample(c.Seed, c.Epoch, c.ID, c.Size); got != want {
			t.Errorf("seed %d, epoch %d, %s at %d: got %+v, want %+v", c.Seed, c.Epoch, c.ID, c.Size, got, want)
		}
		flips[c.Flip] = true
	}
	if len(flips) != 2 {
		t.Error("the cases are all flipped or none is")
	}
}

// Shifts must be uniform in [-0.4, 0.4) of the size and independent of each
// other, flips as frequent as not.
func TestSampleIsUniform(t *testing.T) {
	const (
		draws = 20000
		cells = 10
		size  = 50
		// The 99.9 % point of chi-squared with cells*cells-1 = 99 degrees of
		// freedom is 148.23 (tables).
		limit = 148.23
	)
	var counts [cells][cells]int
	flips := 0
	for i := range draws {
		m := Augment{Flip: true, Shift: 0.4}.Sample(7, i%10, fmt.Sprintf("cat.%d", i/10), size)
		if math.Abs(m.DX) > 20 || math.Abs(m.DY) > 20 {
			t.Fatalf("shift %v, want at most 0.4 * 50", m)
		}
		counts[int((m.DX+20)/40*cells)][int((m.DY+20)/40*cells)]++
		if m.Flip {
			flips++
		}
	}
	chi, want := 0.0, float64(draws)/cells/cells
	for _, row := range counts {
		for _, n := range row {
			chi += (float64(n) - want) * (float64(n) - want) / want
		}
	}
	if chi > limit {
		t.Errorf("chi-squared of the shifts %v, want at most %v", chi, limit)
	}
	// Four standard deviations of a fair coin.
	if d := math.Abs(float64(flips) - draws/2); d > 4*math.Sqrt(draws)/2 {
		t.Errorf("%d flips of %d", flips, draws)
	}
}

// A 2x2 picture by hand; values of the three channels are v, v+1, v+2.
func TestTransformByHand(t *testing.T) {
	tests := []struct {
		move Transform
		want [4]float32 // first channel: top left, top right, bottom left, bottom right
	}{
		{Transform{}, [4]float32{0, 100, 200, 250}},
		{Transform{Flip: true}, [4]float32{100, 0, 250, 200}},
		{Transform{DX: 1}, [4]float32{100, 100, 250, 250}},  // to the left
		{Transform{DY: 1}, [4]float32{200, 250, 200, 250}},  // up
		{Transform{DX: -5}, [4]float32{0, 0, 200, 200}},     // far to the right
		{Transform{DX: 0.5}, [4]float32{50, 100, 225, 250}}, // half a pixel
		{Transform{DX: 0.5, Flip: true}, [4]float32{100, 50, 250, 225}},
	}
	var src []uint8
	for _, v := range []uint8{0, 100, 200, 250} {
		src = append(src, v, v+1, v+2)
	}
	for _, test := range tests {
		var want []float32
		for _, v := range test.want {
			want = append(want, v, v+1, v+2)
		}
		got := make([]float32, 12)
		test.move.Apply(got, src, 2)
		if !slices.Equal(got, want) {
			t.Errorf("%+v: got %v, want %v", test.move, got, want)
		}
	}
}

func TestAugmentValidate(t *testing.T) {
	for shift, want := range map[float64]string{0: "", 0.4: "", 1: "", -0.1: "got -0.1", 1.5: "got 1.5", math.Inf(1): "got +Inf", math.NaN(): "got NaN"} {
		err := Augment{Shift: shift}.Validate()
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), "augment.shift: "+want+", want in [0, 1]") {
			t.Errorf("shift %v: got error %v, want %q", shift, err, want)
		}
	}
}

// One batch of 32, as in training.
func BenchmarkApply(b *testing.B) {
	for _, size := range []int{64, 224} {
		for name, transform := range map[string]Transform{"flip": {Flip: true}, "shift": {Flip: true, DX: 7.3, DY: -11.6}} {
			src, dst := make([]uint8, size*size*3), make([]float32, size*size*3)
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				for b.Loop() {
					for range 32 {
						transform.Apply(dst, src, size)
					}
				}
			})
		}
	}
}

func BenchmarkSample(b *testing.B) {
	for b.Loop() {
		Augment{Flip: true, Shift: 0.4}.Sample(1, 2, "cat.12345", 64)
	}
}

// A shift of a quarter of the picture: positive DX is to the left.
func ExampleTransform_Apply() {
	src := []uint8{ // 2 x 2 pixels
		10, 10, 10, 20, 20, 20,
		30, 30, 30, 40, 40, 40,
	}
	dst := make([]float32, len(src))
	Transform{DX: 0.5}.Apply(dst, src, 2)
	fmt.Println(dst)
	// Output: [15 15 15 20 20 20 35 35 35 40 40 40]
}
