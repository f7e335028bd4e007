package images

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"
)

// Limits against decompression bombs; the pictures of Kaggle have at most
// 1050 x 768 pixels.
const (
	maxBytes  = 64 << 20   // of one encoded picture
	maxPixels = 50_000_000 // of one decoded picture, 150 MB as RGB
)

// Decode reads one JPEG, PNG, WebP or BMP picture, by content and not by name. Pictures
// of more than 50 million pixels or 64 MiB are refused before they are
// decoded. A rotation noted in EXIF is not applied (Pillow and Keras do not either).
func Decode(r io.Reader) (image.Image, error) {
	data, err := readPicture(r)
	if err != nil {
		return nil, err
	}
	return decode(data)
}

func readPicture(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxBytes {
		return nil, fmt.Errorf("more than %d bytes", maxBytes)
	}
	return data, nil
}

// A decoder reads pictures of one kind.
type decoder struct {
	config func(io.Reader) (image.Config, error)
	full   func([]byte) (image.Image, error)
}

var decoders = map[string]decoder{
	kindJPEG: {jpeg.DecodeConfig, decodeJPEG},
	kindPNG:  {png.DecodeConfig, func(data []byte) (image.Image, error) { return png.Decode(bytes.NewReader(data)) }},
	kindWebP: {webp.DecodeConfig, decodeWebP},
	kindBMP:  {bmp.DecodeConfig, func(data []byte) (image.Image, error) { return bmp.Decode(bytes.NewReader(data)) }},
}

// decode refuses what is no picture of these kinds, or too large, before decoding it.
func decode(data []byte) (image.Image, error) {
	if len(data) == 0 {
		return nil, fmt.Errorf("empty file")
	}
	kind := kindOf(data[:min(len(data), headSize)])
	d, ok := decoders[kind]
	if !ok {
		return nil, fmt.Errorf("not read: %s, want JPEG, PNG, WebP or BMP", cmp.Or(kind, otherKind(data)))
	}
	return guarded(func() (image.Image, error) {
		c, err := d.config(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		if c.Width < 1 || c.Height < 1 || c.Width > maxPixels/c.Height {
			return nil, fmt.Errorf("%d x %d pixels, want 1 to %d", c.Width, c.Height, maxPixels)
		}
		return d.full(data)
	})
}

// guarded turns a panic into an error: a decoder that panics on foreign bytes
// must cost one picture, not the run.
func guarded(read func() (image.Image, error)) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			img, err = nil, fmt.Errorf("the decoder failed: %v", p)
		}
	}()
	return read()
}
