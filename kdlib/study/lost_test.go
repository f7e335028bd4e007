package study_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/images/synth"
	"distillation/kdlib/internal/lock"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
)

// opener opens a collection of drawn faces in a folder and returns what was said.
func opener(t *testing.T, dir string) func() ([]string, error) {
	t.Helper()
	return func() ([]string, error) {
		report := &recorder{epochs: map[string]int{}}
		c, err := study.OpenCollection(context.Background(), study.CollectionOptions{Pictures: filepath.Join(dir, "faces"), CacheDir: filepath.Join(dir, "cache"),
			Manifest: filepath.Join(dir, "manifest.csv"), Data: recipe.Data{Size: 32, Seed: 1}, Report: report})
		if err == nil {
			err = c.Close()
		}
		return report.lines, err
	}
}

// Who only asks writes nothing beside a split that is there; sums of older versions, of all sizes in one file, are read and kept.
func TestPixelsOfASplit(t *testing.T) {
	dir := t.TempDir()
	faces := filepath.Join(dir, "faces")
	writeFaces(t, faces, 1)
	open := func(size int, readOnly bool) error {
		c, err := study.OpenCollection(context.Background(), study.CollectionOptions{Pictures: faces, CacheDir: filepath.Join(dir, "cache"),
			Manifest: filepath.Join(dir, "manifest.csv"), Data: recipe.Data{Size: size, Seed: 1}, ReadOnly: readOnly})
		if err == nil {
			err = c.Close()
		}
		return err
	}
	check := func(what string, err error, want ...string) {
		t.Helper()
		found, _ := filepath.Glob(filepath.Join(dir, "manifest-*"))
		for i := range found {
			found[i] = filepath.Base(found[i])
		}
		if err != nil || !slices.Equal(found, want) {
			t.Errorf("%s: got %q, %v, want %q", what, found, err, want)
		}
	}
	check("a new split", open(32, true), "manifest-pixels-32.json")
	check("asked at another size", open(40, true), "manifest-pixels-32.json")
	check("learned from at another size", open(40, false), "manifest-pixels-32.json", "manifest-pixels-40.json")
	old := `{"32": %q, "40": %q}`
	var sums []any
	for _, size := range []int{32, 40} {
		known := map[int]string{}
		path := filepath.Join(dir, fmt.Sprintf("manifest-pixels-%d.json", size))
		if err := errors.Join(recipe.ReadJSON(path, &known), os.Remove(path)); err != nil {
			t.Fatal(err)
		}
		sums = append(sums, known[size])
	}
	if err := os.WriteFile(filepath.Join(dir, "manifest-pixels.json"), fmt.Appendf(nil, old, sums...), 0o644); err != nil {
		t.Fatal(err)
	}
	check("the old form", open(32, false), "manifest-pixels.json")
	check("a size that it lacks", open(48, false), "manifest-pixels-48.json", "manifest-pixels.json")
	writeFaces(t, faces, 2)
	for _, size := range []int{32, 48} {
		if err := open(size, true); err == nil || !strings.Contains(err.Error(), "have changed") {
			t.Errorf("other pictures at %d: got error %v, want a refusal", size, err)
		}
	}
}

func writeFaces(t *testing.T, path string, seed uint64) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := synth.Write(context.Background(), path, synth.Faces{N: 20, Size: 32, Seed: seed}); err != nil {
		t.Fatal(err)
	}
}

// Pictures that changed under a run are refused with the folder as it was; when the old ones are back, it opens again. The
// decoded pictures follow the source without being asked to.
func TestChangedPictures(t *testing.T) {
	dir := t.TempDir()
	faces, open := filepath.Join(dir, "faces"), opener(t, dir)
	writeFaces(t, faces, 1)
	if said, err := open(); err != nil || len(said) != 0 {
		t.Fatalf("first: said %q, %v, want nothing", said, err)
	}
	if said, err := open(); err != nil || len(said) != 0 {
		t.Errorf("again: said %q, %v, want nothing", said, err)
	}
	writeFaces(t, faces, 2)
	said, err := open()
	if err == nil || !strings.Contains(err.Error(), "manifest-pixels-32.json: the pictures of manifest.csv, or their sets and labels, have changed") {
		t.Errorf("other pictures of the same names: got error %v, want a refusal", err)
	}
	if len(said) != 1 || !strings.Contains(said[0], "made of other files") {
		t.Errorf("other pictures: said %q, want that they are decoded anew", said)
	}
	writeFaces(t, faces, 1)
	if _, err := open(); err != nil {
		t.Errorf("the old pictures again: %v", err)
	}
	manifest := filepath.Join(dir, "manifest.csv")
	text, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(text), "train,0", "test,0", 1)
	if err := os.WriteFile(manifest, []byte(edited), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := open(); err == nil || !strings.Contains(err.Error(), "have changed") {
		t.Errorf("an edited manifest: got error %v, want a refusal", err)
	}
}

// onlyCache is the path of the decoded faces of a size.
func onlyCache(t *testing.T, dir string, size int) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, fmt.Sprintf("faces-*-%d.cache", size)))
	if err != nil || len(found) != 1 {
		t.Fatalf("caches of size %d: got %v, %v, want one", size, found, err)
	}
	return found[0]
}

