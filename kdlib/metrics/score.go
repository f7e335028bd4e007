package metrics

import (
	"fmt"
	"math"

	"distillation/kdlib/distill"
)

// CrossEntropy is formula (1):
//
//	CE(p, y) = -(y log p + (1 - y) log(1 - p))
//
// for p and y in [0, 1], with the natural logarithm. Logarithms are clamped at -100, as in torch.nn.BCELoss: a prediction that is
// certain and wrong costs 100 instead of infinity.
func CrossEntropy(p, y float64) float64 {
	return y*min(-math.Log(p), maxLoss) + (1-y)*min(-math.Log1p(-p), maxLoss)
}

// maxLoss is what a logarithm of (1) is clamped at, without its sign.
const maxLoss = 100

// clamped tells whether CrossEntropy clamps a logarithm that counts: the prediction is too near to 0 or 1 to say what it costs.
func clamped(p, y float64) bool {
	return y > 0 && -math.Log(p) > maxLoss || y < 1 && -math.Log1p(-p) > maxLoss
}

// LogLoss is formula (2), the mean of CrossEntropy over the objects. Where logits are known Predicted.LogLoss is more exact.
func LogLoss(p, y []float64) (float64, error) {
	return mean(p, y, func(i int) float64 { return CrossEntropy(p[i], y[i]) })
}

// Correct is formula (11): whether p and y lie on the same side of the
// threshold (p > th and y > th, or p <= th and y <= th).
func Correct(p, y, threshold float64) bool {
	return distill.Class(p, threshold) == distill.Class(y, threshold)
}

// AccuracyScore is formula (12): the share of Correct predictions, in [0, 1]. See IsThreshold.
func AccuracyScore(p, y []float64, threshold float64) (float64, error) {
	if err := checkThreshold(threshold); err != nil {
		return 0, err
	}
	return mean(p, y, func(i int) float64 {
		if Correct(p[i], y[i], threshold) {
			return 1
		}
		return 0
	})
}

// Uncertainty is formula (15), the paper's degree of uncertainty on a set:
//
//	unc = (1/n) sum (p_i - y_i)^2,  y_i = distill.Class(p_i, threshold)
//
// The labels of the set play no part: y_i is the model's own prediction. It is 0
// for a model that predicts only 0 and 1, and at threshold 0.5 at most 0.25.
func Uncertainty(p []float64, threshold float64) (float64, error) {
	if err := checkThreshold(threshold); err != nil {
		return 0, err
	}
	return mean(p, p, func(i int) float64 { return Doubt(p[i], threshold) })
}

// Doubt is the summand of (15) for a prediction p in [0, 1]: the square of its distance from the model's own class, 0 for a
// prediction that is 0 or 1.
func Doubt(p, threshold float64) float64 {
	d := p - float64(distill.Class(p, threshold))
	return d * d
}

// Doubts are those of all predictions.
func Doubts(p []float64, threshold float64) []float64 {
	all := make([]float64, len(p))
	for i, v := range p {
		all[i] = Doubt(v, threshold)
	}
	return all
}

// mean averages f over the numbers of the pairs, which must be in [0, 1].
func mean(p, y []float64, f func(i int) float64) (float64, error) {
	if len(p) != len(y) {
		return 0, fmt.Errorf("metrics: got %d predictions and %d labels, want as many of each", len(p), len(y))
	}
	if len(p) == 0 {
		return 0, fmt.Errorf("metrics: got no predictions, want at least one")
	}
	sum := 0.0
	for i := range p {
		if !unit(p[i]) {
			return 0, fmt.Errorf("metrics: prediction %d: got %v, want a number in [0, 1]", i, p[i])
		}
		if !unit(y[i]) {
			return 0, fmt.Errorf("metrics: label %d: got %v, want a number in [0, 1]", i, y[i])
		}
		sum += f(i)
	}
	return sum / float64(len(p)), nil
}

// unit tells whether a value lies in [0, 1]; NaN does not.
func unit(value float64) bool { return value >= 0 && value <= 1 }

// IsThreshold tells whether a number can be the threshold of (11): it lies in [0, 1). At 1 every label and every prediction
// would be a cat, and all predictions right.
func IsThreshold(threshold float64) bool { return threshold >= 0 && threshold < 1 }

func checkThreshold(threshold float64) error {
	if IsThreshold(threshold) {
		return nil
	}
	return fmt.Errorf("metrics: threshold: got %v, want a number in [0, 1)", threshold)
}
