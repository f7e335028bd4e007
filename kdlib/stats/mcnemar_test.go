package stats

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
)

// relative is how far gonum's incomplete beta function is from scipy's sums.
const relative = 2e-12

func ExampleMcNemar_P() {
	t, err := NewMcNemar([]bool{true, true, true, true, true, true, false}, []bool{true, false, false, false, false, false, false})
	fmt.Printf("%v %.4f %v\n", t, t.P(), err) // five heads or five tails of five tosses: 2/32
	// Output:
	// {1 5 0 1} 0.0625 <nil>
}

func TestMcNemarAgainstSciPy(t *testing.T) {
	var want struct {
		Exact []struct {
			A, B int
			P    float64
		}
		Bounds []struct {
			N, First, Second int
			Low, High        float64
		}
	}
	golden.Read(t, "mcnemar_golden.json", &want)
	for _, c := range want.Exact {
		nearTo(t, fmt.Sprintf("%d against %d", c.A, c.B), SignTest(c.A, c.B), c.P)
		nearTo(t, fmt.Sprintf("%d against %d", c.B, c.A), SignTest(c.B, c.A), c.P)
	}
	for _, c := range want.Bounds {
		low, high, err := McNemarBounds(c.N, c.First, c.Second)
		if err != nil {
			t.Fatal(err)
		}
		nearTo(t, fmt.Sprintf("lowest of %+v", c), low, c.Low)
		nearTo(t, fmt.Sprintf("highest of %+v", c), high, c.High)
	}
}

func nearTo(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestNewMcNemar(t *testing.T) {
	got, err := NewMcNemar([]bool{true, true, false, false, true}, []bool{true, false, true, false, true})
	if want := (McNemar{2, 1, 1, 1}); err != nil || got != want || got.N() != 5 {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if _, err := NewMcNemar([]bool{true}, nil); err == nil || !strings.Contains(err.Error(), "1 and 0 predictions") {
		t.Errorf("got error %v, want one with both lengths", err)
	}
	for _, c := range [][3]int{{0, 0, 0}, {3, 4, 0}, {3, 0, -1}} {
		if _, _, err := McNemarBounds(c[0], c[1], c[2]); err == nil {
			t.Errorf("bounds of %v: no error", c)
		}
	}
}

// Of 30 pictures one model gets 1 and the other 9: only that one can the worse model get alone, so that at most 1 stands against 9. By
// hand: 2 (1 + 10) / 2^10.
func TestWorseModelHasFewAlone(t *testing.T) {
	low, high, err := McNemarBounds(30, 1, 9)
	if err != nil {
		t.Fatal(err)
	}
	nearTo(t, "lowest p: 8 against 0", low, 2./256)
	nearTo(t, "highest p: 9 against 1", high, 22./1024)
}
