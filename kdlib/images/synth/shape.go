// Package synth draws faces of cats and dogs with a known true probability of "dog", to compare with a model's soft
// predictions.
//
// A face has four shape parameters (ears, muzzle, face, eyes). Each is drawn from a normal distribution of variance 1, with
// mean -0.9 for cats and +0.9 for dogs, independently of the others. The two classes overlap, so that some cats look like dogs:
// by Bayes' rule, with both classes equally frequent,
//
//	P(dog | z) = 1 / (1 + exp(-2 * 0.9 * (z1 + z2 + z3 + z4)))
//
// and every model errs on at least BayesError = 3.6 % of the pictures. All else (place, size, tilt, colours, light, noise) is
// drawn independently of the class.
package synth

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/rand/v2"
)

// mean is the distance of each class's mean from 0, in standard deviations.
// Four parameters at 0.9 put the class means 2*sqrt(4)*0.9 = 3.6 apart.
const mean = 0.9

// A Shape holds the parameters that tell cats from dogs, in standard
// deviations; each is negative for the typical cat, positive for the typical dog.
type Shape struct {
	Ears   float64 // upright and pointed; hanging and round
	Muzzle float64 // short, small nose, whiskers; long, big nose, tongue
	Face   float64 // wide; long
	Eyes   float64 // slanting with slit pupils; level with round pupils
}

// PDog returns the probability of "dog" given the shape (see the package's formula).
func (s Shape) PDog() float64 {
	return 1 / (1 + math.Exp(-2*mean*(s.Ears+s.Muzzle+s.Face+s.Eyes)))
}

// BayesError returns the share of pictures on which even the best possible
// model errs. For two normal distributions of equal variance, whose means lie
// d standard deviations apart, it is Phi(-d/2); here d/2 = sqrt(4) * 0.9.
func BayesError() float64 {
	return 0.5 * math.Erfc(2*mean/math.Sqrt2)
}

// sampleShape draws the shape of a cat (label 0) or dog (1).
func sampleShape(rng *rand.Rand, label int) Shape {
	center := mean * float64(2*label-1)
	z := func() float64 { return center + rng.NormFloat64() }
	return Shape{Ears: z(), Muzzle: z(), Face: z(), Eyes: z()}
}

// source returns a generator that depends on the seed and the names alone, so
// that a picture does not depend on how many others are drawn.
func source(seed uint64, purpose, id string) *rand.Rand {
	key := binary.LittleEndian.AppendUint64(nil, seed)
	return rand.New(rand.NewChaCha8(sha256.Sum256(append(key, purpose+"/"+id...))))
}
