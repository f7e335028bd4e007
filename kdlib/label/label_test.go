package label

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func ExampleRule() {
	for _, rule := range []Rule{Hard{}, Soft{}} {
		fmt.Println(rule, rule.Label(0.2), rule.Label(0.5), rule.Label(0.93))
	}
	// Output:
	// hard 0 0 1
	// soft 0.2 0.5 0.93
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
		if got := (Hard{}).Label(c.p); got != c.hard {
			t.Errorf("Hard.Label(%v) = %v, want %v", c.p, got, c.hard)
		}
		if got := (Soft{}).Label(c.p); got != c.p {
			t.Errorf("Soft.Label(%v) = %v, want %v", c.p, got, c.p)
		}
	}
}

func TestParseRule(t *testing.T) {
	for _, want := range []Rule{Hard{}, Soft{}} {
		if got, err := ParseRule(want.String()); err != nil || got != want {
			t.Errorf("ParseRule(%q) = %v, %v", want, got, err)
		}
	}
	for _, name := range []string{"", "Hard", "medium"} {
		if _, err := ParseRule(name); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", name)) {
			t.Errorf("ParseRule(%q): error %v does not quote the name", name, err)
		}
	}
}
