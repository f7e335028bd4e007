package analysis

import (
	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
)

// OverSeeds measures every repetition of a student, in the order of the seeds.
func (r *Study) OverSeeds(student string, quantity func(model string) (float64, error)) ([]float64, error) {
	var values []float64
	for _, model := range r.Seeds(student) {
		v, err := quantity(model)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// TestAccuracy is a model's accuracy (12) on ground-truth labels of the test set.
func (r *Study) TestAccuracy(model string) (float64, error) {
	s, err := r.Score(model, predictions.Test, GroundTruth, distill.Threshold)
	return s.Accuracy, err
}

// AugmentedAccuracy is the mean of a model's accuracy (12) over the repetitions of the augmented test set.
func (r *Study) AugmentedAccuracy(model string) (float64, error) {
	each, err := r.Repetitions(model, GroundTruth, distill.Threshold)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, s := range each {
		sum += s.Accuracy
	}
	return sum / float64(len(each)), nil
}

// TestUncertainty is a model's uncertainty (15) on the test set.
func (r *Study) TestUncertainty(model string) (float64, error) {
	s, err := r.Score(model, predictions.Test, GroundTruth, distill.Threshold)
	return s.Uncertainty, err
}

// TestCalibrationError is a model's expected calibration error on the test set, in bins of metrics.CalibrationWidth.
func (r *Study) TestCalibrationError(model string) (float64, error) {
	bins, err := r.Reliability(model, predictions.Test, metrics.CalibrationWidth)
	return metrics.ECE(bins), err
}
