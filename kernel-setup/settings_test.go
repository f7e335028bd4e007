package main

import (
	"bytes"
	"strings"
	"testing"
)

// What is in force is told apart from what the user has set, and what could be set is named.
func TestSettings(t *testing.T) {
	user := from(map[string]string{"XLA_FLAGS": "--a=1", "MALLOC_ARENA_MAX": "2"})
	inForce := []variable{{"GOMLX_BACKEND", "xla:/lib/x.so"}, {"XLA_FLAGS", "--a=1"}}
	var out bytes.Buffer
	printSettings(&out, settings(inForce, []variable{{"GOMLX_BACKEND", "xla:/lib/x.so"}, {"XLA_FLAGS", "--b=1"}}, user))
	for _, want := range []string{
		"GOMLX_BACKEND=xla:/lib/x.so default",
		"XLA_FLAGS=--a=1 yours",
		"MALLOC_ARENA_MAX=2 yours",
		"GLIBC_TUNABLES= not set",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " ")+" ", want+" ") {
			t.Errorf("got\n%s\nwant a line %q", out.String(), want)
		}
	}
}
