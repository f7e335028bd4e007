package images

import (
	"bytes"
	"fmt"
	"image"
	"image/color"

	"golang.org/x/image/webp"
)

// decodeWebP returns the pixels that libwebp, and so Pillow, returns. x/image/webp leaves the colours in YCbCr, and
// image.YCbCr.At would read them in JPEG's range. Alpha is dropped.
func decodeWebP(data []byte) (image.Image, error) {
	if animated(data) {
		return nil, fmt.Errorf("not read: an animated WebP")
	}
	m, err := webp.Decode(bytes.NewReader(data))
	switch m := m.(type) {
	case *image.YCbCr:
		return webpColors(m), err
	case *image.NYCbCrA:
		return webpColors(&m.YCbCr), err
	}
	return m, err
}

// animated looks at the flag in the extended header (RFC 9649, 2.7).
func animated(data []byte) bool {
	const flags, animation = 20, 0x02
	return len(data) > flags && string(data[12:16]) == "VP8X" && data[flags]&animation != 0
}

// webpColors is libwebp's conversion with its "fancy" upsampling (src/dsp/upsampling.c): 9/16 of the nearest sample of chroma,
// 3/16 of each next one, 1/16 of that across.
func webpColors(m *image.YCbCr) image.Image {
	b := m.Bounds()
	out := image.NewNRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		vertical := neighbour(y, b.Min.Y, b.Max.Y)
		for x := b.Min.X; x < b.Max.X; x++ {
			horizontal := neighbour(x, b.Min.X, b.Max.X)
			near, side := m.COffset(x, y), m.COffset(horizontal, y)
			below, across := m.COffset(x, vertical), m.COffset(horizontal, vertical)
			mix := func(c []uint8) int {
				n, s, v, d := int(c[near]), int(c[side]), int(c[below]), int(c[across])
				return ((n+s+v+d+8+2*(s+v))>>3 + n) >> 1
			}
			out.SetNRGBA(x, y, webpColor(int(m.Y[m.YOffset(x, y)]), mix(m.Cb), mix(m.Cr)))
		}
	}
	return out
}

// webpColor is VP8YuvToRgb (src/dsp/yuv.h): BT.601 with luma from 16 to 235, in fixed point.
func webpColor(y, u, v int) color.NRGBA {
	part := func(v int) uint8 { return clip(v >> 6) }
	l := y * 19077 >> 8
	return color.NRGBA{
		R: part(l + v*26149>>8 - 14234),
		G: part(l - u*6419>>8 - v*13320>>8 + 8708),
		B: part(l + u*33050>>8 - 17685),
		A: 255,
	}
}
