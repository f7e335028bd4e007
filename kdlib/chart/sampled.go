package chart

import "math"

// Sampled is the curve of a function at the places x.
func Sampled(name string, x []float64, f func(x float64) float64) Curve {
	c := Curve{Name: name, X: x, Y: make([]float64, len(x))}
	for i, v := range x {
		c.Y[i] = f(v)
	}
	return c
}

// Picked is the curve of values at the places x, whole numbers that count values from 1. It keeps a figure small by drawing a
// few of many values.
func Picked(name string, x, values []float64) Curve {
	return Sampled(name, x, func(x float64) float64 { return values[int(x)-1] })
}

// Even returns n >= 2 places from low to high at equal distances.
func Even(low, high float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = low + (high-low)*float64(i)/float64(n-1)
	}
	return x
}

// stepsADecade is how many whole numbers Steps takes between 10^k and 10^(k+1).
const stepsADecade = 40

// Steps returns whole numbers from 1 to last, each once, at equal distances on a logarithmic axis where possible.
func Steps(last int) []float64 {
	var x []float64
	for i := 0; ; i++ {
		v := math.Round(math.Pow(10, float64(i)/stepsADecade))
		if v >= float64(last) {
			return append(x, float64(last))
		}
		if len(x) == 0 || v > x[len(x)-1] {
			x = append(x, v)
		}
	}
}
