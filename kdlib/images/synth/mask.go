package synth

import (
	"fmt"
	"image"
	"image/color"
	"strconv"
	"strings"
)

// Deciding marks, row by row, the pixels of a picture of size x size that show what the shape decides: the ears, the eyes, the muzzle
// with nose, mouth, tongue and whiskers, and a band along the head's outline. All else, fur, the patch on the forehead and the
// background, says nothing of the class. It is the mask of Render with the same arguments.
//
// A part that is absent decides, too: where a cat's ears would be, a dog's hanging ones are missed. Of that the mask has nothing.
func Deciding(s Shape, size int, seed uint64) []bool {
	return deciding(s, size, sampleLook(source(seed, "look", "")))
}

// Deciding is the mask of a picture of Write, by its id, "cat.12" or "dog.0", at any size.
func (f Faces) Deciding(id string, size int) ([]bool, error) {
	class, number, _ := strings.Cut(id, ".")
	n, err := strconv.Atoi(number)
	label := 0
	if class == "dog" {
		label = 1
	}
	i := 2*n + label
	if err != nil || class != "cat" && class != "dog" || n < 0 || i >= f.N {
		return nil, fmt.Errorf("synth: picture %q: want cat.NUMBER or dog.NUMBER of %d faces", id, f.N)
	}
	_, shape := sample(i, f.Seed)
	return deciding(shape, size, sampleLook(source(f.Seed, "look", id))), nil
}

// DecidingOf are the masks of several pictures.
func (f Faces) DecidingOf(ids []string, size int) ([][]bool, error) {
	masks := make([][]bool, len(ids))
	for i, id := range ids {
		var err error
		if masks[i], err = f.Deciding(id, size); err != nil {
			return nil, err
		}
	}
	return masks, nil
}

// bandWidth is how far the band along the outline reaches to either side, in units of the head's radius.
const bandWidth = 0.1

// deciding draws the face anew, in white what decides and in black what covers it.
func deciding(s Shape, size int, l look) []bool {
	c := newCanvas(size, l)
	f := newFace(s, c, l)
	c.paint = &white
	f.ears(squash(s.Ears))
	f.ellipse(white, ellipse{point{}, f.rx + bandWidth, f.ry + bandWidth, 0})
	c.paint = &color.RGBA{A: 255}
	f.ellipse(black, ellipse{point{}, f.rx - bandWidth, f.ry - bandWidth, 0})
	c.paint = &white
	f.eyes(squash(s.Eyes))
	f.muzzle(squash(s.Muzzle))
	return marked(c.img)
}

// marked are the pixels that a white shape touches by more than an eighth.
func marked(img *image.RGBA) []bool {
	mask := make([]bool, 0, len(img.Pix)/4)
	for i := 0; i < len(img.Pix); i += 4 {
		mask = append(mask, img.Pix[i] >= white.R/8)
	}
	return mask
}
