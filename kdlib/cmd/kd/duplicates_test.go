package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
)

// Identical pictures are found, also behind other names; a split says how many are in several sets, and keeps them together if it
// is told to, as a study does.
func TestDuplicates(t *testing.T) {
	dir := t.TempDir()
	faces := filepath.Join(dir, "faces")
	if _, err := kd("data", "synth", "--out", faces, "--n", "40", "--size", "32"); err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(dir, "plain.csv")
	if _, err := kd("data", "split", faces, "--out", plain); err != nil {
		t.Fatal(err)
	}
	manifest, err := images.ReadManifest(plain)
	if err != nil {
		t.Fatal(err)
	}
	// A picture of the training set is one of the test set, and a cat is a dog.
	train, test := manifest.Of("train"), manifest.Of("test")
	twins := [][]string{{train[0].ID, test[0].ID}, {train[2].ID, train[3].ID}}
	for _, twin := range twins {
		content, err := os.ReadFile(filepath.Join(faces, twin[0]+".jpg"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(faces, twin[1]+".jpg"), content, 0o644); err != nil {
			t.Fatal(err)
		}
		slices.Sort(twin)
	}
	slices.SortFunc(twins, slices.Compare[[]string])
	equal := func(twin []string) string { return strings.Join(twin, " = ") }
	found := fmt.Sprintf("4 pictures are identical to others, in 2 groups: %s, %s\n", equal(twins[0]), equal(twins[1]))
	if got, err := kd("data", "check", faces); err != nil || !strings.Contains(got, found) || !strings.Contains(got, "1 of these groups are in both classes") {
		t.Errorf("check: got %q, %v, want %q and one in both classes", got, err, found)
	}
	if got, err := kd("data", "split", faces, "--out", plain); err != nil || !strings.Contains(got, found) || !strings.Contains(got, "1 of these groups are in several sets: ") {
		t.Errorf("split: got %q, %v, want %q and one in several sets", got, err, found)
	}
	grouped := filepath.Join(dir, "grouped.csv")
	if got, err := kd("data", "split", faces, "--group-duplicates", "--out", grouped); err != nil || !strings.Contains(got, "0 of these groups are in several sets\n") {
		t.Errorf("split --group-duplicates: got %q, %v, want none in several sets", got, err)
	}
	ours, err := images.ReadManifest(grouped)
	if err != nil || len(ours.Crossing(twins)) > 0 || len(manifest.Crossing(twins)) != 1 {
		t.Errorf("got %v, %v in several sets, want none, and one without the flag", ours.Crossing(twins), err)
	}
	for _, size := range []int{32, images.DuplicateSize} {
		data := recipe.Data{Size: size, Seed: recipe.Paper.Data.Seed, GroupDuplicates: true}
		c, err := study.OpenCollection(t.Context(), study.CollectionOptions{Pictures: faces, CacheDir: filepath.Join(dir, "cache"),
			Manifest: filepath.Join(dir, fmt.Sprint(size, ".csv")), Data: data, Report: newReporter(io.Discard)})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if !slices.Equal(c.Manifest, ours) {
			t.Errorf("at %d: got the study's split %v, want the command's %v", size, c.Manifest, ours)
		}
	}
}

// The presets of before draw the sets of before: their recipes have no field of today.
func TestPresetsDrawAsBefore(t *testing.T) {
	for _, s := range recipe.Presets() {
		if s.Data.GroupDuplicates || s.Data.Layout != images.AnyLayout {
			t.Errorf("%s: got %+v, want duplicates where chance puts them", s.Name, s.Data)
		}
	}
}
