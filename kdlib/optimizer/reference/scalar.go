package reference

import "math"

// Scalar is the state of a one-parameter model under Adam after T steps. The
// zero value with Theta set is the start.
type Scalar struct {
	Theta float64 // the parameter
	M, V  float64 // moments of the gradient, (4) and (5)
	T     int     // steps made
}

// Optimizer makes one step of a one-parameter model from the gradient of the
// loss at Theta.
type Optimizer interface {
	Step(s Scalar, gradient float64) Scalar
}

var (
	_ Optimizer = Keras{}
	_ Optimizer = Literal{}
)

// Keras is Adam as Keras computes it: (9) with the raw moments of (4) and (5),
//
//	theta_t = theta_(t-1) - eta_t m_t / (sqrt(v_t) + eps)
type Keras struct {
	LearningRate float64 // eta_0
	Decay        float64 // d of (9); 0 keeps the learning rate
}

// Step is one step of Keras's Adam.
func (k Keras) Step(s Scalar, gradient float64) Scalar {
	s = s.moments(gradient)
	s.Theta -= KerasStepSize(s.T, k.LearningRate, k.Decay) * s.M / (math.Sqrt(s.V) + Epsilon)
	return s
}

// Literal is Adam as the paper's text has it: (9) with the moments corrected by
// (6) and (7),
//
//	theta_t = theta_(t-1) - eta_t m^_t / (sqrt(v^_t) + eps)   (10)
type Literal struct {
	LearningRate float64 // eta_0
	Decay        float64 // d of (9); 0 makes it (8)
	K1, K2       int     // k1 of (6) and k2 of (7), usually the constants K1 and K2
}

// Step is one step of the paper's formulas.
func (l Literal) Step(s Scalar, gradient float64) Scalar {
	s = s.moments(gradient)
	m, v := Unbias1(s.M, s.T, l.K1), Unbias2(s.V, s.T, l.K2)
	s.Theta -= KerasStepSize(s.T, l.LearningRate, l.Decay) * m / (math.Sqrt(v) + Epsilon)
	return s
}

// moments counts the step and applies
//
//	m_t = b1 m_(t-1) + (1 - b1) g_t    (4)
//	v_t = b2 v_(t-1) + (1 - b2) g_t^2  (5)
func (s Scalar) moments(g float64) Scalar {
	s.T++
	s.M = Beta1*s.M + (1-Beta1)*g
	s.V = Beta2*s.V + (1-Beta2)*g*g
	return s
}

// Path is the trajectory of n steps from theta: n+1 states, the first the
// start. gradient is the derivative of the loss at theta.
func Path(o Optimizer, theta float64, n int, gradient func(theta float64) float64) []Scalar {
	path := make([]Scalar, n+1)
	path[0].Theta = theta
	for i := range n {
		path[i+1] = o.Step(path[i], gradient(path[i].Theta))
	}
	return path
}
