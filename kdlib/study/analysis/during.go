package analysis

import (
	"fmt"
	"slices"

	"distillation/kdlib/predictions"
	"distillation/kdlib/train/history"
)

// During holds the best values of a set while a network was trained, each at an epoch of its own: the lowest loss (2) and the
// highest accuracy (12), on the labels that it was trained on. The earlier of two equal epochs counts. On the train set these are
// means over an epoch's batches, of augmented pictures and of weights that move; on the validation set they are measured after an
// epoch, on pictures as they are.
type During struct {
	Split         predictions.Split
	Loss          float64
	LossEpoch     int // from 1
	Accuracy      float64
	AccuracyEpoch int // from 1
}

// BestDuring returns the best values of the train and of the validation set from a model's history, as the paper prints them. Of a
// run on pictures of several sizes the epochs at the last size count, on which the network predicts. A model that was given has no
// history: fs.ErrNotExist.
func (r *Study) BestDuring(model string) ([]During, error) {
	past, err := r.History(model)
	if err != nil {
		return nil, err
	}
	if len(past) == 0 {
		return nil, fmt.Errorf("analysis: %s: its history is empty", model)
	}
	size := past[len(past)-1].Size
	past = slices.DeleteFunc(past, func(e history.Epoch) bool { return e.Size != size })
	train := bestDuring(past, func(e history.Epoch) (loss, accuracy float64) { return e.TrainLoss, e.TrainAccuracy })
	validation := bestDuring(past, func(e history.Epoch) (loss, accuracy float64) { return e.ValidationLoss, e.ValidationAccuracy })
	train.Split, validation.Split = predictions.Train, predictions.Validation
	return []During{train, validation}, nil
}

func bestDuring(past history.History, of func(history.Epoch) (loss, accuracy float64)) (d During) {
	for i, e := range past {
		loss, accuracy := of(e)
		if i == 0 || loss < d.Loss {
			d.Loss, d.LossEpoch = loss, e.Number
		}
		if i == 0 || accuracy > d.Accuracy {
			d.Accuracy, d.AccuracyEpoch = accuracy, e.Number
		}
	}
	return d
}
