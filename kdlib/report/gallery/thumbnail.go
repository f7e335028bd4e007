package gallery

import (
	"bytes"
	"fmt"
	"image/jpeg"

	"distillation/kdlib/images"
)

// ThumbnailSize is the greatest width and height of a thumbnail in pixels: enough to see an animal, some 1.5 KB.
const ThumbnailSize = 64

// thumbnailQuality is of JPEG, of 100.
const thumbnailQuality = 60

// Thumbnail is a picture as JPEG, of its own size or of ThumbnailSize if that is smaller (by nearest neighbour, as networks get
// to see it). A picture that is not there is an error.
func Thumbnail(cache *images.Cache, id string) ([]byte, error) {
	values, ok := cache.Image(id)
	if !ok {
		return nil, fmt.Errorf("gallery: picture %s is not among the %d decoded ones, want those of the study, as its OpenPictures finds them", id, cache.Len())
	}
	picture := images.Square(values, cache.Size())
	if size := ThumbnailSize; cache.Size() > size {
		picture = images.Square(images.Resize(picture, size, size), size)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: thumbnailQuality}); err != nil {
		return nil, fmt.Errorf("gallery: picture %s: %w", id, err)
	}
	return b.Bytes(), nil
}
