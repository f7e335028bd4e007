package recipe_test

import (
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/recipe"
)

func TestSweep(t *testing.T) {
	s, err := recipe.Demo.Sweep(map[string][]float64{"temperature": {1, 2}, "alpha": {0, 0.5}})
	if err != nil {
		t.Fatal(err)
	}
	if s, err = s.Sweep(map[string][]float64{"smoothing": {0.1, 0.25}}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, rule := range s.Rules() {
		got = append(got, rule.String())
	}
	// The temperature 1 without a share of the ground truth is the study's own soft student.
	want := []string{"hard", "soft", "soft-t1-a0.5", "soft-t2-a0", "soft-t2-a0.5", "smoothed-s0.1", "smoothed-s0.25"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if rule := s.FurtherRules[2].Rule; rule != (distill.Soft{Temperature: 2, Alpha: 0.5}) {
		t.Errorf("got %+v", rule)
	}
	if len(recipe.Demo.FurtherRules) > 0 {
		t.Error("the preset has changed")
	}
}

func TestSweepRefused(t *testing.T) {
	for _, c := range []struct {
		over map[string][]float64
		want string
	}{
		{map[string][]float64{"heat": {1}}, `unknown field "heat"`},
		{map[string][]float64{"temperature": {-1}}, "temperature: got -1"},
		{map[string][]float64{"temperature": {2}, "smoothing": {0.1}}, "no rule of labels has these options"},
		{map[string][]float64{"temperature": {2, 2}}, "got soft-t2 twice"},
	} {
		if _, err := recipe.Demo.Sweep(c.over); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: got error %v, want %q", c.over, err, c.want)
		}
	}
	for name, want := range map[string]string{"../x": "want small letters", "teacher": "another model", "soft-3": "another model", "x-seed2": "another model", "hard": "twice"} {
		s := recipe.Demo
		s.FurtherRules = []distill.Named{{Rule: distill.Soft{Temperature: 2}, Name: name}}
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q", name, err, want)
		}
	}
}
