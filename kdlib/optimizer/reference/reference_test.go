package reference

import (
	"fmt"
	"math"
	"testing"

	"distillation/kdlib/internal/golden"
)

// Relative tolerances, the tightest powers of ten that pass.
const (
	formula = 1e-14 // one formula against extended precision
	path    = 1e-13 // 60 steps in float64, each of which rounds
	powers  = 1e-5  // Keras itself: it takes the powers of the betas in float32, where 1 - 0.999 keeps four digits
)

type run struct {
	Eta0, Decay, Theta float64
	K1, K2             int
	Path               []float64
}

type trajectories struct {
	Steps []struct {
		Eta0, Decay float64
		T           []int
		Eta         []float64
	}
	Keras, Literal, Raw []run
	Ends                []struct {
		WarmUp int `json:"warm_up"`
		Steps  int
		T      []int
		Factor []float64
	}
}

func read(t *testing.T) (g trajectories) {
	t.Helper()
	golden.Read(t, "schedule_golden.json", &g)
	return g
}

func ExampleKerasStepSize() {
	for _, t := range []int{1, 12, 1000, 13675} { // 13675: the teacher's last step, 25 epochs of 547 batches
		fmt.Printf("t = %5d: student %.2e, teacher %.2e\n", t, KerasStepSize(t, 1e-4, 0), KerasStepSize(t, 1e-6, 0.01))
	}
	// Output:
	// t =     1: student 3.16e-05, teacher 3.16e-07
	// t =    12: student 1.52e-05, teacher 1.37e-07
	// t =  1000: student 7.95e-05, teacher 7.24e-08
	// t = 13675: student 1.00e-04, teacher 7.26e-09
}

func ExamplePath() {
	slope := func(theta float64) float64 { return theta - 3 } // of the loss (theta-3)^2/2
	keras := Path(Keras{LearningRate: 0.1}, 0, 3, slope)
	literal := Path(Literal{LearningRate: 0.1, K1: K1, K2: K2}, 0, 3, slope)
	for t := range keras {
		fmt.Printf("%d %.4f %.4f\n", t, keras[t].Theta, literal[t].Theta)
	}
	// Output:
	// 0 0.0000 0.0000
	// 1 0.1000 0.0316
	// 2 0.1999 0.0551
	// 3 0.2996 0.0753
}

func TestStepSizeAgainstExtendedPrecision(t *testing.T) {
	for _, c := range read(t).Steps {
		for i, step := range c.T {
			near(t, fmt.Sprintf("KerasStepSize(%d, %v, %v)", step, c.Eta0, c.Decay),
				KerasStepSize(step, c.Eta0, c.Decay), c.Eta[i], formula)
			if c.Decay == 0 {
				near(t, fmt.Sprintf("StepSize(%d, %v)", step, c.Eta0), StepSize(step, c.Eta0), c.Eta[i], formula)
			}
		}
	}
}

// Keras computes its schedules in float32: near the end the cosine is the difference of two numbers near 1.
func TestScheduleAgainstKeras(t *testing.T) {
	const float32Cosine = 2e-7 // of the peak
	for _, c := range read(t).Ends {
		s := Schedule{WarmUp: c.WarmUp, Steps: c.Steps}
		for i, step := range c.T {
			if got := s.Factor(step); math.Abs(got-c.Factor[i]) > float32Cosine {
				t.Errorf("%+v: step %d: got %v, want %v", s, step, got, c.Factor[i])
			}
		}
	}
	// By hand: half way up, the peak, half way down, the end and after it.
	s := Schedule{WarmUp: 20, Steps: 100}
	for i, want := range []float64{0, 0.5, 1, 0.5, 0, 0} {
		if got := s.Factors([]float64{1, 11, 21, 61, 101, 200})[i]; math.Abs(got-want) > formula {
			t.Errorf("by hand, number %d: got %v, want %v", i+1, got, want)
		}
	}
}

// The numbers in the doc comment of StepSize: first value, minimum, limit.
func TestShapeOfStepSize(t *testing.T) {
	near(t, "first", StepSize(1, 1), 0.316, 1e-3)
	for step := 1; step < 1000; step++ {
		if StepSize(step, 1) < StepSize(12, 1) {
			t.Errorf("StepSize(%d) = %v is below StepSize(12) = %v", step, StepSize(step, 1), StepSize(12, 1))
		}
	}
	near(t, "minimum", StepSize(12, 1), 0.152, 1e-2)
	near(t, "limit", StepSize(100_000, 1), 1, formula)
}

func TestKerasAgainstKeras(t *testing.T) {
	for _, r := range read(t).Keras {
		r.check(t, Keras{LearningRate: r.Eta0, Decay: r.Decay}, powers)
	}
}

func TestKerasAgainstExtendedPrecision(t *testing.T) {
	for _, r := range read(t).Raw {
		r.check(t, Keras{LearningRate: r.Eta0, Decay: r.Decay}, path)
	}
}

func TestLiteralAgainstTheText(t *testing.T) {
	for _, r := range read(t).Literal {
		r.check(t, Literal{LearningRate: r.Eta0, Decay: r.Decay, K1: r.K1, K2: r.K2}, path)
	}
}

func (r run) check(t *testing.T, o Optimizer, tolerance float64) {
	t.Helper()
	got := Path(o, r.Theta, len(r.Path), func(theta float64) float64 { return theta - 3 })
	for i, want := range r.Path {
		near(t, fmt.Sprintf("%+v: theta after step %d", o, i+1), got[i+1].Theta, want, tolerance)
	}
}

// With k1 = k2 = 1 nothing is corrected by (6) and (7), and the text is Keras.
func TestLiteralWithoutCorrectionIsKeras(t *testing.T) {
	slope := func(theta float64) float64 { return math.Sin(theta) }
	a := Path(Keras{LearningRate: 0.2, Decay: 0.03}, 1, 50, slope)
	b := Path(Literal{LearningRate: 0.2, Decay: 0.03, K1: 1, K2: 1}, 1, 50, slope)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("step %d: Keras %+v, literal %+v", i, a[i], b[i])
		}
	}
}

// By hand: at t = 1 both corrections undo the factors 1-b1 and 1-b2; they stop at k1 and k2.
func TestUnbias(t *testing.T) {
	near(t, "Unbias1 at 1", Unbias1(0.1, 1, K1), 1, formula)
	near(t, "Unbias2 at 1", Unbias2(0.001, 1, K2), 1, formula)
	near(t, "Unbias1 at 2", Unbias1(0.19, 2, K1), 1, formula) // 1 - 0.81
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"Unbias1 at k1", Unbias1(0.5, K1, K1), 0.5},
		{"Unbias2 at k2", Unbias2(0.5, K2, K2), 0.5},
		{"Unbias1 at 0", Unbias1(0.5, 0, K1), 0.5},
		{"Unbias2 at 0", Unbias2(0.5, 0, K2), 0.5},
	} {
		if c.got != c.want {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	if Unbias1(0.5, K1-1, K1) == 0.5 || Unbias2(0.5, K2-1, K2) == 0.5 {
		t.Error("the last step before k1 or k2 is not corrected")
	}
}

func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s = %v, want %v within %v", name, got, want, tolerance)
	}
}
