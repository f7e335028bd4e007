package bench_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/bench"
	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/recipe"
)

// The line has the columns framework,depth,batch,size,mode,median_s,min_s,first_s,peak_rss_mib.
func TestLine(t *testing.T) {
	m := bench.Measured{
		Step:  bench.Step{Network: recipe.ResNet50, Batch: 32, Size: 64, Mode: bench.Forward},
		First: 2.345, Warm: []float64{0.4, 0.1, 0.3, 0.2}, PeakMiB: 77,
	}
	if got, want := m.Line().String(), "kdlib,50,32,64,forward,0.2500,0.1000,2.35,77"; got != want { // median of four: (0.2 + 0.3) / 2
		t.Errorf("got %q, want %q", got, want)
	}
	m.Warm = m.Warm[:3]
	if got, want := m.Line().String(), "kdlib,50,32,64,forward,0.3000,0.1000,2.35,77"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBenchMeasuresEveryStep(t *testing.T) {
	backend := xlatest.Backend(t)
	m, err := bench.Step{Network: recipe.ResNet18, Batch: 2, Size: 32, Mode: bench.Forward, Steps: 3}.Run(backend)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Warm) != 3 || m.First <= 0 || m.Warm[0] <= 0 {
		t.Errorf("got %+v, want a first and three warm steps", m)
	}
	if line := m.Line().String(); !regexp.MustCompile(`^kdlib,18,2,32,forward,[\d.]+,[\d.]+,[\d.]+,\d+$`).MatchString(line) {
		t.Errorf("got %q", line)
	}
	if _, err := (bench.Step{Network: recipe.ResNet18, Batch: 2, Size: 16, Mode: bench.Forward, Steps: 1}).Run(backend); err == nil || !strings.Contains(err.Error(), "size 16") {
		t.Errorf("size 16: got error %v, want one that names it", err)
	}
}

// faces draws 20 pictures into a tar.gz and opens it.
func faces(t *testing.T) (path string, source *images.Source, manifest images.Manifest) {
	t.Helper()
	drawn := filepath.Join(t.TempDir(), "faces.tar")
	if err := synth.Write(context.Background(), drawn, synth.Faces{N: 20, Size: 32, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(drawn)
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err = z.Write(content)
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	path = drawn + ".gz"
	if err := os.WriteFile(path, zipped.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if source, err = images.Open(path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	if manifest, err = images.Split(source.Pictures(), images.SplitOptions{Seed: 1}); err != nil {
		t.Fatal(err)
	}
	return path, source, manifest
}

// A call a picture, then a call for each batch that fills, and one before them that compiles; one network after another,
// though they took turns. The archive, a tar.gz, has been read when the first call ends.
func TestPictures(t *testing.T) {
	backend := xlatest.Backend(t)
	path, source, manifest := faces(t)
	var done []int
	networks := []string{smallnet.Name, smallnet.Name} // a ResNet would compile for long
	calls, err := bench.Pictures(context.Background(), backend, bench.PicturesOptions{Networks: networks, Source: source, Entries: manifest,
		Timing: recipe.Timing{Size: 32, Images: 5, Batch: 2}, Progress: func(n, total int) {
			if err := os.Remove(path); (err == nil) != (len(done) == 0) || total != 18 {
				t.Errorf("got progress %d of %d, %v, want 18 pictures: 5 and 2 batches of 2, for two networks", n, total, err)
			}
			done = append(done, n)
		}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 12, 14, 16, 18}; !slices.Equal(done, want) {
		t.Errorf("got progress %v, want %v", done, want)
	}
	numbers := [][2]int{{1, 0}, {1, 1}, {1, 2}, {1, 3}, {1, 4}, {1, 5}, {2, 0}, {2, 1}, {2, 2}} // batch, number
	if len(calls) != 2*len(numbers) {
		t.Fatalf("got %d calls, want %d", len(calls), 2*len(numbers))
	}
	for i, c := range calls {
		want := numbers[i%len(numbers)]
		if got := [2]int{c.Batch, c.Number}; got != want || c.Network != smallnet.Name || c.Size != 32 || c.Prepare <= 0 || c.Inference <= 0 || c.Megapixels != 0.001024 { // 32 x 32
			t.Errorf("call %d: got %+v, want batch and number %v", i, c, want)
		}
	}
}

// One picture fills no batch of two, even if others lie behind it in memory.
func TestTooFewPictures(t *testing.T) {
	_, source, manifest := faces(t)
	how := recipe.Timing{Size: 32, Images: 5, Batch: 2}
	want := "timing.batch: got 2 pictures at a time, want at most 1: timing.images is 5 and the test set has 1 pictures"
	_, err := bench.Pictures(context.Background(), xlatest.Backend(t), bench.PicturesOptions{Networks: []string{recipe.ResNet18},
		Source: source, Entries: manifest[:1], Timing: how, Progress: func(int, int) {}})
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want %q", err, want)
	}
	if err := bench.Check(recipe.Timing{Size: 32, Images: 3750, Batch: 32}, 32); err != nil {
		t.Errorf("32 pictures, batches of 32: %v", err)
	}
	if err := bench.Check(recipe.Timing{Size: 32, Images: 3}, 0); err == nil {
		t.Error("no picture: got no error")
	}
}

// A new batch each step, beside a constant one, as many steps of each. The steps go on from where they were: after a
// pipeline the temporary files are gone.
func TestPipelineBesideConstant(t *testing.T) {
	backend := xlatest.Backend(t)
	t.Setenv("TMPDIR", t.TempDir())
	b := bench.Step{Network: smallnet.Name, Batch: 2, Size: 32, Steps: 8}
	constant, piped, err := b.RunPipeline(context.Background(), backend)
	if err != nil {
		t.Fatal(err)
	}
	if len(constant.Warm) != 8 || len(piped.Warm) != 8 || constant.Mode != bench.Train || piped.Mode != bench.Pipeline {
		t.Errorf("got %+v, %+v, want eight steps of each", constant, piped)
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestConvolution(t *testing.T) {
	for forms, framework := range map[string]string{"": "kdlib", recipe.FastConvolutions: "kdlib", recipe.WinogradConvolutions: "kdlib_winograd"} {
		l, err := bench.Convolution{Channels: 4, Batch: 2, Size: 8, Mode: bench.Train, Steps: 3, Convolutions: forms}.Run(t.Context(), xlatest.Backend(t))
		if err != nil {
			t.Fatal(err)
		}
		if want := (bench.Case{Depth: "conv3x3_4", Batch: 2, Size: 8, Mode: bench.Train}); l.Case != want || l.Framework != framework || l.Median <= 0 {
			t.Errorf("%q: got %+v, want %+v of %s with a time", forms, l, want, framework)
		}
	}
	if _, err := (bench.Convolution{Channels: 4, Batch: 2, Size: 8, Mode: bench.Train, Steps: 3, Convolutions: "quick"}).Run(t.Context(), xlatest.Backend(t)); err == nil {
		t.Error(`forms "quick": got no error`)
	}
}
