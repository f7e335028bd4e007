package distill

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
)

func ExampleRule() {
	for _, rule := range []Rule{Hard{}, Soft{}} {
		fmt.Println(rule, rule.Label(0.2, 0), rule.Label(0.5, 0), rule.Label(0.93, 1))
	}
	// Output:
	// hard 0 0 1
	// soft 0.2 0.5 0.93
}

func ExampleSoft() {
	teacher := 0.8 // its odds on "dog" are 4 to 1; at temperature 2 their root, 2 to 1
	fmt.Printf("%.4f\n", Soft{Temperature: 2}.Label(teacher, 0))
	fmt.Printf("%.4f\n", Soft{Temperature: 2, Alpha: 0.25}.Label(teacher, 0)) // three quarters of it
	// Output:
	// 0.6667
	// 0.5000
}

func TestClassIsStrictlyGreater(t *testing.T) {
	above := math.Nextafter(Threshold, 1)
	for _, c := range []struct {
		p, threshold float64
		want         int
	}{
		{0, Threshold, 0},
		{Threshold, Threshold, 0}, // the paper: strictly greater
		{above, Threshold, 1},
		{1, Threshold, 1},
		{0.3, 0.3, 0},
		{0.30000000000000004, 0.3, 1},
		{math.NaN(), Threshold, 0},
	} {
		if got := Class(c.p, c.threshold); got != c.want {
			t.Errorf("Class(%v, %v) = %d, want %d", c.p, c.threshold, got, c.want)
		}
	}
}

func TestRules(t *testing.T) {
	for _, c := range []struct{ p, hard float64 }{{0, 0}, {0.5, 0}, {0.5000001, 1}, {1, 1}} {
		if got := (Hard{}).Label(c.p, 1); got != c.hard {
			t.Errorf("Hard.Label(%v) = %v, want %v", c.p, got, c.hard)
		}
		if got := (Soft{}).Label(c.p, 1); got != c.p {
			t.Errorf("Soft.Label(%v) = %v, want %v", c.p, got, c.p)
		}
	}
}

func TestParseRule(t *testing.T) {
	for _, want := range []Rule{Hard{}, Soft{}} {
		if got, err := ParseRule(want.String(), nil); err != nil || got != want {
			t.Errorf("ParseRule(%q) = %v, %v", want, got, err)
		}
	}
	for _, name := range []string{"", "Hard", "medium"} {
		if _, err := ParseRule(name, nil); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", name)) {
			t.Errorf("ParseRule(%q): error %v does not quote the name", name, err)
		}
	}
}

// softTolerance covers log and exp, which differ from library to library in their last digit.
const softTolerance = 1e-15

func TestSoftAgainstTorch(t *testing.T) {
	var cases []struct{ Temperature, Alpha, P, Hand, Want float64 }
	golden.Read(t, "soft_golden.json", &cases)
	for _, c := range cases {
		got := Soft{Temperature: c.Temperature, Alpha: c.Alpha}.Label(c.P, c.Hand)
		if math.Abs(got-c.Want) > softTolerance {
			t.Errorf("T %v, alpha %v: Label(%v, %v) = %v, want %v", c.Temperature, c.Alpha, c.P, c.Hand, got, c.Want)
		}
	}
}

// The paper's rule and T = 1 leave every prediction as it is, and no temperature moves a certain one.
func TestSoftLeavesPredictionsAlone(t *testing.T) {
	for _, p := range []float64{0, 5e-324, 0.1, float64(float32(0.1)), 0.5, math.Nextafter(1, 0), 1} {
		for _, s := range []Soft{{}, {Temperature: 1}} {
			if got := s.Label(p, 1); got != p {
				t.Errorf("%+v: Label(%v) = %v, want the same", s, p, got)
			}
		}
	}
	for _, p := range []float64{0, 1} {
		for _, temperature := range []float64{1e-9, 0.5, 20, math.MaxFloat64} {
			if got := (Soft{Temperature: temperature}).Label(p, 0.5); got != p {
				t.Errorf("T %v: Label(%v) = %v, want the same", temperature, p, got)
			}
		}
	}
}

func TestSoftValidate(t *testing.T) {
	for _, s := range []Soft{{}, {Temperature: 0.1, Alpha: 1}, {Temperature: 50}} {
		if err := s.Validate(); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
	err := Soft{Temperature: -1, Alpha: 1.5}.Validate()
	if err == nil || !strings.Contains(err.Error(), "temperature: got -1") || !strings.Contains(err.Error(), "alpha: got 1.5") {
		t.Errorf("got error %v, want both faults", err)
	}
	for _, s := range []Soft{{Temperature: math.NaN()}, {Temperature: math.Inf(1)}, {Alpha: math.NaN()}} {
		if s.Validate() == nil {
			t.Errorf("%+v: no error", s)
		}
	}
}
