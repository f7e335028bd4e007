package reference

import (
	"math"
	"testing"
)

// traceTolerance allows for a few roundings of float64.
const traceTolerance = 1e-12

// Expected values by hand: (6) at t = 1 is 1/(1-0.9) and at k1 - 1 = 9 it is 1/(1-0.9^9); (7) at t = 2 is
// 1/(1-0.999^2) = 1/0.001999; (8) at t = 1 is sqrt(0.001)/0.1.
func TestFormulasAtManySteps(t *testing.T) {
	first := Factors1([]float64{1, 9, 10, 11}, K1)
	second := Factors2([]float64{2, 999, 1000}, K2)
	sizes := StepSizes([]float64{1, 1}, 2, 0.5)
	for _, test := range []struct {
		name      string
		got, want float64
	}{
		{"(6), t = 1", first[0], 10},
		{"(6), t = 9", first[1], 1 / (1 - math.Pow(0.9, 9))},
		{"(6), t = k1", first[2], 1},
		{"(6), t = k1 + 1", first[3], 1},
		{"(7), t = 2", second[0], 1 / 0.001999},
		{"(7), t = 999", second[1], 1 / (1 - math.Pow(0.999, 999))},
		{"(7), t = k2", second[2], 1},
		{"(9), t = 1", sizes[1], 2 * math.Sqrt(0.001) / 0.1},
	} {
		if math.Abs(test.got-test.want) > traceTolerance*test.want {
			t.Errorf("%s: got %v, want %v", test.name, test.got, test.want)
		}
	}
}

func TestThetasAndMoves(t *testing.T) {
	path := []Scalar{{Theta: 1}, {Theta: 0.5}, {Theta: 0.75}}
	if got := Thetas(path); len(got) != 3 || got[0] != 1 || got[2] != 0.75 {
		t.Errorf("thetas %v", got)
	}
	if got := Moves(path); len(got) != 2 || got[0] != 0.5 || got[1] != 0.25 {
		t.Errorf("moves %v", got)
	}
}

// With a constant gradient Keras's Adam moves by eta_0 at each step, for the correction of both moments then is exact
// (up to eps, 1e-7 beside sqrt(v_1) = 0.03).
func TestKerasMovesEvenly(t *testing.T) {
	const epsEffect = 4e-6
	for i, move := range Moves(Path(Keras{LearningRate: 0.01}, 0, 3000, func(float64) float64 { return 1 })) {
		if math.Abs(move/0.01-1) > epsEffect {
			t.Fatalf("step %d: moved by %v, want 0.01", i+1, move)
		}
	}
}
