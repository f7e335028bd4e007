package dataset

import (
	"math"
	"testing"
)

// However large a logit is, its probability is neither 0 nor 1, and its loss by (1) finite.
func TestNoPredictionIsCertain(t *testing.T) {
	for _, z := range []float32{-math.MaxFloat32, -800, -40, 40, 800, math.MaxFloat32} {
		p, err := Probability(z)
		if err != nil || !(p > 0 && p < 1) || math.IsInf(math.Log(p)+math.Log1p(-p), 0) {
			t.Errorf("logit %v: got p = %v, %v, want in (0, 1)", z, p, err)
		}
	}
	if got, err := Probability(0); err != nil || got != 0.5 {
		t.Errorf("logit 0: got %v, %v, want 0.5", got, err)
	}
	for _, z := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got, err := Probability(float32(z)); err == nil {
			t.Errorf("logit %v: got %v, want an error", z, got)
		}
	}
}
