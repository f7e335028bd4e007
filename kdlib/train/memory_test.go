package train_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"testing"

	"distillation/kdlib/backend/memory"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"
)

// Memory does not grow from epoch to epoch, with the C library set up as in kd and in the notebooks.
func TestMemoryStays(t *testing.T) {
	if os.Getenv("KDLIB_E2E") != "1" {
		t.Skip("trains many epochs; set KDLIB_E2E=1 to run it")
	}
	if _, set := os.LookupEnv(memory.Variable); !set {
		again := exec.Command(os.Args[0], "-test.run=^TestMemoryStays$", "-test.v")
		again.Env = append(os.Environ(), memory.Variable+"="+memory.Tunables)
		out, err := again.CombinedOutput()
		t.Logf("%s", out)
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	var after []int // MB of memory after each epoch
	r := run(t, filepath.Join(t.TempDir(), "run"), train.Report{Epoch: func(history.Epoch) { after = append(after, resident(t)) }})
	const settled = 12 // epochs after which the heap has found its shape
	r.Recipe.Epochs = 32
	if _, err := r.Fit(context.Background(), xlatest.Backend(t)); err != nil {
		t.Fatal(err)
	}
	t.Logf("MB after each epoch: %v", after)
	const noise = 64 // MB that the allocators of Go, XLA and the C library keep or give back
	if early, late := after[settled-1], after[len(after)-1]; late > early+noise {
		t.Errorf("got %d MB after epoch %d, %d MB after epoch %d, want no growth", late, len(after), early, settled)
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
