package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/report/browser"
)

// An archive of another content is refused before anything is written.
func TestRuntimeOfPagesIsThePinnedOne(t *testing.T) {
	var archive bytes.Buffer
	z := gzip.NewWriter(&archive)
	files := tar.NewWriter(z)
	for _, f := range browser.RuntimeFiles {
		if err := files.WriteHeader(&tar.Header{Name: "package/dist/" + f.Name, Size: 1, Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	files.Close()
	z.Close()
	to := filepath.Join(t.TempDir(), "runtime")
	if err := unpackRuntime(archive.Bytes(), to); err == nil || !strings.Contains(err.Error(), "not the pinned one: got sha512-") {
		t.Errorf("got error %v", err)
	}
	if _, err := os.Stat(to); !os.IsNotExist(err) {
		t.Errorf("the folder was written: %v", err)
	}
}

// An option is told of by doctor, and is not missing.
func TestOptionsAreNotMissing(t *testing.T) {
	s := &setup{layout: layout(t.TempDir())}
	for _, name := range []string{"go.mod", "go.sum"} {
		if err := writeFile(filepath.Join(s.toolsDir(), name), nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range s.options(t.Context()) {
		if !f.ok || !strings.HasPrefix(f.version, "not installed; it is optional: go run ./kernel-setup ") {
			t.Errorf("%s: got %+v", f.name, f.status)
		}
	}
}
