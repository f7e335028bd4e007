package schedule

import "math"

// Thetas are the parameter's values along a path (see Path).
func Thetas(path []Scalar) []float64 {
	thetas := make([]float64, len(path))
	for i, s := range path {
		thetas[i] = s.Theta
	}
	return thetas
}

// Moves are the distances |theta_t - theta_(t-1)| of the steps t = 1, 2, ... along
// a path, one less than its states.
func Moves(path []Scalar) []float64 {
	moves := make([]float64, len(path)-1)
	for i := range moves {
		moves[i] = math.Abs(path[i+1].Theta - path[i].Theta)
	}
	return moves
}
