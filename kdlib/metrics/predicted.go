package metrics

import (
	"fmt"
	"math"
)

// Predicted holds a model's predictions and, where they are known, the logits that they are the sigmoids of.
type Predicted struct {
	P      []float64 // probabilities of "dog", in [0, 1]
	Logits []float64 // in the same order, finite; nil: not known
}

// exactLogit is the logit up to which float64 holds a probability well enough for its loss: 1 - p is a multiple of 2^-53, so that
// the logarithm of it is off by less than exp(25) 2^-53 = 8e-6. Up to there a file with logits and one without give the same loss.
const exactLogit = 25

// CrossEntropy is formula (1) of prediction i on a label in [0, 1]: of its probability, or of its logit where that is known and
// the probability too near to 0 or 1. It is the same for both classes: a logit z costs a cat what -z costs a dog.
func (a Predicted) CrossEntropy(i int, y float64) float64 {
	if a.Logits == nil || math.Abs(a.Logits[i]) <= exactLogit {
		return CrossEntropy(a.P[i], y)
	}
	return CrossEntropyOfLogit(a.Logits[i], y)
}

// CrossEntropyOfLogit is formula (1) of p = 1 / (1 + exp(-z)), for any finite z, without computing p (torch.nn.BCEWithLogitsLoss):
//
//	CE = y log(1 + exp(-z)) + (1 - y) log(1 + exp(z))
func CrossEntropyOfLogit(z, y float64) float64 { return y*softplus(-z) + (1-y)*softplus(z) }

// softplus is log(1 + exp(x)), where exp(x) may be infinite.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// LogLoss is formula (2), the mean of CrossEntropy over the labels.
func (a Predicted) LogLoss(y []float64) (float64, error) {
	if err := a.checkLogits(); err != nil {
		return 0, err
	}
	return mean(a.P, y, func(i int) float64 { return a.CrossEntropy(i, y[i]) })
}

func (a Predicted) checkLogits() error {
	if a.Logits != nil && len(a.Logits) != len(a.P) {
		return fmt.Errorf("metrics: got %d predictions and %d logits, want as many of each", len(a.P), len(a.Logits))
	}
	for i, z := range a.Logits {
		if math.IsNaN(z) || math.IsInf(z, 0) {
			return fmt.Errorf("metrics: logit %d: got %v, want a finite number", i, z)
		}
	}
	return nil
}

// clamped counts the predictions whose loss is not known, see CrossEntropy.
func (a Predicted) clamped(y []float64) int {
	n := 0
	for i, p := range a.P {
		if a.Logits == nil && clamped(p, y[i]) {
			n++
		}
	}
	return n
}
