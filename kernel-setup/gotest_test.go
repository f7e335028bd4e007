package main

import (
	"slices"
	"testing"
)

// A time limit is no assertion: there is none, unless the user's comes after.
func TestGoTestHasNoTimeLimit(t *testing.T) {
	if got, want := goTest(nil), []string{"test", "-vet=off", "-timeout", "0", "./..."}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := goTest([]string{"-timeout", "5m"}), []string{"test", "-vet=off", "-timeout", "0", "./...", "-timeout", "5m"}; !slices.Equal(got, want) {
		t.Errorf("with a limit: got %q, want %q", got, want)
	}
}
