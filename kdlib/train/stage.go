package train

import (
	"fmt"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
)

// on is what an epoch learns from and is measured on: pictures of its stage's size, and how they are augmented.
func (r Run) on(epoch int) (training, validation dataset.Data, augment images.Augment) {
	training, validation, augment = r.Train, r.Validation, r.Recipe.Augment
	stage, early := r.Recipe.Stage(epoch)
	if !early {
		return training, validation, augment
	}
	augment.Shift = stage.Shift
	if stage.Size != r.Train.Pictures.Size() {
		training.Pictures, validation.Pictures = r.Sizes[stage.Size], r.Sizes[stage.Size]
	}
	return training, validation, augment
}

// checkStages wants all pictures at all sizes.
func (r Run) checkStages() error {
	for _, size := range r.Recipe.EarlySizes() {
		if size == r.Train.Pictures.Size() {
			continue
		}
		pictures := r.Sizes[size]
		if pictures == nil || pictures.Size() != size {
			return fmt.Errorf("train: %s: got no pictures of %d x %d, want those of the recipe's early stage", r.Dir, size, size)
		}
		training, validation := r.Train, r.Validation
		training.Pictures, validation.Pictures = pictures, pictures
		if err := r.checkPictures(training, validation); err != nil {
			return fmt.Errorf("train: %s: at %d x %d: %w", r.Dir, size, size, err)
		}
	}
	return nil
}

// resize changes to the network for pictures of the epoch's size. Its weights are those of the checkpoint, and everything else of it,
// too: so a run that was stopped between two sizes goes on as one that was not.
func (t *trainer) resize(epoch int) error {
	training, _, _ := t.on(epoch)
	if training.Pictures.Size() == t.model.Size {
		return nil
	}
	from, err := t.origin()
	if err != nil {
		return err
	}
	return t.enter(from, epoch)
}

// nameGraph takes the graph of a network of the program's own at the size of the last stage, whichever stage this is.
func (t *trainer) nameGraph() error {
	last, err := t.pool.learner(t.Recipe, t.Train.Pictures.Size())
	if err == nil {
		t.graph = last.model.graph
	}
	return err
}
