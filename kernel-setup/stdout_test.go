package main

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
)

type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// A table that could not be printed is an error, although what printed it did not look.
func TestFullOutput(t *testing.T) {
	w := &checkedWriter{to: full{}}
	if err := w.written(); err != nil {
		t.Errorf("before anything is written: %v", err)
	}
	printFindings(w, []finding{{name: "go", status: status{ok: true}}})
	fmt.Fprintln(w, "more")
	if err := w.written(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got error %v, want %v", err, syscall.ENOSPC)
	}
}
