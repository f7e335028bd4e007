package metrics

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
)

// Recalibrated makes predictions say how often they are right, by a map that another set of pictures gave: a Temperature or an
// Isotonic regression. Neither changes the order of predictions, but the regression may make some equal.
type Recalibrated interface {
	Apply(Predicted) Predicted
}

// Temperature is what logits are divided by (Guo and others 2017): above 1 it makes predictions less sure. It is above 0. The
// class at the threshold 0.5 stays.
//
//	p' = 1 / (1 + exp(-z / T))
type Temperature float64

// ErrNoTemperature is the error of predictions of which no temperature has the least loss.
var ErrNoTemperature = errors.New("metrics: no temperature has the least loss")

// FitTemperature is the temperature with the least loss (2) on labels, to the last digits of float64. Predictions without a logit
// have log(p / (1 - p)), within -100 and 100 as the logarithms of (1). ErrNoTemperature if all predictions are right, so that a
// lower temperature is always better, or if they are worse than no answer, so that a higher one is.
func FitTemperature(a Predicted, y []float64) (Temperature, error) {
	if err := cmp.Or(checkPairs(a.P, y), a.checkLogits()); err != nil {
		return 0, err
	}
	z := a.logits()
	// slope of n times the loss in b = 1 / T: it rises with b, since the loss is convex.
	slope := func(b float64) (sum float64) {
		for i := range z {
			sum += (sigmoid(b*z[i]) - y[i]) * z[i]
		}
		return sum
	}
	end := 0.0
	for i := range z {
		end += max(z[i], 0) - y[i]*z[i]
	}
	switch {
	case !(slope(0) < 0):
		return 0, fmt.Errorf("%w: the predictions are worse than one half everywhere", ErrNoTemperature)
	case !(end > 0):
		return 0, fmt.Errorf("%w: all predictions are right", ErrNoTemperature)
	}
	low, high := 0.0, 1.0
	for slope(high) < 0 {
		low, high = high, 2*high
	}
	const halvings = 60 // beyond the precision of float64
	for range halvings {
		if middle := (low + high) / 2; slope(middle) < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return Temperature(1 / high), nil
}

// Apply divides the logits.
func (t Temperature) Apply(a Predicted) Predicted {
	z := a.logits()
	p := make([]float64, len(z))
	for i := range z {
		z[i] /= float64(t)
		p[i] = sigmoid(z[i])
	}
	return Predicted{P: p, Logits: z}
}

// logits are the known ones, or those of the probabilities.
func (a Predicted) logits() []float64 {
	if a.Logits != nil {
		return slices.Clone(a.Logits)
	}
	z := make([]float64, len(a.P))
	for i, p := range a.P {
		z[i] = min(max(math.Log(p)-math.Log1p(-p), -maxLoss), maxLoss)
	}
	return z
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// Isotonic is the rising function of predictions that is nearest to labels in squared distance (isotonic regression): steps, with
// straight lines between them and level ends.
type Isotonic struct {
	P     []float64 // ascending: the first and the last prediction of each step
	Value []float64 // ascending, in [0, 1]: the share of dogs in the step
}

// FitIsotonic pools neighbouring predictions until the shares of dogs rise (pool adjacent violators, Ayer and others 1955).
// It is scikit-learn's IsotonicRegression(out_of_bounds="clip"). It takes some hundreds of pictures: with few it fits chance.
func FitIsotonic(p, y []float64) (Isotonic, error) {
	if err := checkPairs(p, y); err != nil {
		return Isotonic{}, err
	}
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	var steps []step
	for from := 0; from < len(order); {
		next := step{from: p[order[from]], to: p[order[from]]}
		for ; from < len(order) && p[order[from]] == next.to; from++ { // what is equal stays together
			next.dogs, next.n = next.dogs+y[order[from]], next.n+1
		}
		for len(steps) > 0 && steps[len(steps)-1].share() >= next.share() {
			next = steps[len(steps)-1].with(next)
			steps = steps[:len(steps)-1]
		}
		steps = append(steps, next)
	}
	var fit Isotonic
	for _, s := range steps {
		fit.P, fit.Value = append(fit.P, s.from), append(fit.Value, s.share())
		if s.to > s.from {
			fit.P, fit.Value = append(fit.P, s.to), append(fit.Value, s.share())
		}
	}
	return fit, nil
}

// step is a part of an Isotonic: predictions with one value.
type step struct{ from, to, dogs, n float64 }

func (s step) share() float64 { return s.dogs / s.n }

func (s step) with(next step) step { return step{s.from, next.to, s.dogs + next.dogs, s.n + next.n} }

// Apply maps the probabilities. What comes out has no logits.
func (f Isotonic) Apply(a Predicted) Predicted {
	out := make([]float64, len(a.P))
	for i, p := range a.P {
		out[i] = f.at(p)
	}
	return Predicted{P: out}
}

func (f Isotonic) at(p float64) float64 {
	above := sort.SearchFloat64s(f.P, p)
	switch {
	case above == 0:
		return f.Value[0]
	case above == len(f.P):
		return f.Value[above-1]
	}
	low, high := f.P[above-1], f.P[above]
	return f.Value[above-1] + (p-low)/(high-low)*(f.Value[above]-f.Value[above-1])
}
