package images

import "image"

// JPEG files mostly store colour (chroma) at half the resolution. Pillow
// decodes with libjpeg-turbo, which interpolates it ("fancy upsampling",
// jdsample.c); image/jpeg leaves that to the reader, and image.YCbCr.At takes
// the nearest. These functions compute what libjpeg does, for single pixels.

// ycbcrColors returns RGB as libjpeg has it.
func ycbcrColors(m *image.YCbCr) func(x, y int) (r, g, b uint8) {
	chroma := upsampling(m)
	return func(x, y int) (uint8, uint8, uint8) {
		cb, cr := chroma(x, y)
		return ycbcrToRGB(m.Y[m.YOffset(x, y)], cb, cr)
	}
}

// ycbcrToRGB is jdcolor.c's ycc_rgb_convert, fixed point with 16 bits.
func ycbcrToRGB(y uint8, cb, cr int) (r, g, b uint8) {
	const half = 1 << 15
	l, cb, cr := int(y), cb-128, cr-128
	return clip(l + (91881*cr+half)>>16), // 1.40200
		clip(l + (-22554*cb-46802*cr+half)>>16), // 0.34414, 0.71414
		clip(l + (116130*cb+half)>>16) // 1.77200
}

func clip(v int) uint8 { return uint8(min(max(v, 0), 255)) }

// upsampling returns the function that gives a pixel's chroma: weights of 3/4
// for the nearest sample and 1/4 for the next in each direction that is
// halved; the rounding is libjpeg's.
func upsampling(m *image.YCbCr) func(x, y int) (cb, cr int) {
	left, right := m.Rect.Min.X/2, (m.Rect.Max.X-1)/2 // of the halved columns
	wide := right-left >= 2                           // libjpeg repeats samples where there are no more than two
	switch {
	case m.SubsampleRatio == image.YCbCrSubsampleRatio420 && wide:
		return func(x, y int) (int, int) { return between4(m, x, y) }
	case m.SubsampleRatio == image.YCbCrSubsampleRatio422 && wide:
		return func(x, y int) (int, int) {
			return between2(m, m.COffset(x, y), m.COffset(neighbour(x, m.Rect.Min.X, m.Rect.Max.X), y), x&1)
		}
	case m.SubsampleRatio == image.YCbCrSubsampleRatio440:
		return func(x, y int) (int, int) {
			return between2(m, m.COffset(x, y), m.COffset(x, neighbour(y, m.Rect.Min.Y, m.Rect.Max.Y)), y&1)
		}
	}
	return func(x, y int) (int, int) {
		c := m.COffset(x, y)
		return int(m.Cb[c]), int(m.Cr[c])
	}
}

// neighbour returns a pixel in the other sample that i lies nearest to: one to
// the left of an even pixel, one to the right of an odd one, within low..high-1.
func neighbour(i, low, high int) int {
	return min(max(i-1+2*(i&1), low), high-1)
}

// between2 interpolates between two samples (h2v1_fancy_upsample, h1v2_fancy_upsample).
func between2(m *image.YCbCr, near, far, odd int) (cb, cr int) {
	mix := func(c []uint8) int { return (3*int(c[near]) + int(c[far]) + 1 + odd) >> 2 }
	return mix(m.Cb), mix(m.Cr)
}

// between4 interpolates between four samples (h2v2_fancy_upsample).
func between4(m *image.YCbCr, x, y int) (cb, cr int) {
	nx, ny := neighbour(x, m.Rect.Min.X, m.Rect.Max.X), neighbour(y, m.Rect.Min.Y, m.Rect.Max.Y)
	near, below := m.COffset(x, y), m.COffset(x, ny)
	side, corner := m.COffset(nx, y), m.COffset(nx, ny)
	mix := func(c []uint8) int {
		return (3*(3*int(c[near])+int(c[below])) + 3*int(c[side]) + int(c[corner]) + 8 - x&1) >> 4
	}
	return mix(m.Cb), mix(m.Cr)
}
