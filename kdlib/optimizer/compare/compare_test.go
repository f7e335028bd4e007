package compare

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"distillation/kdlib/internal/xlatest"
)

const rate = 1e-3

// walked is one walk that all tests look at.
var walked struct {
	once sync.Once
	*Walks
	err error
}

func walks(t *testing.T) *Walks {
	t.Helper()
	backend := xlatest.Backend(t)
	walked.once.Do(func() { walked.Walks, walked.err = Walk(backend, rate, 2000) })
	if walked.err != nil {
		t.Fatal(walked.err)
	}
	return walked.Walks
}

// A step's length over Keras's, from the formulas by hand: s = sqrt(1 - 0.999^t), c = 1 - 0.9^t.
//
// On large gradients epsilon does not count. GoMLX's step is Keras's. The literal one's is s/c times as long for t < 10,
// s from there, and 1 from t = 1000.
//
// On tiny gradients nothing counts beside epsilon. GoMLX's step is 1/s of Keras's; the literal one's is 1/c for t < 10,
// then 1.
func TestStepsByHand(t *testing.T) {
	w := walks(t)
	for _, c := range []struct {
		optimizer, gradient string
		t                   int
		want                float64
	}{
		{Literal, Large, 1, 0.316228},   // sqrt(0.001)/0.1
		{Literal, Large, 9, 0.154558},   // sqrt(1 - 0.991036)/(1 - 0.387420)
		{Literal, Large, 10, 0.0997760}, // sqrt(1 - 0.990045)
		{Literal, Large, 11, 0.104619},  // sqrt(1 - 0.989055)
		{Literal, Large, 100, 0.308558}, // sqrt(1 - 0.904792)
		{Literal, Large, 999, 0.794944}, // sqrt(1 - 0.368063)
		{Literal, Large, 1000, 1},
		{Literal, Large, 2000, 1},
		{GoMLX, Large, 1, 1},
		{GoMLX, Large, 2000, 1},
		{Literal, Tiny, 1, 10},       // 1/0.1
		{Literal, Tiny, 9, 1.632441}, // 1/0.6125795
		{Literal, Tiny, 10, 1},
		{GoMLX, Tiny, 1, 31.6228},  // 1/sqrt(0.001)
		{GoMLX, Tiny, 10, 10.0225}, // 1/sqrt(1 - 0.990045)
		{GoMLX, Tiny, 100, 3.240818},
		{GoMLX, Tiny, 1000, 1.257581}, // 1/sqrt(1 - 0.367695)
		{GoMLX, Tiny, 2000, 1.075330}, // 1/sqrt(1 - 0.135200)
	} {
		// What remains of epsilon or of the root: 1e-7/(1e4 sqrt(0.001)) and 1e-12/1e-7.
		const remains = 2e-5
		if got := w.Ratio(c.optimizer, c.gradient, c.t); math.Abs(got-c.want) > remains*c.want {
			t.Errorf("%s, %s, step %d: got %v of Keras's step, want %v", c.optimizer, c.gradient, c.t, got, c.want)
		}
	}
}

// By hand: on large gradients the first step of Keras's is one learning rate long, whatever the gradient.
func TestFirstStep(t *testing.T) {
	w := walks(t)
	if got := w.Theta(Keras, Large, 1); math.Abs(got+rate) > 1e-9 {
		t.Errorf("Keras after step 1: got %v, want %v", got, -rate)
	}
	for _, optimizer := range []string{Keras, Literal, GoMLX} {
		if got := w.Theta(optimizer, Zero, w.Steps); got != 0 {
			t.Errorf("%s on zero gradients: got %v, want 0", optimizer, got)
		}
	}
}

// Keras at 1, the other at 0.5: half the way, 50% behind.
func TestTable(t *testing.T) {
	path := func(theta float64) [][]float64 {
		return [][]float64{make([]float64, len(Kinds)), {0, 0, theta, 0, 0}}
	}
	w := &Walks{Steps: 1, rate: 1, theta: map[string][][]float64{Keras: path(1), Literal: path(0.5), GoMLX: path(1.25)}}
	if got, want := fmt.Sprint(w.Table(Large, 1).Rows[0]), "[1 1 -50.000% +25.000% 0.5000 1.2500]"; got != want {
		t.Errorf("large: got %s, want %s", got, want)
	}
	if got, want := fmt.Sprintf("%q", w.Table(Zero, 1).Rows[0]), `["1" "0" "" "" "" ""]`; got != want {
		t.Errorf("zero: got %s, want %s", got, want)
	}
}

func TestFigures(t *testing.T) {
	w := walks(t)
	if _, err := w.StepsFigure(Large); err != nil {
		t.Error(err)
	}
	if _, err := w.DistanceFigure(GoMLX, Tiny, Small, Large, Sparse); err != nil {
		t.Error(err)
	}
	if _, err := w.StepsFigure(Zero); err == nil {
		t.Error("steps on zero gradients: got no error")
	}
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, `"huge"`) {
			t.Errorf("panic %v does not quote the name", got)
		}
	}()
	w.Theta(Keras, "huge", 1)
}
