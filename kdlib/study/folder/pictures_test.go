package folder

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/recipe"
)

// collection draws faces, decodes them at sizes into a folder, and returns the caches, by size.
func collection(t *testing.T, caches string, seed uint64, sizes ...int) map[int]*images.Cache {
	t.Helper()
	archive := filepath.Join(t.TempDir(), "faces.tar")
	if err := synth.Write(t.Context(), archive, synth.Faces{N: 8, Size: 40, Seed: seed}); err != nil {
		t.Fatal(err)
	}
	source, err := images.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	made := map[int]*images.Cache{}
	for _, size := range sizes {
		path := filepath.Join(caches, fmt.Sprintf("faces-%d-%d.cache", seed, size))
		if _, err := images.BuildCache(context.Background(), source, path, images.CacheOptions{Size: size}); err != nil {
			t.Fatal(err)
		}
		if made[size], err = images.OpenCache(path); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { made[size].Close() })
	}
	return made
}

// A study finds its own pictures among others of the same names, the smallest that it recorded, whichever form its record has.
func TestOpenPictures(t *testing.T) {
	caches, r := t.TempDir(), &Study{Dir: t.TempDir()}
	split := images.Manifest{{ID: "dog.1", Split: "train", Label: 1}, {ID: "cat.0", Split: "test"}}
	if err := split.Write(filepath.Join(r.Dir, ManifestFile)); err != nil {
		t.Fatal(err)
	}
	collection(t, caches, 1, 16, 32)
	if err := os.WriteFile(filepath.Join(caches, "broken.cache"), []byte("no cache"), 0o644); err != nil {
		t.Fatal(err)
	}
	open := func() *images.Cache {
		t.Helper()
		found, err := r.OpenPictures(caches)
		if found != nil {
			t.Cleanup(func() { found.Close() })
			return found
		}
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), caches) {
			t.Errorf("error %v, want one of what is not there, with the folder", err)
		}
		return nil
	}
	if open() != nil {
		t.Error("found pictures although none are recorded")
	}
	mine := collection(t, caches, 2, 16, 24, 32)
	record := func(file string, size int) {
		t.Helper()
		sum := sha256.New()
		for _, line := range []struct{ id, text string }{{"dog.1", "dog.1 train 1\n"}, {"cat.0", "cat.0 test 0\n"}} {
			pixels, _ := mine[size].Image(line.id)
			sum.Write([]byte(line.text))
			sum.Write(pixels)
		}
		if err := recipe.WriteJSON(filepath.Join(r.Dir, file), map[int]string{size: fmt.Sprintf("%x", sum.Sum(nil))}); err != nil {
			t.Fatal(err)
		}
	}
	record("manifest-pixels.json", 32)
	if got := open(); got == nil || got.Sum() != mine[32].Sum() {
		t.Error("the old form of record: other pictures were found, want its own of 32x32")
	}
	record("manifest-pixels-24.json", 24)
	if got := open(); got == nil || got.Sum() != mine[24].Sum() {
		t.Error("the new form of record: other pictures were found, want its own of 24x24")
	}
	split[1].Label = 1
	if err := split.Write(filepath.Join(r.Dir, ManifestFile)); err != nil {
		t.Fatal(err)
	}
	if open() != nil {
		t.Error("found pictures although a label has changed")
	}
}
