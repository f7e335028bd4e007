package notebook

import (
	"fmt"
	"image"

	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/predictions"
	"distillation/kdlib/report/gallery"
	"distillation/kdlib/table"
)

// Resized displays a picture beside its resizes to smaller sizes by nearest neighbour.
func Resized(picture image.Image, sizes ...int) {
	pictures, captions := []image.Image{picture}, []string{fmt.Sprintf("%d × %d", picture.Bounds().Dx(), picture.Bounds().Dy())}
	for _, size := range sizes {
		pictures = append(pictures, images.Square(images.Resize(picture, size, size), size))
		captions = append(captions, fmt.Sprintf("%d × %d", size, size))
	}
	Pictures(pictures, captions)
}

// Augmented displays a square picture and how augmentation changes it in epochs 1 to n.
func Augmented(picture image.Image, a images.Augment, n int, seed uint64) {
	size := picture.Bounds().Dx()
	pixels := images.Resize(picture, size, size)
	pictures, captions := []image.Image{picture}, []string{"as it is"}
	for epoch := 1; epoch <= n; epoch++ {
		transform := a.Sample(seed, epoch, "picture", size)
		augmented := make([]float32, len(pixels))
		transform.Apply(augmented, pixels, size)
		pictures = append(pictures, images.Square(augmented, size))
		captions = append(captions, transformCaption(epoch, transform))
	}
	Pictures(pictures, captions)
}

func transformCaption(epoch int, m images.Transform) string {
	caption := fmt.Sprintf("epoch %d: dx %+.1f, dy %+.1f", epoch, m.DX, m.DY)
	if m.Flip {
		caption += ", flipped"
	}
	return caption
}

// Faces displays drawn faces of the given shapes, each with its true probability
// of "dog".
func Faces(size int, seed uint64, shapes ...synth.Shape) {
	var pictures []image.Image
	var captions []string
	for _, s := range shapes {
		pictures = append(pictures, synth.Render(s, size, seed))
		captions = append(captions, fmt.Sprintf("P(dog) = %.3f", s.PDog()))
	}
	Pictures(pictures, captions)
}

// Predicted displays the first n pictures of a file of predictions. Below each stand its ID, which begins with its class, the
// prediction, and a mark if the prediction is on the wrong side of 0.5.
func Predicted(cache *images.Cache, predicted predictions.Table, n int) {
	var pictures []image.Image
	var captions []string
	for _, row := range predicted[:min(n, len(predicted))] {
		pixels, ok := cache.Image(row.ID)
		if !ok {
			Check(fmt.Errorf("notebook: picture %s is not in the cache", row.ID))
		}
		pictures = append(pictures, images.Square(pixels, cache.Size()))
		captions = append(captions, predictionCaption(row))
	}
	Pictures(pictures, captions)
}

// Gallery displays the pictures of a gallery with what each model says of them; without pictures, what the models say, and how to
// get them. An error stops the cell, as in Must.
func Gallery(g gallery.Gallery, errs ...error) {
	Check(errs...)
	display(Must(g.HTML()))
}

// Answers is what networks say of pictures, as study.Ask finds out.
type Answers interface {
	Pictures() (pixels [][]uint8, size int, captions []string) // each [size, size, 3] in [0, 255]
	Table() table.Table
}

// Asked displays pictures, of one's own say, and what each network says of them. An error stops the cell, as in Must.
func Asked(a Answers, errs ...error) {
	Check(errs...)
	pixels, size, captions := a.Pictures()
	pictures := make([]image.Image, len(pixels))
	for i := range pixels {
		pictures[i] = images.Square(pixels[i], size)
	}
	Pictures(pictures, captions)
	Table(a.Table())
}

func predictionCaption(row predictions.Row) string {
	caption := fmt.Sprintf("%s: p = %.2f", row.ID, row.P)
	if distill.Class(row.P, distill.Threshold) != distill.Class(row.Label, distill.Threshold) {
		caption += ", wrong"
	}
	return caption
}
