package kdlib_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
)

// A module of someone else's, which has kdlib by replace, registers a network and trains it. It is built without the network.
func TestOutsideModule(t *testing.T) {
	xlatest.Backend(t) // the program needs the plugin
	dir := t.TempDir()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	copied(t, filepath.Join(root, "go.sum"), filepath.Join(dir, "go.sum"), nil)
	copied(t, filepath.Join("testdata", "outside", "main.go"), filepath.Join(dir, "main.go"), nil)
	copied(t, filepath.Join(root, "go.mod"), filepath.Join(dir, "go.mod"), func(text string) string {
		return strings.Replace(text, "module distillation\n", "module outside\n", 1) +
			"\nrequire distillation v0.0.0\n\nreplace distillation => " + root + "\n"
	})
	build := exec.Command("go", "build", "-o", "outside", ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOFLAGS=-mod=mod -buildvcs=false -ldflags=-w", "GOPROXY=off", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	program := exec.Command(filepath.Join(dir, "outside"))
	program.Dir = dir
	if out, err := program.CombinedOutput(); err != nil {
		t.Fatalf("outside: %v\n%s", err, out)
	}
	got, err := predictions.Read(filepath.Join(dir, "test.csv"))
	if want := 40 * 15 / 100; err != nil || len(got) != want {
		t.Errorf("got %d predictions on the test set, %v, want %d", len(got), err, want)
	}
}

// copied copies a text file, changed.
func copied(t *testing.T, from, to string, change func(string) string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		text = []byte(change(string(text)))
	}
	if err := os.WriteFile(to, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
