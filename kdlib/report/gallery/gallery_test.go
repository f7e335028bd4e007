package gallery

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report/internal/teststudy"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
)

// faces are six pictures of a study on disk; the choices below are made by hand.
//
//	        dog.0  dog.1  dog.2  cat.0  cat.1  cat.2
//	teacher  1      0.5    0.2    0      0.05   0.95
//	soft     0.96   0.75   0.3    0.1    0.45   0.5
var faces = map[string][]float64{
	"teacher": {1, 0.5, 0.2, 0, 0.05, 0.95},
	"soft":    {0.96, 0.75, 0.3, 0.1, 0.45, 0.5},
}

func newStudy(t *testing.T) *analysis.Study {
	t.Helper()
	r := &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}
	for model, p := range faces {
		rows := predictions.Table{{ID: "dog.0", Label: 1}, {ID: "dog.1", Label: 1}, {ID: "dog.2", Label: 1}, {ID: "cat.0"}, {ID: "cat.1"}, {ID: "cat.2"}}
		for i := range rows {
			rows[i].Split, rows[i].P = predictions.Test, p[i]
		}
		if model == "soft" {
			slices.Reverse(rows) // files need not agree on the order
		}
		teststudy.Write(t, folder.PredictionPath(r.Dir, model, predictions.Test), rows)
	}
	return &analysis.Study{Study: r}
}

