package synth

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/vector"
)

// A shape composed in its box is, byte for byte, the same composed over the whole picture, also where it hangs over the edges.
func TestShapesInTheirBoxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{32, 128, 513} {
		l := sampleLook(rng)
		got, want := newCanvas(size, l), newCanvas(size, l)
		background(got, l, rng)
		copy(want.img.Pix, got.img.Pix)
		for range 300 {
			outline := make([]point, 3+rng.IntN(40))
			middle, reach := point{5*rng.Float64() - 2.5, 5*rng.Float64() - 2.5}, 2*rng.Float64()
			for i := range outline {
				outline[i] = middle.plus(point{reach * rng.NormFloat64(), reach * rng.NormFloat64()})
			}
			fill := color.RGBA{uint8(rng.IntN(256)), uint8(rng.IntN(256)), uint8(rng.IntN(256)), 255}
			got.polygon(fill, outline)
			overTheWhole(want, fill, outline)
			if !bytes.Equal(got.img.Pix, want.img.Pix) {
				t.Fatalf("size %d: other pixels of %v", size, outline)
			}
		}
	}
}

func overTheWhole(c *canvas, fill color.RGBA, outline []point) {
	raster := vector.NewRasterizer(c.img.Rect.Dx(), c.img.Rect.Dy())
	for i, p := range outline {
		q := p.turn(c.tilt).times(c.scale).plus(c.middle)
		if i == 0 {
			raster.MoveTo(float32(q.x), float32(q.y))
		} else {
			raster.LineTo(float32(q.x), float32(q.y))
		}
	}
	raster.ClosePath()
	raster.Draw(c.img, c.img.Rect, image.NewUniform(fill), image.Point{})
}
