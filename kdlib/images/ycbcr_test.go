package images

import (
	"math"
	"testing"
)

// Every colour at three brightnesses, from the constants of JFIF 1.02 in libjpeg's 16 bits: FIX(x) is floor(65536 x + 1/2), and sums are
// rounded by 1/2 and a shift. Of 1.772 x 125 = 221.5 the last bit of the constant decides.
func TestYCbCrByHand(t *testing.T) {
	fix := func(x float64) float64 { return math.Floor(65536*x + 0.5) }
	rounded := func(sum float64) float64 { return math.Floor(sum/65536 + 0.5) }
	byte8 := func(v float64) uint8 { return uint8(min(max(v, 0), 255)) }
	for _, y := range []uint8{0, 128, 255} {
		for cb := range 256 {
			for cr := range 256 {
				blue, red := float64(cb-128), float64(cr-128)
				want := [3]uint8{byte8(float64(y) + rounded(fix(1.402)*red)),
					byte8(float64(y) + rounded(-fix(0.34414)*blue-fix(0.71414)*red)),
					byte8(float64(y) + rounded(fix(1.772)*blue))}
				r, g, b := ycbcrToRGB(y, cb, cr)
				if got := [3]uint8{r, g, b}; got != want {
					t.Fatalf("Y %d, Cb %d, Cr %d: got %v, want %v", y, cb, cr, got, want)
				}
			}
		}
	}
}
