package timing_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"distillation/kdlib/catdog"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/recipe"
	"distillation/kdlib/speed"
	"distillation/kdlib/synth"
	"distillation/kdlib/timing"
)

// The line has the columns framework,depth,batch,size,mode,median_s,min_s,first_s,peak_rss_mib.
func TestLine(t *testing.T) {
	m := timing.Measured{
		Bench: timing.Bench{Network: recipe.ResNet50, Batch: 32, Size: 64, Mode: speed.Forward},
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
	m, err := timing.Bench{Network: recipe.ResNet18, Batch: 2, Size: 32, Mode: speed.Forward, Steps: 3}.Run(backend)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Warm) != 3 || m.First <= 0 || m.Warm[0] <= 0 {
		t.Errorf("got %+v, want a first and three warm steps", m)
	}
	if line := m.Line().String(); !regexp.MustCompile(`^kdlib,18,2,32,forward,[\d.]+,[\d.]+,[\d.]+,\d+$`).MatchString(line) {
		t.Errorf("got %q", line)
	}
	if _, err := (timing.Bench{Network: recipe.ResNet18, Batch: 2, Size: 16, Mode: speed.Forward, Steps: 1}).Run(backend); err == nil || !strings.Contains(err.Error(), "size 16") {
		t.Errorf("size 16: got error %v, want one that names it", err)
	}
}

// A call a picture, then a call for each batch that fills, and one before them that compiles.
func TestPictures(t *testing.T) {
	backend := xlatest.Backend(t)
	path := filepath.Join(t.TempDir(), "faces.tar")
	if err := synth.Write(context.Background(), path, 20, 32, 1); err != nil {
		t.Fatal(err)
	}
	source, err := catdog.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	manifest, err := catdog.Split(source.Pictures(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	done := 0
	calls, err := timing.Pictures(context.Background(), backend, recipe.ResNet18, source, manifest, recipe.Timing{Size: 32, Images: 5, Batch: 2},
		func(n, _ int) { done = n })
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]int{{1, 0}, {1, 1}, {1, 2}, {1, 3}, {1, 4}, {1, 5}, {2, 0}, {2, 1}, {2, 2}} // batch, number
	if len(calls) != len(want) || done != 4 {
		t.Fatalf("got %d calls and progress %d, want %d and 4", len(calls), done, len(want))
	}
	for i, c := range calls {
		if got := [2]int{c.Batch, c.Number}; got != want[i] || c.Network != recipe.ResNet18 || c.Size != 32 || c.Prepare <= 0 || c.Answer <= 0 {
			t.Errorf("call %d: got %+v, want batch and number %v", i, c, want[i])
		}
	}
}

// A new batch each step, beside a constant one, as many steps of each. The steps go on from where they were: after a
// pipeline the temporary files are gone.
func TestPipelineBesideConstant(t *testing.T) {
	backend := xlatest.Backend(t)
	t.Setenv("TMPDIR", t.TempDir())
	b := timing.Bench{Network: recipe.ResNet18, Batch: 2, Size: 32, Steps: 8}
	constant, piped, err := b.RunPipeline(context.Background(), backend)
	if err != nil {
		t.Fatal(err)
	}
	if len(constant.Warm) != 8 || len(piped.Warm) != 8 || constant.Mode != speed.Train || piped.Mode != timing.Pipeline {
		t.Errorf("got %+v, %+v, want eight steps of each", constant, piped)
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestConvolution(t *testing.T) {
	l, err := timing.Convolution{Channels: 4, Batch: 2, Size: 8, Mode: speed.Train, Steps: 3}.Run(xlatest.Backend(t))
	if err != nil {
		t.Fatal(err)
	}
	if want := (speed.Case{Depth: "conv3x3_4", Batch: 2, Size: 8, Mode: speed.Train}); l.Case != want || l.Median <= 0 {
		t.Errorf("got %+v, want %+v with a time", l, want)
	}
}
