package train

import (
	"fmt"
	"reflect"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/recipe"
)

// An epoch has an order and an augmentation of its own, by the run's seed and its number alone, and leaves out what fills no batch.
func TestExamplesOfAnEpoch(t *testing.T) {
	r := Run{Recipe: recipe.Training{Seed: 7, Epochs: 3, Batch: 4, Augment: images.Augment{Flip: true, Shift: 0.4}}}
	for i := range 10 {
		r.Train.Examples = append(r.Train.Examples, dataset.Example{ID: fmt.Sprint(i)})
	}
	for epoch := 1; epoch <= 3; epoch++ {
		p := (&trainer{Run: r}).examples(epoch)
		order := p.Order[:p.steps()*p.Batch]
		if want := dataset.Shuffled(10, 7, epoch)[:8]; !reflect.DeepEqual(order, want) || !reflect.DeepEqual(p.Data, r.Train) {
			t.Errorf("epoch %d: got the order %v, want %v", epoch, order, want)
		}
		if want := (dataset.Augmentation{Augment: r.Recipe.Augment, Seed: 7, Pass: epoch}); p.Augmentation != want {
			t.Errorf("epoch %d: got %+v, want %+v", epoch, p.Augmentation, want)
		}
	}
}
