package metrics

import (
	"fmt"
	"math"

	"distillation/kdlib/distill"
)

// Costs say what mistakes cost where a model will be used, in any unit, and how often it will see dogs there.
type Costs struct {
	FalsePositive float64 // of a cat called dog; at least 0
	FalseNegative float64 // of a dog called cat; at least 0
	Dogs          float64 // the share of dogs where the model will be used, in (0, 1); 0: as among the pictures that are measured
}

// Validate returns an error unless both costs are finite, none is below 0, one is above 0, and the share of dogs is in [0, 1).
func (c Costs) Validate() error {
	for _, cost := range []float64{c.FalsePositive, c.FalseNegative} {
		if !(cost >= 0) || math.IsInf(cost, 0) {
			return fmt.Errorf("metrics: cost of a mistake: got %v, want a finite number, at least 0", cost)
		}
	}
	if c.FalsePositive == 0 && c.FalseNegative == 0 {
		return fmt.Errorf("metrics: costs of mistakes: got 0 for both, want one above 0")
	}
	if !(c.Dogs >= 0 && c.Dogs < 1) {
		return fmt.Errorf("metrics: share of dogs: got %v, want in (0, 1), or 0 for that of the measured pictures", c.Dogs)
	}
	return nil
}

// Of is the expected cost of a prediction, at least 0. The shares of wrong predictions in each class are those of the counts; the
// classes are weighed by how often they will come, as if each picture had a sample weight (prior shift, Saerens and others 2002):
//
//	cost = (1 - dogs) FalsePositive FP / (FP + TN) + dogs FalseNegative FN / (FN + TP)
//
// It is NaN if there are no pictures of one class and Dogs is given.
func (c Costs) Of(counts Confusion) float64 {
	falsePositive, falseNegative := c.FalsePositive*float64(counts.FalsePositive), c.FalseNegative*float64(counts.FalseNegative)
	if c.Dogs == 0 {
		return (falsePositive + falseNegative) / float64(counts.N())
	}
	cats, dogs := float64(counts.FalsePositive+counts.TrueNegative), float64(counts.FalseNegative+counts.TruePositive)
	return (1-c.Dogs)*falsePositive/cats + c.Dogs*falseNegative/dogs
}

// BestThreshold returns the threshold in [0, 1] with the least expected cost of predictions on labels, and that cost. If several
// cost the same, it returns the one nearest to distill.Threshold; one between two predictions lies in their middle. As every
// choice, it belongs on the validation set, and its cost is measured on the test set. ErrOneClass if Dogs is given and the
// pictures are of one class.
func (c Costs) BestThreshold(p, y []float64) (threshold, cost float64, err error) {
	if err := c.Validate(); err != nil {
		return 0, 0, err
	}
	counts, err := NewConfusion(p, y, distill.Threshold)
	if err != nil {
		return 0, 0, err
	}
	if math.IsNaN(c.Of(counts)) {
		return 0, 0, fmt.Errorf("%w: their expected cost at another share of dogs is not known", ErrOneClass)
	}
	threshold, value, err := best(p, y, func(counts Confusion) float64 { return -c.Of(counts) })
	return threshold, -value, err
}

// BayesThreshold is the threshold of the least expected cost of predictions that are calibrated, in [0, 1], without a look at
// any (Elkan 2001). share is that of dogs among the pictures on which they are. With equal costs and no other share where the
// model will be used it is one half. NaN if neither mistake can cost anything.
func (c Costs) BayesThreshold(share float64) float64 {
	cat, dog := c.FalsePositive, c.FalseNegative
	if c.Dogs != 0 {
		cat, dog = cat*(1-c.Dogs)*share, dog*c.Dogs*(1-share)
	}
	return cat / (cat + dog)
}
