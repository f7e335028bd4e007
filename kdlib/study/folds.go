package study

import (
	"context"
	"fmt"
	"path/filepath"

	"distillation/kdlib/dataset"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"

	"github.com/gomlx/compute"
)

// CrossVal says how CrossValPredict trains.
type CrossVal struct {
	Dir    string // a folder fold-K for each network, which goes on as train.Run does
	Recipe recipe.Training
	Folds  int      // 2 or more: so many networks are trained
	Report Reporter // nil: none
}

// CrossValPredict predicts each picture of the train set by a network that has not learned from it, in the order of the manifest, as
// scikit-learn's cross_val_predict does. The set is divided into folds in which the classes are as frequent as in all of it; a
// network that learned from all other folds predicts one. The validation set chooses each network's best epoch.
func (c *Collection) CrossValPredict(ctx context.Context, backend compute.Backend, o CrossVal) (predictions.Table, error) {
	o.Report = orQuiet(o.Report)
	if err := c.trainable(); err != nil {
		return nil, err
	}
	all := c.GroundTruth(predictions.Train)
	fold := foldsOf(all.Examples, o.Folds)
	if n := c.Manifest.Count(predictions.Train); o.Folds < 2 || o.Folds > min(n[0], n[1]) {
		return nil, fmt.Errorf("study: folds: got %d, want from 2 to %d, the pictures of the smaller class", o.Folds, min(n[0], n[1]))
	}
	rows := make(predictions.Table, len(all.Examples))
	for k := range o.Folds {
		rest, held, places := apart(all, fold, k)
		name := fmt.Sprintf("fold-%d", k)
		run := train.Run{Dir: filepath.Join(o.Dir, name), Recipe: o.Recipe, Train: rest, Validation: c.GroundTruth(predictions.Validation),
			Classes: c.Source.Classes(), Report: TrainingReport(o.Report, name, o.Recipe.Epochs)}
		if _, err := run.Fit(ctx, backend); err != nil {
			return nil, err
		}
		model, err := train.Best(backend, run.Dir)
		if err != nil {
			return nil, err
		}
		predicted, err := model.Predict(ctx, held, dataset.PredictOptions{Batch: o.Recipe.Batch})
		if err != nil {
			return nil, err
		}
		for i, row := range tableOf(held, predictions.Train, predicted) {
			rows[places[i]] = row
		}
	}
	return rows, nil
}

// foldsOf deals the examples of each class out to folds in turn.
func foldsOf(examples []dataset.Example, folds int) []int {
	fold, dealt := make([]int, len(examples)), map[float32]int{}
	for i, e := range examples {
		fold[i] = dealt[e.Label] % max(folds, 1)
		dealt[e.Label]++
	}
	return fold
}

// apart divides data into a fold, with the places of its examples, and all others.
func apart(all dataset.Data, fold []int, k int) (rest, held dataset.Data, places []int) {
	rest.Pictures, held.Pictures = all.Pictures, all.Pictures
	for i, e := range all.Examples {
		if fold[i] == k {
			held.Examples, places = append(held.Examples, e), append(places, i)
		} else {
			rest.Examples = append(rest.Examples, e)
		}
	}
	return rest, held, places
}
