package fit_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"distillation/kdlib/fit"
	"distillation/kdlib/history"
	"distillation/kdlib/internal/xlatest"
)

// Memory does not grow from epoch to epoch.
func TestMemoryStays(t *testing.T) {
	if os.Getenv("KDLIB_E2E") != "1" {
		t.Skip("trains many epochs; set KDLIB_E2E=1 to run it")
	}
	var after []int // MB of memory after each epoch
	r := run(t, filepath.Join(t.TempDir(), "run"), fit.Report{Epoch: func(history.Epoch) { after = append(after, resident(t)) }})
	r.Recipe.Epochs = 16
	if _, err := r.Fit(context.Background(), xlatest.Backend(t)); err != nil {
		t.Fatal(err)
	}
	t.Logf("MB after each epoch: %v", after)
	const noise = 64 // MB that the allocators of Go, XLA and the C library keep or give back
	if early, late := after[3], after[len(after)-1]; late > early+noise {
		t.Errorf("got %d MB after epoch %d, %d MB after epoch 4, want no growth", late, len(after), early)
	}
}

// resident is the memory that this process holds now, in MB, when Go has given back what it can.
func resident(t *testing.T) int {
	t.Helper()
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip(err)
	}
	var size, pages int
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize() >> 20
}
