package reference

import "math"

// The functions below are formulas at many steps, for curves. Steps t are whole
// numbers of at least 1, as chart.Steps lists them.

// StepSizes is KerasStepSize at the steps t.
func StepSizes(t []float64, eta0, decay float64) []float64 {
	return at(t, func(t int) float64 { return KerasStepSize(t, eta0, decay) })
}

// Factors1 are the factors of (6) on the first moment at the steps t.
func Factors1(t []float64, k1 int) []float64 {
	return at(t, func(t int) float64 { return Unbias1(1, t, k1) })
}

// Factors2 are the factors of (7) on the second moment at the steps t.
func Factors2(t []float64, k2 int) []float64 {
	return at(t, func(t int) float64 { return Unbias2(1, t, k2) })
}

func at(steps []float64, formula func(t int) float64) []float64 {
	values := make([]float64, len(steps))
	for i, t := range steps {
		values[i] = formula(int(t))
	}
	return values
}

// Thetas are the parameter's values along a path (see Path).
func Thetas(path []Scalar) []float64 {
	thetas := make([]float64, len(path))
	for i, s := range path {
		thetas[i] = s.Theta
	}
	return thetas
}

// Moves are the distances |theta_t - theta_(t-1)| of the steps t = 1, 2, ... along a path. There is one fewer than the path has
// states.
func Moves(path []Scalar) []float64 {
	moves := make([]float64, len(path)-1)
	for i := range moves {
		moves[i] = math.Abs(path[i+1].Theta - path[i].Theta)
	}
	return moves
}
