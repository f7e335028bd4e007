package images

import (
	"image/color"
	"testing"
)

func TestSquare(t *testing.T) {
	values := []uint8{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12} // rows of (1 2 3) (4 5 6) and (7 8 9) (10 11 12)
	got := Square(values, 2)
	if want := (color.RGBA{R: 7, G: 8, B: 9, A: 255}); got.At(0, 1) != want {
		t.Errorf("row 1, column 0: got %v, want %v", got.At(0, 1), want)
	}
	if got := Square([]float32{255, 0.4, 127.9}, 1).At(0, 0); got != (color.RGBA{R: 255, G: 0, B: 127, A: 255}) {
		t.Errorf("float32: got %v", got)
	}
}
