package images

import (
	"image"
	"image/color"
)

// Resize returns src as width x height pixels, RGB, HWC, by nearest neighbour with the pixel rule of Pillow's
// Image.resize((width, height), NEAREST) (section 3's first step). It drops alpha without blending, as Pillow's convert("RGB")
// does. 16-bit channels keep their high byte. Colours of JPEG are those of libjpeg. It panics unless all sizes are positive.
func Resize(src image.Image, width, height int) []uint8 {
	b := src.Bounds()
	columns := nearest(b.Min.X, b.Dx(), width)
	rows := nearest(b.Min.Y, b.Dy(), height)
	at := colors(src)
	out := make([]uint8, 0, width*height*3)
	for _, y := range rows {
		for _, x := range columns {
			r, g, b := at(x, y)
			out = append(out, r, g, b)
		}
	}
	return out
}

// nearest returns for each of out pixels the source pixel among in:
//
//	floor((i + 1/2) * in/out)
//
// The sum is accumulated in float64 instead of multiplied, as in Pillow's
// ImagingScaleAffine (libImaging/Geometry.c): the two differ where rounding
// decides.
func nearest(start, in, out int) []int {
	if in < 1 || out < 1 {
		panic("images: Resize: sizes must be positive")
	}
	index := make([]int, out)
	step := float64(in) / float64(out)
	position := step * 0.5
	for i := range index {
		index[i] = start + min(int(position), in-1)
		position += step
	}
	return index
}

// colors returns a function from a pixel to its RGB.
func colors(src image.Image) func(x, y int) (r, g, b uint8) {
	switch m := src.(type) {
	case *image.YCbCr:
		return ycbcrColors(m)
	case *image.CMYK:
		return func(x, y int) (uint8, uint8, uint8) {
			return cmykToRGB(m.CMYKAt(x, y))
		}
	case *image.NRGBA64:
		return func(x, y int) (uint8, uint8, uint8) {
			c := m.NRGBA64At(x, y)
			return uint8(c.R >> 8), uint8(c.G >> 8), uint8(c.B >> 8)
		}
	}
	return func(x, y int) (uint8, uint8, uint8) {
		c := color.NRGBAModel.Convert(src.At(x, y)).(color.NRGBA)
		return c.R, c.G, c.B
	}
}

// cmykToRGB is Pillow's cmyk2rgb (libImaging/Convert.c): (1-C)(1-K), rounded.
func cmykToRGB(c color.CMYK) (r, g, b uint8) {
	white := 255 - uint32(c.K)
	part := func(ink uint8) uint8 {
		t := uint32(ink)*white + 128
		return uint8(white - (t+t>>8)>>8)
	}
	return part(c.C), part(c.M), part(c.Y)
}

// Square makes a picture of size*size*3 values in [0, 255], RGB, HWC: what Resize returns, or what Transform.Apply writes.
func Square[T uint8 | float32](values []T, size int) image.Image {
	picture := image.NewRGBA(image.Rect(0, 0, size, size))
	for i := range size * size {
		picture.SetRGBA(i%size, i/size, color.RGBA{R: uint8(values[3*i]), G: uint8(values[3*i+1]), B: uint8(values[3*i+2]), A: 255})
	}
	return picture
}
