package synth

import (
	"image"
	"math"
	"strings"
	"testing"
)

// Where a face with other ears, eyes, muzzle or outline has other pixels, some part decides: the mask of one of the two has nearly all of
// these pixels. The light and the noise are the same in both.
func TestDecidingIsWhatShapesChange(t *testing.T) {
	const size, seed = 96, 3
	base := Shape{Ears: -1, Muzzle: -1, Face: -1, Eyes: -1}
	for name, other := range map[string]Shape{
		"ears": {1, -1, -1, -1}, "muzzle": {-1, 1, -1, -1}, "face": {-1, -1, 1, -1}, "eyes": {-1, -1, -1, 1},
	} {
		a, b := Render(base, size, seed), Render(other, size, seed)
		first, second := Deciding(base, size, seed), Deciding(other, size, seed)
		changed, within, marked := 0, 0, 0
		for i := range first {
			if first[i] {
				marked++
			}
			if differs(a, b, 4*i) {
				changed++
				if first[i] || second[i] {
					within++
				}
			}
		}
		if share := float64(within) / float64(changed); changed == 0 || share < 0.9 { // measured: 0.93 to 1; ears move the shadow of their roots
			t.Errorf("%s: %d of %d changed pixels lie on the masks, want nine of ten", name, within, changed)
		}
		if part := float64(marked) / (size * size); part < 0.05 || part > 0.35 {
			t.Errorf("%s: the mask has %.2f of the picture, want a small part", name, part)
		}
	}
}

func differs(a, b *image.RGBA, at int) bool {
	difference := 0.0
	for c := range 3 {
		difference = max(difference, math.Abs(float64(a.Pix[at+c])-float64(b.Pix[at+c])))
	}
	return difference > 16 // beyond edges that blend
}

// The mask of a picture of Write is that of its shape and look, and of any size.
func TestDecidingOfPictures(t *testing.T) {
	f := Faces{N: 6, Size: 64, Seed: 5}
	_, shape := sample(5, f.Seed)
	got, err := f.Deciding("dog.2", 64)
	if err != nil {
		t.Fatal(err)
	}
	want := deciding(shape, 64, sampleLook(source(f.Seed, "look", "dog.2")))
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("pixel %d: got %v, want %v", i, got[i], want[i])
		}
	}
	if small, err := f.Deciding("cat.0", 16); err != nil || len(small) != 256 {
		t.Errorf("size 16: got %d pixels, %v, want 256", len(small), err)
	}
	for _, id := range []string{"dog.3", "cat.-1", "cat.x", "bird.0", "cat"} {
		if _, err := f.Deciding(id, 64); err == nil || !strings.Contains(err.Error(), id) {
			t.Errorf("%s: got error %v, want one that names it", id, err)
		}
	}
}
