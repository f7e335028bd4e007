package stats

import (
	"fmt"
	"math"
	"testing"

	"distillation/kdlib/internal/golden"
)

const (
	normalTail = 1e-13 // gonum's tail of the normal distribution against scipy's
	otherSide  = 2e-6  // of a detectable effect: what the other side of the bound adds to the power
)

// Of 3,750 predictions 1,797 lie at the ends: may it be a half?
func ExampleScoreTest() {
	fmt.Printf("%.3f\n", ScoreTest(1797, 3750, 0.5))
	// Output:
	// 0.011
}

// An estimate of 0.02 with an interval of 95 %, whether it may be 0, and what it could have seen.
func ExampleZTest() {
	err := Interval{Low: 0.005, High: 0.035}.StandardError(Confidence)
	fmt.Printf("p = %.3f, could have seen %.3f\n", ZTest(0.02, err), DetectableShift(err))
	// Output:
	// p = 0.009, could have seen 0.021
}

func TestNormalAgainstStatsmodels(t *testing.T) {
	var want struct {
		Z     []struct{ Distance, Error, P float64 }
		Score []struct {
			K, N     int
			Share, P float64
		}
		Detectable []struct{ Error, Effect float64 }
		Errors     []struct{ Confidence, Error, Low, High float64 }
	}
	golden.Read(t, "normal_golden.json", &want)
	within := func(what string, got, want, tolerance float64) {
		t.Helper()
		if !(math.Abs(got-want) <= tolerance*want) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	for _, c := range want.Z {
		within(fmt.Sprintf("%v off by %v", c.Error, c.Distance), ZTest(c.Distance, c.Error), c.P, normalTail)
	}
	for _, c := range want.Score {
		within(fmt.Sprintf("%d of %d from %v", c.K, c.N, c.Share), ScoreTest(c.K, c.N, c.Share), c.P, normalTail)
	}
	for _, c := range want.Detectable {
		within(fmt.Sprintf("detectable by %v", c.Error), DetectableShift(c.Error), c.Effect, otherSide)
	}
	for _, c := range want.Errors {
		within(fmt.Sprintf("error at %v", c.Confidence), Interval{c.Low, c.High}.StandardError(c.Confidence), c.Error, normalTail)
	}
	if on, off := ZTest(0, 0), ZTest(0.1, 0); on != 1 || off != 0 {
		t.Errorf("without an error: got %v on the bound and %v off it, want 1 and 0", on, off)
	}
}
