package study

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"distillation/kdlib/catdog"
	"distillation/kdlib/history"
	"distillation/kdlib/synth"
)

type deaf struct{}

func (deaf) Say(string, ...any)                       {}
func (deaf) Progress(string, int, int)                {}
func (deaf) Step(string, int, int, int, int, float64) {}
func (deaf) Epoch(string, int, history.Epoch)         {}

// A cache whose origin cannot be noted is not given away open.
func TestCacheWithoutOriginIsClosed(t *testing.T) {
	dir := t.TempDir()
	faces := filepath.Join(dir, "faces")
	if err := synth.Write(context.Background(), faces, 2, 32, 1); err != nil {
		t.Fatal(err)
	}
	source, err := catdog.Open(faces)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	if err := os.MkdirAll(filepath.Join(dir, "faces-32.cache.json", "in the way"), 0o755); err != nil {
		t.Fatal(err)
	}
	if cache, err := openCache(context.Background(), source, faces, dir, 32, deaf{}); err == nil || cache != nil {
		t.Errorf("got cache %v, error %v, want an error alone", cache, err)
	}
}
