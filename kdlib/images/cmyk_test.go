package images

import (
	"image/color"
	"math"
	"testing"
)

// Every ink on every black, by hand: white less the share of ink of it, rounded; with 255 below the line nothing lies in the middle. Pillow
// 13.0's convert("RGB") gives the same on all 65,536.
func TestCMYKByHand(t *testing.T) {
	for black := range 256 {
		for ink := range 256 {
			white := float64(255 - black)
			want := uint8(white - math.Round(float64(ink)*white/255))
			bare := uint8(white)
			r, g, b := cmykToRGB(color.CMYK{C: uint8(ink), K: uint8(black)})
			r2, g2, b2 := cmykToRGB(color.CMYK{M: uint8(ink), K: uint8(black)})
			r3, g3, b3 := cmykToRGB(color.CMYK{Y: uint8(ink), K: uint8(black)})
			if got, all := [9]uint8{r, g, b, r2, g2, b2, r3, g3, b3}, [9]uint8{want, bare, bare, bare, want, bare, bare, bare, want}; got != all {
				t.Fatalf("ink %d, black %d: got %v, want %v", ink, black, got, all)
			}
		}
	}
}
