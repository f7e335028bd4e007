// Package reference has the optimizer's formulas (3) to (10) of the paper for single numbers in float64: to draw them, and to
// test the graphs of package adam against them.
//
// Steps are counted by t = 1, 2, ..., P*S (3), for P epochs of S batches. There are two optimizers. Keras, which the paper
// trained with, applies the step size (9) to the raw moments (4) and (5). The paper's text applies it to the moments corrected
// by (6) and (7), which corrects the bias twice.
package reference

import "math"

// Constants of Adam.
const (
	Beta1   = 0.9   // b1 of (4), Keras's default
	Beta2   = 0.999 // b2 of (5), Keras's default
	Epsilon = 1e-7  // eps of (10), Keras's default; added to the root

	K1 = 10   // k1 of (6), the paper's usual value: first t that is not corrected
	K2 = 1000 // k2 of (7), likewise
)

// StepSize is formula (8), for t >= 1:
//
//	eta_t = eta_0 sqrt(1 - b2^t) / (1 - b1^t)
//
// It begins at 0.316 eta_0, falls to 0.152 eta_0 at t = 12 and tends to eta_0.
func StepSize(t int, eta0 float64) float64 {
	return eta0 * math.Sqrt(unbias(Beta2, t)) / unbias(Beta1, t)
}

// KerasStepSize is formula (9), for t >= 1 and Keras's decay d >= 0; without
// decay it is (8):
//
//	eta_t = eta_0 / (1 + d (t - 1)) * sqrt(1 - b2^t) / (1 - b1^t)
func KerasStepSize(t int, eta0, decay float64) float64 {
	return StepSize(t, eta0/(1+decay*float64(t-1)))
}

// Unbias1 is formula (6), the first moment m_t corrected for its start at 0:
//
//	m^_t = m_t / (1 - b1^t) for 0 < t < k1, else m_t
func Unbias1(m float64, t, k1 int) float64 {
	if 0 < t && t < k1 {
		return m / unbias(Beta1, t)
	}
	return m
}

// Unbias2 is formula (7), the second moment v_t corrected for its start at 0:
//
//	v^_t = v_t / (1 - b2^t) for 0 < t < k2, else v_t
func Unbias2(v float64, t, k2 int) float64 {
	if 0 < t && t < k2 {
		return v / unbias(Beta2, t)
	}
	return v
}

// unbias is 1 - beta^t without the cancellation of the subtraction: 1 - 0.999
// would lose three digits.
func unbias(beta float64, t int) float64 {
	return -math.Expm1(float64(t) * math.Log(beta))
}
