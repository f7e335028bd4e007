package images

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"distillation/kdlib/predictions"
)

// The same pixels in files of several kinds are one group; Pillow's gen_decode.py saved one picture in each of these.
func TestInspect(t *testing.T) {
	var files []file
	for _, name := range []string{"rgb.png", "rgb.bmp", "lossless.webp", "420.jpg", "exif.jpg", "444.jpg", "grey.png", "grey.bmp", "one.png"} {
		content, err := os.ReadFile(filepath.Join("testdata", "decode", name))
		if err != nil {
			t.Fatal(err)
		}
		folder := "left"
		if name == "grey.bmp" {
			folder = "right"
		}
		files = append(files, file{name: folder + "/" + name[:len(name)-4] + filepath.Ext(name)[1:] + filepath.Ext(name), content: string(content)})
	}
	files = append(files, file{name: "left/broken.jpg", content: "x"})
	for kind, makeOne := range kinds {
		s, err := Open(makeOne(t, files))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		seen := 0
		problems, groups, err := Inspect(context.Background(), s, func(done, total int) { seen = total })
		if err != nil {
			t.Fatal(err)
		}
		want := [][]string{{"left.420jpg", "left.exifjpg"}, {"left.greypng", "right.greybmp"}, {"left.lossless.webp", "left.rgbbmp", "left.rgbpng"}}
		if fmt.Sprint(groups) != fmt.Sprint(want) || len(problems) != 1 || seen != 10 {
			t.Errorf("%s: got groups %v, problems %v of %d, want %v, one of 10", kind, groups, problems, seen, want)
		}
		path := filepath.Join(t.TempDir(), "cache")
		if _, err := BuildCache(context.Background(), s, path, CacheOptions{Size: DuplicateSize}); err != nil {
			t.Fatal(err)
		}
		c, err := OpenCache(path)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if got := c.Duplicates(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: got groups %v of the cache, want %v", kind, got, want)
		}
	}
}

// Groups at random: each comes into one set, the sets keep their sizes, nobody is lost, and a smaller split lies in the larger.
func TestSplitKeepsGroupsTogether(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		pictures := somePictures(60, 60)
		plain, err := Split(pictures, SplitOptions{Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		var groups [][]string
		for order := rng.Perm(len(pictures)); len(order) > 40; {
			n := 2 + rng.IntN(3)
			var group []string
			for _, i := range order[:n] {
				group = append(group, pictures[i].ID)
			}
			groups, order = append(groups, group), order[n:]
		}
		m, err := Split(pictures, SplitOptions{Seed: 3, Groups: groups})
		if err != nil {
			t.Fatal(err)
		}
		if crossing := m.Crossing(groups); len(crossing) > 0 || counts(m) != counts(plain) {
			t.Errorf("got %v in several sets, sizes %v, want none, %v", crossing, counts(m), counts(plain))
		}
		if len(plain.Crossing(groups)) == 0 {
			t.Error("without groups: got none in several sets, which shows nothing")
		}
		ids := m.IDs()
		slices.Sort(ids)
		if len(slices.Compact(ids)) != len(pictures) {
			t.Errorf("got %d pictures, want %d", len(slices.Compact(ids)), len(pictures))
		}
		small, err := Split(pictures, SplitOptions{N: 50, Seed: 3, Groups: groups})
		if err != nil {
			t.Fatal(err)
		}
		of := map[string]predictions.Split{}
		for _, e := range m {
			of[e.ID] = e.Split
		}
		for _, e := range small {
			if of[e.ID] != e.Split {
				t.Errorf("%s: got it in %s of 50, in %s of all", e.ID, e.Split, of[e.ID])
			}
		}
	}
}

// What is worked out by hand: of ten pictures a class 7, 2 and 1 go to the sets. Groups of those that are together already, of
// pictures that are not there, and none at all change nothing; one larger than every set makes the training set larger.
func TestGroupsThatFitAndThatDoNot(t *testing.T) {
	pictures := somePictures(10, 10)
	plain, err := Split(pictures, SplitOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	train := plain.Of(predictions.Train).IDs()
	for _, groups := range [][][]string{{}, {train[:5]}, {{"cat.100", train[0]}}} {
		if got, err := Split(pictures, SplitOptions{Seed: 1, Groups: groups}); err != nil || !slices.Equal(got, plain) {
			t.Errorf("%v: got %v, %v, want it as without", groups, got, err)
		}
	}
	// Of two sets that have as much of a group, the earlier one gets it.
	many := somePictures(40, 40)
	before, err := Split(many, SplitOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	pair := []string{before.Of(predictions.Test)[0].ID, before.Of(predictions.Train)[0].ID}
	drawn, err := Split(many, SplitOptions{Seed: 1, Groups: [][]string{pair}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range drawn {
		if slices.Contains(pair, e.ID) && e.Split != predictions.Train {
			t.Errorf("%s: got it in %s, want train", e.ID, e.Split)
		}
	}
	var cats []string
	for i := range 9 {
		cats = append(cats, fmt.Sprintf("cat.%d", i))
	}
	m, err := Split(pictures, SplitOptions{Seed: 1, Groups: [][]string{cats}})
	if got, want := counts(m), [3][2]int{{9, 7}, {0, 2}, {1, 1}}; err != nil || len(m.Crossing([][]string{cats})) > 0 || len(m) != 20 || got[0] != want[0] {
		t.Errorf("got sizes %v, %v, want %v or so, and the nine cats together", got, err, want)
	}
}
