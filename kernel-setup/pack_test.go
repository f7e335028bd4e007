package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// packed makes a small checkout of git with a Go that says what it is called with, and what would be gathered for it.
func packed(t *testing.T) (s *setup, gathered string) {
	t.Helper()
	s, _ = newTestSetup(t)
	writeTestFile(t, s.path(".gitignore"), "/.venv/\n")
	writeTestFile(t, s.path("notebooks", "a b.ipynb"), "{}")
	writeTestFile(t, s.path("gone"), "")
	if err := os.Symlink("go.mod", s.path("link")); err != nil {
		t.Fatal(err)
	}
	for _, words := range [][]string{{"init", "-q"}, {"add", "."}} {
		if out, err := exec.Command("git", append([]string{"-C", string(s.layout)}, words...)...).CombinedOutput(); err != nil {
			t.Fatalf("git: %v: %s", err, out)
		}
	}
	if err := os.Remove(s.path("gone")); err != nil {
		t.Fatal(err)
	}
	writeTestFile(t, s.path(".venv", "installed"), "")
	s.env.GOROOT = t.TempDir()
	writeTestFile(t, filepath.Join(s.env.GOROOT, "bin", "go"), "#!/bin/sh\necho \"$PWD\" \"$GOPROXY\" \"$PIP_FIND_LINKS\" \"$PIP_NO_INDEX\" \"$@\"\n")
	writeTestFile(t, filepath.Join(s.env.GOROOT, "test", "fixedbugs.go"), "")
	elsewhere := t.TempDir() // as Debian has Go
	writeTestFile(t, filepath.Join(elsewhere, "fmt", "print.go"), "")
	if err := os.Symlink(elsewhere, filepath.Join(s.env.GOROOT, "src")); err != nil {
		t.Fatal(err)
	}
	gathered = t.TempDir()
	writeTestFile(t, filepath.Join(gathered, "wheels", "jupyterlab.whl"), "")
	writeTestFile(t, filepath.Join(gathered, "modules", "cache", "download", "x", "@v", "v1.zip"), "")
	writeTestFile(t, filepath.Join(gathered, "modules", "x@v1", "x.go"), "")
	return s, gathered
}

// A pack has the files that git does not ignore and all that was gathered, whatever compresses it. Unpacked into a folder with a space, its script
// calls the Go that came with it, on modules and packages that came with it.
func TestPack(t *testing.T) {
	s, gathered := packed(t)
	files, err := s.tracked(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"kdlib/.gitignore", "kdlib/.packed/go/bin/go", "kdlib/.packed/go/src/fmt/print.go", "kdlib/.packed/modules/x/@v/v1.zip", "kdlib/.packed/wheels/jupyterlab.whl",
		"kdlib/go.mod", "kdlib/link", "kdlib/notebooks/a b.ipynb", "kdlib/setup"}
	for name, open := range map[string]func(io.Reader) (io.Reader, error){
		"p.tar":     func(r io.Reader) (io.Reader, error) { return r, nil },
		"p.tar.gz":  func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"p.tar.zst": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	} {
		var pack bytes.Buffer
		if err := s.writePack(&pack, name, gathered, files); err != nil {
			t.Fatal(err)
		}
		r, err := open(&pack)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "100% a")
		if got := slices.Sorted(maps.Keys(unpack(t, r, dir))); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		root := filepath.Join(dir, "kdlib")
		out, err := exec.Command(filepath.Join(root, "setup"), "run", "a b.ipynb").CombinedOutput()
		url := "file://" + strings.ReplaceAll(strings.ReplaceAll(root, "%", "%25"), " ", "%20") + "/.packed"
		if want := root + " " + url + "/modules " + url + "/wheels 1 run ./kernel-setup run a b.ipynb\n"; string(out) != want || err != nil {
			t.Errorf("%s: setup: got %q, %v, want %q", name, out, err, want)
		}
	}
	if err := s.writePack(io.Discard, "p.zip", gathered, files); err == nil || !strings.Contains(err.Error(), "p.zip") {
		t.Errorf("p.zip: got %v, want an error that names it", err)
	}
}

// unpack writes a tar into a folder and returns its files.
func unpack(t *testing.T, r io.Reader, dir string) map[string]bool {
	t.Helper()
	files := map[string]bool{}
	for reader := tar.NewReader(r); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		var data []byte
		if err == nil {
			data, err = io.ReadAll(reader)
		}
		path := filepath.Join(dir, header.Name)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		if err == nil && header.Typeflag == tar.TypeSymlink {
			err = os.Symlink(header.Linkname, path)
		} else if err == nil {
			err = os.WriteFile(path, data, header.FileInfo().Mode())
		}
		if err != nil {
			t.Fatal(err)
		}
		files[header.Name] = true
	}
}

// What doctor says to type works without network in a packed checkout.
func TestTyped(t *testing.T) {
	s, _ := newTestSetup(t)
	if got, want := s.typed("lab"), "go run ./kernel-setup lab"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	writeTestFile(t, s.path("setup"), setupScript)
	if got, want := s.typed("lab"), "./setup lab"; got != want {
		t.Errorf("in a packed checkout: got %q, want %q", got, want)
	}
}
