package study

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
)

// A cache whose origin cannot be noted is not given away open.
func TestCacheWithoutOriginIsClosed(t *testing.T) {
	dir := t.TempDir()
	faces := filepath.Join(dir, "faces")
	if err := synth.Write(context.Background(), faces, synth.Faces{N: 2, Size: 32, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	source, err := images.Open(faces)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	path, err := cachePath(faces, dir, 32)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path+".json", "in the way"), 0o755); err != nil {
		t.Fatal(err)
	}
	if cache, err := openCache(context.Background(), source, CollectionOptions{Pictures: faces, CacheDir: dir, Report: quiet{}}, 32); err == nil || cache != nil {
		t.Errorf("got cache %v, error %v, want an error alone", cache, err)
	}
}

// What has one name in two folders, or as a folder and as an archive, does not take the cache of the other away; a source has
// one cache, however its place is said.
func TestCacheOfEachSource(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	path := func(pictures string) string {
		t.Helper()
		p, err := cachePath(pictures, "cache", 32)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	met := map[string]string{}
	for _, pictures := range []string{"a/train", "b/train", "train", "train.zip", "train.tar"} {
		p := path(pictures)
		if ok, err := filepath.Match("cache/train-????????-32.cache", p); !ok || err != nil {
			t.Errorf("%s: got %s, want cache/train-HASH-32.cache", pictures, p)
		}
		if other, twice := met[p]; twice {
			t.Errorf("%s and %s: both in %s", other, pictures, p)
		}
		met[p] = pictures
	}
	for _, pictures := range []string{"./a/train/", filepath.Join(dir, "a", "train")} {
		if got, want := path(pictures), path("a/train"); got != want {
			t.Errorf("%s: got %s, want %s", pictures, got, want)
		}
	}
}
