package notebook

import (
	"context"
	"image"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/predictions"
)

func TestCaptions(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{transformCaption(2, images.Transform{Flip: true, DX: 8.51, DY: -3}), "epoch 2: dx +8.5, dy -3.0, flipped"},
		{transformCaption(1, images.Transform{}), "epoch 1: dx +0.0, dy +0.0"},
		{predictionCaption(predictions.Row{ID: "left.7", Label: 1, P: 0.5}), "left.7: p = 0.50, wrong"}, // dog is strictly above 0.5
		{predictionCaption(predictions.Row{ID: "cat.3", Label: 0, P: 0.5}), "cat.3: p = 0.50"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

// Outside of a notebook the pictures are made and go nowhere.
func TestPicturesOfFaces(t *testing.T) {
	face := synth.Render(synth.Shape{}, 32, 1)
	Faces(32, 1, synth.Shape{}, synth.Shape{Ears: 1})
	Resized(face, 16, 8)
	Augmented(face, images.Augment{Flip: true, Shift: 0.4}, 3, 1)
	Augmented(image.NewGray(image.Rect(0, 0, 4, 4)), images.Augment{}, 1, 1)

	dir := t.TempDir()
	if err := synth.Write(context.Background(), dir+"/faces.tar", synth.Faces{N: 2, Size: 16, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	source := Must(images.Open(dir + "/faces.tar"))
	defer source.Close()
	Must(images.BuildCache(context.Background(), source, dir+"/cache", images.CacheOptions{Size: 16}))
	cache := Must(images.OpenCache(dir + "/cache"))
	defer cache.Close()
	Predicted(cache, predictions.Table{{ID: "cat.0"}, {ID: "dog.0", Label: 1}}, 5)
	defer func() {
		if recover() == nil {
			t.Error("an unknown picture: no panic")
		}
	}()
	Predicted(cache, predictions.Table{{ID: "cat.99"}}, 1)
}
