package distill

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
)

// Keras 3, losses.py, BinaryCrossentropy.call: y_true * (1 - label_smoothing) + 0.5 * label_smoothing. Worked out by hand.
func TestSmoothed(t *testing.T) {
	for _, c := range []struct{ smoothing, hand, want float64 }{
		{0, 0, 0}, {0, 1, 1}, {0.1, 0, 0.05}, {0.1, 1, 0.95}, {0.5, 0.25, 0.375}, {1, 0, 0.5}, {1, 1, 0.5},
	} {
		for _, p := range []float64{0, 0.7, math.NaN()} { // no teacher is asked
			if got := (Smoothed{c.smoothing}).Label(p, c.hand); math.Abs(got-c.want) > softTolerance {
				t.Errorf("s %v: Label(%v, %v) = %v, want %v", c.smoothing, p, c.hand, got, c.want)
			}
		}
	}
}

// Both ends of a range are in it.
func TestEndsOfRanges(t *testing.T) {
	for _, rule := range []Rule{Smoothed{0}, Smoothed{1}, Soft{Alpha: 0}, Soft{Alpha: 1}, Soft{Temperature: math.MaxFloat64}, Soft{Temperature: 5e-324}} {
		if err := rule.Validate(); err != nil {
			t.Errorf("%+v: %v", rule, err)
		}
	}
}

func TestParseRuleOptions(t *testing.T) {
	got, err := ParseRule("soft", map[string]float64{"temperature": 2, "alpha": 0.25})
	if want := (Soft{Temperature: 2, Alpha: 0.25}); err != nil || got != want {
		t.Errorf("got %v, %v, want %+v", got, err, want)
	}
	for want, c := range map[string]struct {
		name, option string
		value        float64
	}{
		`rule hard: json: unknown field "alpha"`:       {"hard", "alpha", 0.5},
		"rule smoothed: smoothing: got 2, want in [0,": {"smoothed", "smoothing", 2},
		"rule soft: alpha: got -1":                     {"soft", "alpha", -1},
	} {
		if _, err := ParseRule(c.name, map[string]float64{c.option: c.value}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got error %v, want %q", c, err, want)
		}
	}
}

func TestNamedAsJSON(t *testing.T) {
	want := []Named{{Rule: Hard{}}, {Rule: Soft{Temperature: 3}}, {Rule: Smoothed{0.1}}}
	const text = `[{"rule":"hard"},{"rule":"soft","options":{"temperature":3}},{"rule":"smoothed","options":{"smoothing":0.1}}]`
	if got, err := json.Marshal(want); err != nil || string(got) != text {
		t.Errorf("got %s, %v, want %s", got, err, text)
	}
	var got []Named
	if err := json.Unmarshal([]byte(text), &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for _, wrong := range []string{`{"rule":"medium"}`, `{"rule":"hard","s":1}`, `{"rule":"smoothed","options":{"s":1}}`} {
		if err := json.Unmarshal([]byte(wrong), new(Named)); err == nil {
			t.Errorf("%s: no error", wrong)
		}
	}
}
