package images

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// zeros are bytes that compress a thousandfold.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// bombs hold pictures of 64 MiB of zeros, 1088 MiB in all, in a megabyte.
var bombs = map[string]func(io.Writer) error{
	"zip": func(w io.Writer) error {
		z := zip.NewWriter(w)
		for i := range 17 {
			f, err := z.Create(fmt.Sprintf("cat.%d.jpg", i))
			if err != nil {
				return err
			}
			if _, err := io.CopyN(f, zeros{}, 64<<20); err != nil {
				return err
			}
		}
		return z.Close()
	},
	"tar.gz": func(w io.Writer) error {
		z := gzip.NewWriter(w)
		f := tar.NewWriter(z)
		for i := range 17 {
			if err := f.WriteHeader(&tar.Header{Name: fmt.Sprintf("cat.%d.jpg", i), Size: 64 << 20, Mode: 0o644}); err != nil {
				return err
			}
			if _, err := io.CopyN(f, zeros{}, 64<<20); err != nil {
				return err
			}
		}
		if err := f.Close(); err != nil {
			return err
		}
		return z.Close()
	},
}

func TestBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("compresses 2 GB")
	}
	for kind, write := range bombs {
		path := filepath.Join(t.TempDir(), "pictures")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := write(f); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "expands to more than 1073741824 bytes") {
			t.Errorf("%s: got error %v, want a refusal with the path", kind, err)
		}
	}
}

// A gzip that goes on after its tar ends is not read further; one that is long inside is, up to the limit.
func TestExpanding(t *testing.T) {
	r := &expanding{Reader: zeros{}, limit: 1000}
	n, err := io.Copy(io.Discard, r)
	if err == nil || n > 1000 {
		t.Errorf("got %d bytes, %v, want an error after at most 1000", n, err)
	}
	whole := &expanding{Reader: bytes.NewReader(make([]byte, 1000)), limit: 1000}
	if n, err := io.Copy(io.Discard, whole); err != nil || n != 1000 {
		t.Errorf("got %d bytes, %v, want all 1000", n, err)
	}
}

// many is a store of so many files that are no pictures.
type many struct {
	compressedTar
	files int
}

func (m many) list(add func(entry)) error {
	for range m.files {
		add(entry{key: "readme.txt"})
	}
	return nil
}

func TestTooManyFiles(t *testing.T) {
	s := &Source{store: many{files: maxEntries + 1}, byID: map[string]Picture{}}
	if err := s.index(AnyLayout); err == nil || !strings.Contains(err.Error(), "1000001 files, want at most 1000000") {
		t.Errorf("got error %v, want one that names both numbers", err)
	}
}

// Every kind of broken or odd picture in one archive of each kind: what cannot be read is listed, and the rest is read.
func TestOddPicturesDoNotStopTheRest(t *testing.T) {
	read := func(name string) string {
		raw, err := os.ReadFile(filepath.Join("testdata", "decode", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	good := read("444.jpg")
	files := []file{
		{name: "cat.0.jpg", content: good},
		{name: "cat.1.jpg", content: ""},
		{name: "cat.2.jpg", content: good[:300]},
		{name: "cat.3.jpg", content: good[:len(good)-40]},
		{name: "cat.4.jpg", content: "<html>not found</html>"},
		{name: "cat.5.png", content: good}, // by content, not by name
		{name: "cat.6.jpg", content: read("cmyk.jpg")},
		{name: "cat.7.jpg", content: read("grey.jpg")},
		{name: "cat.8.png", content: read("rgb16.png")},
		{name: "cat.9.jpg", content: read("exif.jpg")},
		{name: "cat.10.png", content: read("one.png")},
		{name: "cat.11.png", content: bomb(t)},
		{name: "dog.0.jpg", link: "../cat.0.jpg"},
		{name: "../dog.1.jpg", content: good},
		{name: "dog.2.jpg", content: good},
	}
	for _, kind := range []string{"zip", "tar", "tar.gz"} {
		s, err := Open(kinds[kind](t, files))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		path := filepath.Join(t.TempDir(), "pictures.cache")
		problems, err := BuildCache(context.Background(), s, path, CacheOptions{Size: 32})
		if err != nil {
			t.Fatal(err)
		}
		var broken []string
		for _, p := range append(s.Problems(), problems...) {
			broken = append(broken, p.Path)
		}
		if got, want := strings.Join(broken, " "), "dog.0.jpg ../dog.1.jpg cat.1.jpg cat.2.jpg cat.3.jpg cat.4.jpg cat.11.png"; got != want {
			t.Errorf("%s: left out: got %s, want %s", kind, got, want)
		}
		c, err := OpenCache(path)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if got, want := strings.Join(c.IDs(), " "), "cat.0 cat.5 cat.6 cat.7 cat.8 cat.9 cat.10 dog.2"; got != want {
			t.Errorf("%s: read: got %s, want %s", kind, got, want)
		}
	}
}
