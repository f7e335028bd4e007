package train

import (
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/recipe"
)

// grey has pictures of any size.
type grey int

func (g grey) Size() int                    { return int(g) }
func (g grey) Image(string) ([]uint8, bool) { return make([]uint8, g*g*3), true }

// Each epoch has its stage's pictures, for training and validation, and its shift; everything else is the recipe's.
func TestEpochsOfStages(t *testing.T) {
	r := Run{Train: dataset.Data{Pictures: grey(64)}, Validation: dataset.Data{Pictures: grey(64)}, Sizes: map[int]dataset.Pictures{32: grey(32)},
		Recipe: recipe.Training{Epochs: 4, Augment: images.Augment{Flip: true, Shift: 0.1},
			EarlyStages: []recipe.Stage{{Epochs: 1, Size: 32, Shift: 0.3}, {Epochs: 1, Size: 64, Shift: 0.2}}}}
	for i, want := range []recipe.Stage{{Size: 32, Shift: 0.3}, {Size: 64, Shift: 0.2}, {Size: 64, Shift: 0.1}, {Size: 64, Shift: 0.1}} {
		training, validation, augment := r.on(i + 1)
		if training.Pictures.Size() != want.Size || validation.Pictures.Size() != want.Size || augment != (images.Augment{Flip: true, Shift: want.Shift}) {
			t.Errorf("epoch %d: got sizes %d and %d, %+v, want %+v with flips", i+1, training.Pictures.Size(), validation.Pictures.Size(), augment, want)
		}
	}
	if err := r.checkStages(); err != nil {
		t.Error(err)
	}
	for _, pictures := range []map[int]dataset.Pictures{nil, {32: grey(48)}} {
		r.Sizes = pictures
		if err := r.checkStages(); err == nil || !strings.Contains(err.Error(), "got no pictures of 32 x 32") {
			t.Errorf("sizes %v: got error %v", pictures, err)
		}
	}
}
