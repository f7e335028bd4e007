package audit

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
)

func ExampleAccuracies_Fit() {
	validation := AccuraciesOf(predictions.Validation)
	fmt.Println(len(validation.Printed), validation.Fit(3750), validation.Fit(3718))
	// Output:
	// 14 0 14
}

// The denominators behind the accuracies: 3750 on test, but 3718 = 116*32 + 6 on validation and, but for one accuracy,
// 17468 = 545*32 + 28 on train. A fraction that fits n fits its multiples too.
func TestSizes(t *testing.T) {
	const most = 25000
	for _, c := range []struct {
		set         predictions.Split
		n, fit, all int
		multiples   []int
	}{
		{predictions.Test, 3750, 23, 23, []int{3750, 7500, 11250, 15000, 18750, 22500}},
		{predictions.Validation, 3718, 14, 14, []int{3718, 7436, 11154, 14872, 18590, 22308}},
		{predictions.Train, 17468, 15, 16, nil},
	} {
		a := AccuraciesOf(c.set)
		if got := a.Fit(c.n); got != c.fit || len(a.Printed) != c.all {
			t.Errorf("%s: %d of %d accuracies are shares of %d, want %d of %d", c.set, got, len(a.Printed), c.n, c.fit, c.all)
		}
		if got := a.best(most); got != c.n {
			t.Errorf("%s: most accuracies fit %d, want %d", c.set, got, c.n)
		}
		sizes := a.Sizes(most)
		for _, n := range c.multiples {
			if !slices.Contains(sizes, n) {
				t.Errorf("%s: sizes %v, want %d among them", c.set, sizes, n)
			}
		}
		if len(sizes) > 0 && sizes[0] != c.n || len(sizes) > 0 && c.multiples == nil {
			t.Errorf("%s: sizes %v, want none below %d", c.set, sizes, c.n)
		}
	}
}

// Of two numbers each with probability 1/2 at least one fits in 3 of 4 cases; of 100,000 pictures every number is a share.
func TestChance(t *testing.T) {
	a := Accuracies{Printed: make([]paper.Printed, 2)}
	for _, c := range []struct {
		n, fit int
		want   float64
	}{{50_000, 0, 1}, {50_000, 1, 0.75}, {50_000, 2, 0.25}, {100_000, 2, 1}, {10_000, 2, 0.01}} {
		const sum = 1e-12 // of float64 terms
		if got := a.Chance(c.n, c.fit); math.Abs(got-c.want) > sum {
			t.Errorf("Chance(%d, %d) = %v, want %v", c.n, c.fit, got, c.want)
		}
	}
}

// 3626/3718 = 0.975256 prints 0.97526; 3657/3750 = 0.9752 and 3658/3750 = 0.97547 do not.
func TestTablesOfSizes(t *testing.T) {
	a := AccuraciesOf(predictions.Validation)
	if got, want := a.CountsTable(3750, 3718).Rows[0], []string{"0.97526", "no", "3626"}; !slices.Equal(got, want) {
		t.Errorf("counts: got %v, want %v", got, want)
	}
	// 0.03718^14 = 9.6e-21
	if got, want := a.Table(3718).Rows[0], []string{"3718", "116 × 32 + 6", "14", "14", "9.6e-21"}; !slices.Equal(got, want) {
		t.Errorf("sizes: got %v, want %v", got, want)
	}
	if got, want := SharesTable(a.Printed[0], 3750, 3718).Rows, [][]string{
		{"3750", "3657", "0.97520", "0.97526", "no"}, {"3718", "3626", "0.97526", "0.97526", "yes"}}; !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("shares: got %v, want %v", got, want)
	}
	p, err := a.Figure(3700, 3800)
	if err != nil || !strings.Contains(p.Title.Text, "14 accuracies") {
		t.Errorf("figure: got %v, error %v", p, err)
	}
}
