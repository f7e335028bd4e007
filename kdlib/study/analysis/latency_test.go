package analysis

import (
	"slices"
	"testing"
)

// Nine calls are three blocks of three; a draw takes blocks whole.
func TestMedianOfBlocks(t *testing.T) {
	b := newInBlocks([]float64{3, 1, 2, 6, 4, 5, 9, 7, 8})
	if want := []int{0, 0, 0, 1, 1, 1, 2, 2, 2}; b.blocks != 3 || !slices.Equal(b.block, want) {
		t.Fatalf("got %d blocks, %v, want %v", b.blocks, b.block, want)
	}
	for _, test := range []struct {
		drawn []int
		want  float64
	}{{[]int{0, 1, 2}, 5}, {[]int{0, 0, 0}, 2}, {[]int{0, 0, 2}, 3}, {[]int{1, 2, 2}, 7}} { // of 1 1 2 2 3 3 7 8 9; of 4 5 6 7 7 8 8 9 9
		if got := b.median(test.drawn); got != test.want {
			t.Errorf("blocks %v: got %v, want %v", test.drawn, got, test.want)
		}
	}
}

// A machine that is slow in the last two fifths of a session could have been slow in more than half of it. (Of calls drawn one
// by one, more than half would never be slow.)
func TestSlowChangeWidensIntervals(t *testing.T) {
	var slowing, steady []float64
	for i := range 400 {
		noise := float64(i%7) / 1000
		slowing = append(slowing, 1+float64(i/240)+noise)
		steady = append(steady, 1+noise)
	}
	i, err := BootstrapRatio(slowing, steady)
	if err != nil || i.Low > 1.01 || i.High < 1.99 {
		t.Errorf("got %v, %v, want about 1 to 2", i, err)
	}
	i, err = BootstrapMedian(steady)
	if err != nil || i.Low < 1.002 || i.High > 1.004 {
		t.Errorf("steady: got %v, %v, want 1.002 to 1.004", i, err)
	}
}
