package reference

import "math"

// Schedule is a learning rate that knows its end, in the place of the decay of (9). Of T steps the first w are its rise: as a part
// of its peak it is, at step t = 1, 2, ...,
//
//	(t - 1) / w                                 while t - 1 < w
//	(1 + cos(pi (t - 1 - w) / (T - w))) / 2     then, and 0 after T steps
//
// With w = 0 this is the cosine of Loshchilov and Hutter (2016, arXiv:1608.03983), else the one cycle of Smith and Topin (2017,
// arXiv:1708.07120) in the form of Keras's CosineDecay with warmup_steps, which counts from t - 1 as (9) does.
type Schedule struct {
	WarmUp int // w >= 0
	Steps  int // T > w; 0: there is no schedule
}

// Factor is the part of the peak that the learning rate has at step t >= 1.
func (s Schedule) Factor(t int) float64 {
	done := float64(t - 1)
	warmUp, steps := float64(s.WarmUp), float64(s.Steps)
	if done < warmUp {
		return done / warmUp
	}
	return (1 + math.Cos(math.Pi*min((done-warmUp)/(steps-warmUp), 1))) / 2
}

// Factors is Factor at the steps t, for a curve.
func (s Schedule) Factors(t []float64) []float64 { return at(t, s.Factor) }
