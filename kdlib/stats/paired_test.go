package stats

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"

	"gonum.org/v1/gonum/stat/distuv"
)

const (
	tailOfT   = 1e-12 // gonum's tail of Student's t against scipy's
	quadPower = 1e-9  // our quadrature against statsmodels' noncentral t
	ofEffect  = 1e-8  // of an effect, by that power
	ofBounds  = 2e-8  // as near as scipy integrates the normal distribution of three variables
)

type pairedGolden struct {
	TOST []struct {
		A, B            []float64
		Margin, TOST, P float64
	}
	Powers []struct {
		Effect, Level, Power float64
		N                    int
	}
	Effects, Needed []struct {
		N                    int
		Level, Power, Effect float64
	}
	Holm []struct {
		P, Adjusted []float64
	}
	Looks []struct {
		Looks  int
		Level  float64
		Levels []float64
	}
}

func readPaired(t *testing.T) (want pairedGolden) {
	golden.Read(t, "paired_golden.json", &want)
	return want
}

// off reports a number that is further than tolerance from the one wanted.
func off(t *testing.T, what string, got float64, err error, want, tolerance float64) {
	t.Helper()
	if err != nil || !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %v, %v, want %v give or take %v", what, got, err, want, tolerance)
	}
}

func TestPairedTestsAgainstStatsmodels(t *testing.T) {
	for _, c := range readPaired(t).TOST {
		p, err := PairedTOST(c.A, c.B, c.Margin)
		off(t, fmt.Sprintf("TOST of %v and %v", c.A, c.B), p, err, c.TOST, tailOfT)
		p, err = PairedTOST(c.B, c.A, c.Margin)
		off(t, fmt.Sprintf("TOST of %v and %v", c.B, c.A), p, err, c.TOST, tailOfT)
		p, err = PairedTTest(c.A, c.B)
		off(t, fmt.Sprintf("t-test of %v and %v", c.A, c.B), p, err, c.P, tailOfT)
	}
}

func TestPowerAgainstStatsmodels(t *testing.T) {
	want := readPaired(t)
	for _, c := range want.Powers {
		for _, effect := range []float64{c.Effect, -c.Effect} {
			got, err := PairedPower(effect, c.N, c.Level)
			off(t, fmt.Sprintf("power of %d for %v", c.N, effect), got, err, c.Power, quadPower)
		}
	}
	for _, c := range want.Effects {
		got, err := DetectableEffect(c.N, c.Level, c.Power)
		off(t, fmt.Sprintf("effect for %d at %v", c.N, c.Power), got, err, c.Effect, ofEffect*c.Effect)
	}
	for _, c := range want.Needed {
		if got, err := PairsNeeded(c.Effect, c.Level, c.Power); err != nil || got != c.N {
			t.Errorf("pairs for %v: got %d, %v, want %d", c.Effect, got, err, c.N)
		}
	}
}

// Equivalence at a level is that the interval of 1 - 2 level lies within the margin: two ways to the same.
func TestEquivalenceIsTheNarrowerInterval(t *testing.T) {
	a, b := []float64{0.92, 0.93, 0.925, 0.931}, []float64{0.921, 0.926, 0.926, 0.93}
	i, err := PairedT(a, b, 1-2*SignificanceLevel)
	if err != nil {
		t.Fatal(err)
	}
	p, err := PairedTOST(a, b, max(i.High, -i.Low))
	off(t, "a margin at the interval's end", p, err, SignificanceLevel, 1e-12)
}

func TestPairedErrors(t *testing.T) {
	one, two := []float64{1}, []float64{1, 3}
	_, margin := PairedTOST(two, []float64{1, 2}, 0)
	_, few := PairedTOST(one, one, 0.1)
	_, alike := PairedTTest(two, two)
	_, single := PairedPower(1, 1, 0.05)
	_, endless := PairedPower(math.Inf(1), 3, 0.05)
	_, level := PairedPower(1, 3, 0)
	_, weak := DetectableEffect(3, 0.05, 0.05)
	_, sure := DetectableEffect(3, 0.05, 1)
	_, none := PairsNeeded(0, 0.05, 0.8)
	_, beyond := PairsNeeded(1, 0.05, 1.5)
	for _, c := range []struct {
		err  error
		want string
	}{
		{margin, "margin of equivalence: got 0"}, {few, "got 1 and 1 values"}, {alike, "standard deviation 0"}, {single, "got 1 pairs"}, {endless, "an effect of +Inf"},
		{level, "level 0"}, {weak, "power: got 0.05"}, {sure, "power: got 1"}, {none, "more than 1048576 pairs"}, {beyond, "power: got 1.5"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("got error %v, want %q in it", c.err, c.want)
		}
	}
}

func TestHolmAgainstStatsmodels(t *testing.T) {
	for _, c := range readPaired(t).Holm {
		got, err := Holm(c.P)
		if err != nil || len(got) != len(c.P) {
			t.Fatalf("%v: got %v, %v", c.P, got, err)
		}
		for i, want := range c.Adjusted {
			off(t, fmt.Sprintf("%d of %v", i, c.P), got[i], nil, want, closedForm)
		}
	}
	if _, err := Holm([]float64{0.5, math.NaN()}); err == nil || !strings.Contains(err.Error(), "p-value 1: got NaN") {
		t.Errorf("got error %v, want one that names the number", err)
	}
}

func TestLooksAgainstSciPy(t *testing.T) {
	for _, c := range readPaired(t).Looks {
		got, err := OBrienFleming(c.Looks, c.Level)
		if err != nil || len(got) != c.Looks {
			t.Fatalf("%d looks: got %v, %v", c.Looks, got, err)
		}
		for k, want := range c.Levels {
			off(t, fmt.Sprintf("look %d of %d", k+1, c.Looks), got[k], nil, want, ofBounds)
		}
	}
}

// The constants C of Jennison and Turnbull (2000), table 2.3, two-sided 0.05, printed to three decimals.
func TestLooksAsPrinted(t *testing.T) {
	for looks, c := range map[int]float64{1: 1.960, 2: 1.977, 3: 2.004, 4: 2.024, 5: 2.040, 10: 2.087} {
		levels, err := OBrienFleming(looks, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		got := distuv.UnitNormal.Quantile(1 - levels[looks-1]/2)
		off(t, fmt.Sprint(looks, " looks"), got, nil, c, 0.0005+1e-9) // half a unit of the last digit
	}
	for _, c := range []struct {
		looks int
		level float64
	}{{0, 0.05}, {51, 0.05}, {3, 0}, {3, 1}} {
		if _, err := OBrienFleming(c.looks, c.level); err == nil {
			t.Errorf("%+v: no error", c)
		}
	}
}
