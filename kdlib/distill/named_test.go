package distill

import (
	"encoding/json"
	"testing"
)

// A rule with a name of its own is called so, keeps its options, and comes back from JSON as it was.
func TestNamedByItself(t *testing.T) {
	want := Named{Soft{Temperature: 2}, "soft-t2"}
	text, err := json.Marshal(want)
	if err != nil || string(text) != `{"rule":"soft","options":{"temperature":2},"name":"soft-t2"}` {
		t.Errorf("got %s, %v", text, err)
	}
	var got Named
	if err := json.Unmarshal(text, &got); err != nil || got != want || got.String() != "soft-t2" || got.Label(0.8, 0) != want.Rule.Label(0.8, 0) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if name := (Named{Rule: Hard{}}).String(); name != "hard" {
		t.Errorf("without a name: got %q", name)
	}
	if o := Options(want); len(o) != 1 || o["temperature"] != 2 {
		t.Errorf("options: got %v", o)
	}
}