// A damaged cache is made anew, and says so.
func TestDamagedCacheHeals(t *testing.T) {
	dir := t.TempDir()
	open := opener(t, dir)
	writeFaces(t, filepath.Join(dir, "faces"), 1)
	if _, err := open(); err != nil {
		t.Fatal(err)
	}
	cache := onlyCache(t, filepath.Join(dir, "cache"), 32)
	whole, err := os.ReadFile(cache)
	if err != nil {
		t.Fatal(err)
	}
	flipped := slices.Clone(whole)
	flipped[len(flipped)/2] ^= 1 // of a picture: the ids are a few bytes at the end
	for want, damaged := range map[string][]byte{"cut short or damaged": whole[:500], "damaged pixels": flipped} {
		if err := os.WriteFile(cache, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		if said, err := open(); err != nil || len(said) != 1 || !strings.Contains(said[0], want) {
			t.Errorf("said %q, %v, want one line with %q", said, err, want)
		}
		if said, err := open(); err != nil || len(said) != 0 {
			t.Errorf("again: said %q, %v, want nothing", said, err)
		}
	}
}

// What is left out is said when the pictures are decoded, and counted every time after.
func TestLeftOut(t *testing.T) {
	dir := t.TempDir()
	faces, open := filepath.Join(dir, "faces"), opener(t, dir)
	writeFaces(t, faces, 1)
	if err := os.WriteFile(filepath.Join(faces, "cat.999.jpg"), []byte("<html>not found</html>"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/nowhere/x.jpg", filepath.Join(faces, "dog.999.jpg")); err != nil {
		t.Fatal(err)
	}
	said, err := open()
	all := strings.Join(said, "\n")
	for _, want := range []string{"left out: cat.999.jpg: not read: text/html", "left out: dog.999.jpg: a link to nothing", "manifest.csv: 1 pictures of the split cannot be read: it has 20"} {
		if err != nil || !strings.Contains(all, want) {
			t.Errorf("said %q, %v, want %q", said, err, want)
		}
	}
	if said, err := open(); err != nil || len(said) != 1 || !strings.HasPrefix(said[0], "2 pictures are left out: ") {
		t.Errorf("again: said %q, %v, want their number", said, err)
	}
}

// The second process on a study is refused before it has done anything; the lock's own tests kill processes.
func TestTwoWriters(t *testing.T) {
	s := study.Study{Recipe: recipe.Demo, Dir: filepath.Join(t.TempDir(), "run"), Pictures: "absent"}
	held, err := lock.Take(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("the folder %s is in use by %s, process %d on", s.Dir, filepath.Base(os.Args[0]), os.Getpid())
	if err := s.Run(context.Background(), nil); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want %q", err, want)
	}
	if err := held.Release(); err != nil {
		t.Error(err)
	}
}

// A start on wrong pictures says what is wrong with them and leaves no folder; one on the right ones then begins the study.
func TestWrongPicturesLeaveNothing(t *testing.T) {
	dir := t.TempDir()
	cats := filepath.Join(dir, "cats")
	writeFaces(t, cats, 1)
	dogs, err := filepath.Glob(filepath.Join(cats, "dog.*"))
	if err != nil || len(dogs) != 10 {
		t.Fatalf("got %d dogs, %v, want 10", len(dogs), err)
	}
	for _, dog := range dogs {
		if err := os.Remove(dog); err != nil {
			t.Fatal(err)
		}
	}
	s := study.Study{Recipe: recipe.Demo, Dir: filepath.Join(dir, "run"), CacheDir: filepath.Join(dir, "cache"), Report: &recorder{epochs: map[string]int{}}}
	for pictures, want := range map[string]string{
		filepath.Join(dir, "absent"): "no such file",
		cats:                         "cats: of the classes cat (0) and dog (1): images: split of all pictures: got 10 of label 0 and 0 of label 1, want at least 1 of each",
	} {
		s.Pictures = pictures
		if err := s.Run(context.Background(), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %q", pictures, err, want)
		}
		if _, err := os.Stat(s.Dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the folder of the study: got %v, want none", pictures, err)
		}
	}
}

// A timing that the test set is too small for is refused before anything is written or trained, not when its turn comes.
func TestTimingThatCannotBeIsRefusedFirst(t *testing.T) {
	dir := t.TempDir()
	faces := filepath.Join(dir, "faces")
	writeFaces(t, faces, 1)
	s := study.Study{Recipe: recipe.Demo, Pictures: faces, Dir: filepath.Join(dir, "run"), CacheDir: filepath.Join(dir, "cache"), Report: &recorder{epochs: map[string]int{}}}
	s.Recipe.Timing = recipe.Timing{Size: 32, Images: 5, Batch: 3}
	// Of 10 faces of a class 7 are in the train set, 2 in the validation set and 1 in the test set.
	want := "timing.batch: got 3 pictures at a time, want at most 2: timing.images is 5 and the test set has 2 pictures"
	if err := s.Run(context.Background(), nil); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want %q", err, want)
	}
	if _, err := os.Stat(s.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder of the study: got %v, want none", err)
	}
}

// A folder of another study is refused before its pictures are looked at.
func TestAnotherStudyIsRefusedFirst(t *testing.T) {
	s := study.Study{Recipe: recipe.Demo, Dir: t.TempDir(), Pictures: "absent"}
	if err := recipe.WriteJSON(filepath.Join(s.Dir, folder.StudyFile), recipe.Reduced); err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background(), nil); err == nil || !strings.Contains(err.Error(), "holds another study") {
		t.Errorf("got error %v, want a refusal", err)
	}
}
