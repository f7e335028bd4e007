package synth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"distillation/kdlib/images"
)

// roundoff: a few operations in float64.
const roundoff = 1e-12

// Bayes' rule by hand, from the densities of the normal distributions.
func TestPDogIsBayesRule(t *testing.T) {
	density := func(z, mean float64) float64 { return math.Exp(-(z-mean)*(z-mean)/2) / math.Sqrt(2*math.Pi) }
	for _, s := range []Shape{{}, {Ears: 1}, {1, -2, 0.5, 0.25}, {-3, -1, 0, -2}} {
		dog, cat := 1.0, 1.0
		for _, z := range []float64{s.Ears, s.Muzzle, s.Face, s.Eyes} {
			dog *= density(z, 0.9)
			cat *= density(z, -0.9)
		}
		if got, want := s.PDog(), dog/(dog+cat); math.Abs(got-want) > roundoff {
			t.Errorf("%+v: got %v, want %v", s, got, want)
		}
	}
	if p := (Shape{}).PDog(); p != 0.5 {
		t.Errorf("between the classes: got %v, want 0.5", p)
	}
}

func TestBayesError(t *testing.T) {
	// Phi(-1.8) in tables of the normal distribution.
	if got := BayesError(); math.Abs(got-0.0359303) > 1e-7 {
		t.Errorf("got %v, want 0.0359303", got)
	}
}

// The shapes that are drawn keep what the formulas say of them: the error of
// the best rule, and that P is calibrated.
func TestDrawnShapesKeepTheirPromise(t *testing.T) {
	const n = 20000
	wrong, sumP, sumVar := 0, 0.0, 0.0
	for i := range n {
		truth, _ := sample(i, 11)
		if (truth.P > 0.5) != (truth.Label == 1) {
			wrong++
		}
		sumP += truth.P - float64(truth.Label)
		sumVar += truth.P * (1 - truth.P)
	}
	// Four standard deviations of n coin tosses.
	want := BayesError()
	if got := float64(wrong) / n; math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/n) {
		t.Errorf("the best rule errs on %v, want about %v", got, want)
	}
	if math.Abs(sumP) > 4*math.Sqrt(sumVar) {
		t.Errorf("sum of P - label is %v, want within %v", sumP, 4*math.Sqrt(sumVar))
	}
}

