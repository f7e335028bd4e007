// Package formula computes weights and pictures for tests from their names, so that Go and the Python scripts that write
// golden data (formula.py, beside this file) hold the same numbers without a file of them.
package formula

import (
	"hash/crc32"
	"math"
	"path"
	"strings"
)

// Uniform returns n numbers in [0, 1) made from a name: murmur3's finalizer of index and the name's CRC-32.
func Uniform(name string, n int) []float64 {
	seed := crc32.ChecksumIEEE([]byte(name))
	u := make([]float64, n)
	for i := range u {
		x := uint32(i)*0x9E3779B9 + seed
		x ^= x >> 16
		x *= 0x85EBCA6B
		x ^= x >> 13
		x *= 0xC2B2AE35
		x ^= x >> 16
		u[i] = float64(x) / (1 << 32)
	}
	return u
}

// lastNorms end the names of the last normalization of a residual block: their gamma is small beside the shortcut, else
// rounding grows from block to block. (".bn2" ends ResNet-18's blocks; that of a bottleneck is merely small too.)
var lastNorms = []string{"_3_bn/gamma", ".bn2/gamma", ".bn3/gamma"}

// Value returns the numbers of a network's variable, named by scope and variable as "conv1/kernel", in the order of its
// elements: He uniform kernels, gammas and moving variances around 1, the rest within 0.2 of zero.
func Value(name string, shape []int) []float64 {
	size := 1
	for _, d := range shape {
		size *= d
	}
	of := distribution(name, size, shape[len(shape)-1])
	u := Uniform(name, size)
	for i := range u {
		u[i] = of(u[i])
	}
	return u
}

// distribution maps a number in [0, 1) to one of the variable's. The expressions are formula.py's, and none of them rounds
// otherwise where a processor fuses a product and a sum.
func distribution(name string, size, out int) func(u float64) float64 {
	switch path.Base(name) {
	case "kernel":
		limit := math.Sqrt(6 / float64(size/out))
		return func(u float64) float64 { return (2*u - 1) * limit }
	case "gamma":
		for _, suffix := range lastNorms {
			if strings.HasSuffix(name, suffix) {
				return func(u float64) float64 { return 0.2 * (0.5 + 0.5*u) }
			}
		}
		return func(u float64) float64 { return 0.5 + 0.5*u }
	case "moving_variance":
		return func(u float64) float64 { return 0.5 + u }
	default: // bias, beta, moving_mean
		return func(u float64) float64 { return 0.2 * (2*u - 1) }
	}
}