func newGallery(t *testing.T, models ...string) Gallery {
	t.Helper()
	g, err := New(newStudy(t), Options{Split: predictions.Test, Models: models})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestChoices(t *testing.T) {
	g := newGallery(t, "teacher", "soft")
	for what, choose := range map[string]func() (Gallery, error){
		"test set: teacher in [0.95, 1]: cat.2 dog.0":                                                     func() (Gallery, error) { return g.Bin("teacher", 0.05, 1) },
		"test set: teacher in [0.05, 0.1): cat.1":                                                         func() (Gallery, error) { return g.Bin("teacher", 0.05, 0.07) },
		"test set: soft in [0.25, 0.5): dog.2 cat.1":                                                      func() (Gallery, error) { return g.Bin("soft", 0.25, 0.25) },
		"test set: true positives of teacher at the threshold 0.5: dog.0":                                 func() (Gallery, error) { return g.Field("teacher", 0.5, TruePositive) },
		"test set: false negatives of teacher at the threshold 0.5: dog.2 dog.1":                          func() (Gallery, error) { return g.Field("teacher", 0.5, FalseNegative) },
		"test set: false positives of soft at the threshold 0.4: cat.1 cat.2":                             func() (Gallery, error) { return g.Field("soft", 0.4, FalsePositive) },
		"test set: true negatives of soft at the threshold 0.5: cat.0 cat.1 cat.2":                        func() (Gallery, error) { return g.Field("soft", 0.5, TrueNegative) },
		"test set: teacher is wrong at the threshold 0.5: dog.2 dog.1 cat.2":                              func() (Gallery, error) { return g.Wrong("teacher", 0.5) },
		"test set: disputed between teacher and soft at the threshold 0.5: dog.1 cat.2":                   func() (Gallery, error) { return g.Disputed("teacher", "soft", 0.5) },
		"test set: disputed between soft and teacher at the threshold 0.5: cat.2 dog.1":                   func() (Gallery, error) { return g.Disputed("soft", "teacher", 0.5) },
		"test set: teacher, soft are all right at the threshold 0.5: cat.0 cat.1 dog.0":                   func() (Gallery, error) { return g.AllRight(0.5) },
		"test set: teacher, soft are all wrong at the threshold 0.5: dog.2":                               func() (Gallery, error) { return g.AllWrong(0.5) },
		"test set: soft doubts most by (15) at the threshold 0.5: dog.2 cat.1 cat.2":                      func() (Gallery, error) { return g.MostDoubtful("soft", 0.5, 3) },
		"test set: soft doubts most by (15) at the threshold 0.2: dog.2 cat.1":                            func() (Gallery, error) { return g.MostDoubtful("soft", 0.2, 2) }, // 0.49 and 0.3025; 0.25 of cat.2
		"test set: teacher doubts most by (15) at the threshold 0.5: cat.0 cat.1 dog.2 dog.1 cat.2 dog.0": func() (Gallery, error) { return g.MostDoubtful("teacher", 0.5, 99) },
		"test set: doubted hand labels: cat.2":                                                            func() (Gallery, error) { return g.Suspects([]analysis.Suspect{{ID: "cat.2"}}, nil) },
		"test set: named: cat.0 dog.0":                                                                    func() (Gallery, error) { return g.Named("named", "dog.0", "cat.0") },
	} {
		chosen, err := choose()
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		got := chosen.Title + ":"
		for _, p := range chosen.Pictures {
			got += " " + p.ID
			i := slices.Index([]string{"dog.0", "dog.1", "dog.2", "cat.0", "cat.1", "cat.2"}, p.ID)
			if p.P[0] != faces["teacher"][i] || p.P[1] != faces["soft"][i] || p.Label == 1 != strings.HasPrefix(p.ID, "dog") {
				t.Errorf("%s: %+v has the numbers of another picture", what, p)
			}
		}
		if got != what {
			t.Errorf("got  %s\nwant %s", got, what)
		}
	}
}

// Every picture lies in one bin and one field, and models agree on it or dispute it.
func TestChoicesDivideTheSet(t *testing.T) {
	g := newGallery(t, "teacher", "soft")
	count := func(chosen Gallery, err error) int {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return len(chosen.Pictures)
	}
	bins, fields := 0, 0
	for i := range 20 {
		bins += count(g.Bin("soft", 0.05, float64(i)/20))
	}
	for field := range classes {
		fields += count(g.Field("soft", 0.3, field))
	}
	if bins != 6 || fields != 6 {
		t.Errorf("got %d pictures in bins and %d in fields, want 6 and 6", bins, fields)
	}
}

func TestErrors(t *testing.T) {
	g := newGallery(t, "teacher", "soft")
	for want, choose := range map[string]func() (Gallery, error){
		`model: got "hard", want one of ["teacher" "soft"]`: func() (Gallery, error) { return g.Disputed("teacher", "hard", 0.5) },
		`bin width: got 0.3`:                         func() (Gallery, error) { return g.Bin("soft", 0.3, 0.5) },
		`value 0: got 2`:                             func() (Gallery, error) { return g.Bin("soft", 0.5, 2) },
		`threshold: got 1, want`:                     func() (Gallery, error) { return g.Wrong("soft", 1) },
		`field: got "wrong", want "true positives"`:  func() (Gallery, error) { return g.Field("soft", 0.5, "wrong") },
		`got 0 pictures, want at least 1`:            func() (Gallery, error) { return g.MostDoubtful("soft", 0.5, 0) },
		`got the picture "dog.9", want one of the 6`: func() (Gallery, error) { return g.Named("x", "dog.0", "dog.9") },
		`no labels`: func() (Gallery, error) { return g.Suspects(nil, errors.New("no labels")) },
		`models: got none, want some of ["teacher"`: func() (Gallery, error) { return New(newStudy(t), Options{Split: predictions.Test}) },
	} {
		if _, err := choose(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}

// Without pictures there are names, labels and predictions, a mark at what is wrong, and how to get the pictures.
func TestWithoutPictures(t *testing.T) {
	g := newGallery(t, "teacher", "soft")
	chosen, err := g.Wrong("teacher", 0.5)
	if err != nil {
		t.Fatal(err)
	}
	got, err := chosen.HTML()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"threshold 0.5: 3 pictures</p>", "kd data decode", "kd data fetch",
		"dog.1<br>label: dog<br>teacher 0.500 <strong>✗</strong><br>soft 0.750</figcaption>"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if strings.Contains(got, "<img") {
		t.Error("it has pictures")
	}
	g.Pictures, g.Classes = []Picture{{ID: "<b>&", P: []float64{0, 0}}}, [2]string{"<i>", "b"}
	if got, err := g.HTML(); err != nil || !strings.Contains(got, "&lt;b&gt;&amp;<br>label: &lt;i&gt;<br>") || strings.Contains(got, "<b>") {
		t.Errorf("names are not escaped: %s, %v", got, err)
	}
}

// A thumbnail is the picture: mean difference of JPEG below a few steps of 255, and not another one's.
func TestThumbnails(t *testing.T) {
	dir := t.TempDir()
	if err := synth.Write(t.Context(), filepath.Join(dir, "faces.tar"), synth.Faces{N: 6, Size: 80, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	cache := decode(t, filepath.Join(dir, "faces.tar"), filepath.Join(dir, "faces.cache"), 80)
	small := decode(t, filepath.Join(dir, "faces.tar"), filepath.Join(dir, "small.cache"), ThumbnailSize)
	g := newGallery(t, "teacher", "soft")
	g.Cache = cache
	html, err := g.HTML()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(html, "base64,")[1:]
	if len(parts) != 6 {
		t.Fatalf("got %d pictures, want 6", len(parts))
	}
	for i, p := range g.Pictures {
		encoded, rest, _ := strings.Cut(parts[i], `"`)
		if !strings.Contains(rest, p.ID) {
			t.Errorf("picture %d: the caption is not that of %s", i, p.ID)
		}
		if d := distance(t, encoded, small, p.ID); d > 6 {
			t.Errorf("%s: mean difference %.1f of 255, want JPEG's, of 6 at most", p.ID, d)
		}
		if d := distance(t, encoded, small, g.Pictures[(i+1)%6].ID); d < 10 {
			t.Errorf("%s looks like the next face: mean difference %.1f", p.ID, d)
		}
	}
	g.Pictures = append(g.Pictures, Picture{ID: "dog.9", P: []float64{0, 0}})
	if _, err := g.HTML(); err == nil || !strings.Contains(err.Error(), "dog.9 is not among the 6 decoded") {
		t.Errorf("a picture that is not decoded: error %v", err)
	}
}

func decode(t *testing.T, archive, path string, size int) *images.Cache {
	t.Helper()
	source, err := images.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	if _, err := images.BuildCache(t.Context(), source, path, images.CacheOptions{Size: size}); err != nil {
		t.Fatal(err)
	}
	cache, err := images.OpenCache(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cache.Close() })
	return cache
}

// distance is the mean absolute difference of a JPEG in base64 from a picture of a cache.
func distance(t *testing.T, encoded string, cache *images.Cache, id string) float64 {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	want, _ := cache.Image(id)
	got := images.Resize(picture, cache.Size(), cache.Size())
	sum := 0.0
	for i := range got {
		sum += max(float64(got[i])-float64(want[i]), float64(want[i])-float64(got[i]))
	}
	return sum / float64(len(got))
}

func TestNeedsPredictions(t *testing.T) {
	_, err := New(newStudy(t), Options{Split: predictions.Test, Models: []string{"hard"}})
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want that of a file which is not there", err)
	}
}

func Example() {
	study, err := analysis.Open("../../../datasets/results/full")
	if err != nil {
		panic(err)
	}
	all, err := New(study, Options{Split: predictions.Test, Models: []string{"teacher", "soft"}, CacheDir: "../../../datasets/cache"})
	if err != nil {
		panic(err)
	}
	wrong, err := all.AllWrong(0.5)
	fmt.Println(wrong.Title, len(wrong.Pictures) > 10, err)
	// Output:
	// test set: teacher, soft are all wrong at the threshold 0.5 true <nil>
}