func TestWrite(t *testing.T) {
	for _, name := range []string{"folder", "faces.tar"} {
		path := filepath.Join(t.TempDir(), name)
		if err := Write(t.Context(), path, Faces{N: 7, Size: 32, Seed: 5}); err != nil {
			t.Fatal(err)
		}
		truth, err := ReadTruth(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := images.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		pictures := s.Pictures() // cats first: 4 cats and 3 dogs
		if len(truth) != 7 || len(pictures) != 7 || pictures[4].ID != "dog.0" {
			t.Fatalf("%s: got %d pictures, %d truths, want 7: %v", name, len(pictures), len(truth), pictures)
		}
		for _, p := range pictures {
			if !slices.ContainsFunc(truth, func(tr Truth) bool { return tr.ID == p.ID && tr.Label == p.Label }) {
				t.Errorf("%s: no truth for %s", name, p.ID)
			}
		}
		err = s.Each(t.Context(), func(p images.Picture, r io.Reader) error {
			img, err := images.Decode(r)
			if err != nil || img.Bounds() != image.Rect(0, 0, 32, 32) {
				t.Errorf("%s: %s: %v", name, p.ID, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestTruthsColumns(t *testing.T) {
	truths := Truths{{"cat.0", 0, 0.25}, {"dog.0", 1, 0.75}, {"dog.1", 1, 0.4}}
	if got, want := truths.P(), []float64{0.25, 0.75, 0.4}; !slices.Equal(got, want) {
		t.Errorf("P: got %v, want %v", got, want)
	}
	if got, want := truths.Labels(), []float64{0, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("Labels: got %v, want %v", got, want)
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	write := func(n int, seed uint64) []byte {
		path := filepath.Join(t.TempDir(), "faces.tar")
		if err := Write(t.Context(), path, Faces{N: n, Size: 24, Seed: seed}); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	four := write(4, 1)
	if !bytes.Equal(four, write(4, 1)) {
		t.Error("the same seed gives other bytes")
	}
	if bytes.Equal(four, write(4, 2)) {
		t.Error("the seed does not matter")
	}
	if first := four[:512+500]; !bytes.Equal(first, write(6, 1)[:len(first)]) {
		t.Error("the first face depends on the number of faces")
	}
}

func TestWriteErrors(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "mine.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	folder := t.TempDir()
	tests := []struct {
		ctx     context.Context
		path    string
		n, size int
		want    string
	}{
		{t.Context(), full, 2, 32, "holds mine.txt"},
		{t.Context(), filepath.Join(folder, "a.tar"), 0, 32, "n = 0"},
		{t.Context(), filepath.Join(folder, "a.tar"), 2, 8, "size = 8"},
		{t.Context(), filepath.Join(folder, "no", "a.tar"), 2, 32, "no such file"},
		{stopped, filepath.Join(folder, "a.tar"), 2, 32, "canceled"},
		{stopped, filepath.Join(folder, "a"), 2, 32, "canceled"},
	}
	for _, test := range tests {
		err := Write(test.ctx, test.path, Faces{N: test.n, Size: test.size, Seed: 1})
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.path) {
			t.Errorf("got error %v, want %q and the path in it", err, test.want)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Each shape parameter shows at 64 x 64, all else being equal: one standard
// deviation changes the picture by far more than drawing it again would.
func TestShapeIsVisible(t *testing.T) {
	for name, s := range map[string]Shape{"ears": {Ears: 1}, "muzzle": {Muzzle: 1}, "face": {Face: 1}, "eyes": {Eyes: 1}} {
		for seed := range uint64(5) {
			if got := changedPixels(Render(Shape{}, 64, seed), Render(s, 64, seed)); got < 30 {
				t.Errorf("%s, seed %d: %d pixels change visibly, want at least 30", name, seed, got)
			}
		}
	}
	if got := changedPixels(Render(Shape{}, 64, 1), Render(Shape{}, 64, 1)); got != 0 {
		t.Errorf("the same face twice: %d pixels differ", got)
	}
}

// changedPixels counts the pixels that differ by more than 16 levels in some channel.
func changedPixels(a, b *image.RGBA) int {
	changed := 0
	for i := 0; i < len(a.Pix); i += 4 {
		for k := range 3 {
			if d := int(a.Pix[i+k]) - int(b.Pix[i+k]); d > 16 || d < -16 {
				changed++
				break
			}
		}
	}
	return changed
}

func TestReadTruthErrors(t *testing.T) {
	tests := []struct{ content, want string }{
		{"", "empty file"},
		{"id,p\n", `got the columns ["id" "p"]`},
		{"id,label,p\ncat.0,0,0.5\ncat.1,0,NaN\n", `line 3: p "NaN"`},
		{"id,label,p\ncat.0,0,1.5\n", `line 2: p "1.5"`},
		{"id,label,p\ncat.0,2,0.5\n", `line 2: label "2"`},
		{"id,label,p\ncat.0,0\n", "line 2"},
	}
	for _, test := range tests {
		path := filepath.Join(t.TempDir(), "truth.csv")
		if err := os.WriteFile(path, []byte(test.content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadTruth(path); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: got error %v, want %q and the path in it", test.content, err, test.want)
		}
	}
	if _, err := ReadTruth(t.TempDir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("empty folder: got error %v, want %v", err, os.ErrNotExist)
	}
}

func BenchmarkRender(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		Render(Shape{}, 64, uint64(i))
	}
}

// The typical dog, and a face between the classes.
func ExampleShape_PDog() {
	dog := Shape{Ears: 0.9, Muzzle: 0.9, Face: 0.9, Eyes: 0.9}
	fmt.Printf("%.4f %.4f\n", dog.PDog(), Shape{}.PDog())
	fmt.Printf("%.3f\n", BayesError())
	// Output:
	// 0.9985 0.5000
	// 0.036
}

// The same faces as Write's, in two folders that package images takes for two classes.
func TestWriteFolders(t *testing.T) {
	dir := t.TempDir()
	pets, own := filepath.Join(dir, "pets"), filepath.Join(dir, "own.tar")
	classes := [2]string{"left", "Right"}
	if err := errors.Join(Write(t.Context(), pets, Faces{N: 5, Size: 24, Seed: 1}), WriteFolders(t.Context(), own, classes, Faces{N: 5, Size: 24, Seed: 1})); err != nil {
		t.Fatal(err)
	}
	s, err := images.Open(own)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	truth, err := ReadTruth(own)
	if err != nil || s.Classes() != classes || len(s.Pictures()) != 5 || len(truth) != 5 {
		t.Fatalf("got classes %q, %d pictures, %d truths, %v, want left and Right, 5, 5", s.Classes(), len(s.Pictures()), len(truth), err)
	}
	ids := []string{"left.0", "Right.0", "left.1", "Right.1", "left.2"}
	open, err := s.AtOnce(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		pet, err1 := os.ReadFile(filepath.Join(pets, []string{"cat.0", "dog.0", "cat.1", "dog.1", "cat.2"}[i]+".jpg"))
		r, err2 := open(id)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		got, err := io.ReadAll(r)
		if r.Close(); err != nil || !bytes.Equal(got, pet) || truth[i].ID != id || truth.P()[i] != truth[i].P || truth[i].Label != i%2 {
			t.Errorf("%s: %v, truth %+v, want the same face as in Kaggle's layout and the label %d", id, err, truth[i], i%2)
		}
	}
}

func TestWriteFoldersErrors(t *testing.T) {
	for _, classes := range [][2]string{{"right", "left"}, {"a", "A"}, {"", "b"}, {"a", "b/c"}, {"..", "b"}} {
		path := filepath.Join(t.TempDir(), "own")
		err := WriteFolders(t.Context(), path, classes, Faces{N: 4, Size: 24, Seed: 1})
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "want") {
			t.Errorf("%q: got error %v, want one with the path", classes, err)
		}
	}
}

// An archive's name that would become a folder's is refused, and nothing is written.
func TestOnlyTarIsAnArchive(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"faces.zip", "faces.ZIP", "faces.tar.gz", "faces.tgz"} {
		err := Write(context.Background(), filepath.Join(dir, name), Faces{N: 2, Size: 32, Seed: 1})
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "want a folder or a .tar") {
			t.Errorf("%s: got error %v, want one with the name", name, err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v, want nothing", left, err)
	}
}

// looks is a context that ends while it is looked at: after so many looks.
type looks struct {
	context.Context
	left *atomic.Int32
}

func (l looks) Err() error {
	if l.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// Between two faces the context is looked at, not between two heaps of 64.
func TestInterruptedBetweenFaces(t *testing.T) {
	var left atomic.Int32
	left.Store(3)
	path := filepath.Join(t.TempDir(), "faces.tar")
	if err := Write(looks{context.Background(), &left}, path, Faces{N: 8, Size: 16, Seed: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
}
