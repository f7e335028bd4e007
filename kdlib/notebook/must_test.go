package notebook

import (
	"errors"
	"strings"
	"testing"
)

func TestMust(t *testing.T) {
	if got := Must(3, nil); got != 3 {
		t.Errorf("Must returned %d, want 3", got)
	}
	Check(nil)
	want := errors.New("no such file")
	defer func() {
		if got := recover(); got != want {
			t.Errorf("outside of a notebook Must panicked with %v, want %v", got, want)
		}
	}()
	Must(3, want)
}

func TestErrorIsWellFormed(t *testing.T) {
	got := errorHTML(errors.Join(errors.New("p = <1.5>"), errors.New("and more")))
	wellFormed(t, got)
	if !strings.Contains(got, "p = &lt;1.5&gt;\nand more") {
		t.Errorf("HTML %q", got)
	}
}
