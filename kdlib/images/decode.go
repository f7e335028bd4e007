package images

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
)

// Limits against decompression bombs; the pictures of Kaggle have at most
// 1050 x 768 pixels.
const (
	maxBytes  = 64 << 20   // of one encoded picture
	maxPixels = 50_000_000 // of one decoded picture, 150 MB as RGB
)

// Decode reads one JPEG or PNG picture, by content and not by name. Pictures
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

// decode refuses what is no JPEG or PNG, or too large, before decoding it.
func decode(data []byte) (image.Image, error) {
	if len(data) == 0 {
		return nil, fmt.Errorf("empty file")
	}
	config, full := jpeg.DecodeConfig, jpeg.Decode
	switch kind := http.DetectContentType(data); kind {
	case "image/jpeg":
	case "image/png":
		config, full = png.DecodeConfig, png.Decode
	default:
		return nil, fmt.Errorf("its content is %s, want JPEG or PNG", kind)
	}
	return guarded(func() (image.Image, error) {
		c, err := config(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		if c.Width < 1 || c.Height < 1 || c.Width > maxPixels/c.Height {
			return nil, fmt.Errorf("%d x %d pixels, want 1 to %d", c.Width, c.Height, maxPixels)
		}
		return full(bytes.NewReader(data))
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
