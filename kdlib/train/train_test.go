package train_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"
)

const size = 32

// shades is a set of pictures that are easy to tell apart: a dog's upper half is bright, a cat's dark.
type shades struct{}

func (shades) Size() int { return size }

func (shades) Image(id string) ([]uint8, bool) {
	class, _, ok := strings.Cut(id, ".")
	if !ok {
		return nil, false
	}
	hash := fnv.New64a()
	hash.Write([]byte(id))
	noise := hash.Sum64()
	pixels := make([]uint8, size*size*3)
	for i := range pixels {
		noise = noise*6364136223846793005 + 1442695040888963407 // Knuth's MMIX generator
		pixels[i] = uint8(noise >> 58)                          // 0..63
		if class == "dog" && i < len(pixels)/2 {
			pixels[i] += 150
		}
	}
	return pixels, true
}

func examples(first, n int) dataset.Data {
	data := dataset.Data{Pictures: shades{}}
	for i := range n {
		class := [...]string{"cat", "dog"}[i%2]
		data.Examples = append(data.Examples, dataset.Example{ID: fmt.Sprintf("%s.%d", class, first+i), Label: float32(i % 2)})
	}
	return data
}

func run(t *testing.T, dir string, report train.Report) train.Run {
	t.Helper()
	return train.Run{Dir: dir, Train: examples(0, 200), Validation: examples(1000, 20), Report: report,
		Recipe: recipe.Training{
			Network: smallnet.Name, Dropout: 0.5, Epochs: 3, Batch: 16, Seed: 7,
			Optimizer: recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1e-4},
			Augment:   images.Augment{Flip: true, Shift: 0.1},
		}}
}

// whole is one uninterrupted run that several tests look at: compiling a training step takes seconds.
var whole struct {
	once    sync.Once
	dir     string
	history history.History
	losses  [3]float64 // of the epochs, as told after the last step of each
	err     error
}

// finished returns a copy of the folder of the uninterrupted run, and its history.
func finished(t *testing.T) (dir string, past history.History) {
	t.Helper()
	backend := xlatest.Backend(t)
	whole.once.Do(func() {
		if whole.dir, whole.err = os.MkdirTemp("", "fit"); whole.err == nil {
			tell := train.Report{Step: func(s history.Step) { whole.losses[s.Epoch-1] = s.MeanLoss }}
			whole.history, whole.err = run(t, whole.dir, tell).Fit(context.Background(), backend)
		}
	})
	if whole.err != nil {
		t.Fatal(whole.err)
	}
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(whole.dir)); err != nil {
		t.Fatal(err)
	}
	return dir, slices.Clone(whole.history)
}

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(whole.dir)
	os.Exit(code)
}

// A run that is stopped in the middle of an epoch and gone on with must end as one that was not: same
// history but for the clock, same weights to the bit.
func TestResumeIsExact(t *testing.T) {
	backend := xlatest.Backend(t)
	dir, want := finished(t)
	parts := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	stopInSecond := train.Report{Step: func(s history.Step) {
		if s.Epoch == 2 && s.Number == 2 {
			stop()
		}
	}}
	pool := train.NewPool(backend)
	defer pool.Close()
	if _, err := pool.Fit(ctx, run(t, parts, stopInSecond)); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped run: got error %v, want context.Canceled", err)
	}
	// The second run uses the compiled network of the first, with other weights in it.
	got, err := pool.Fit(context.Background(), run(t, parts, train.Report{}))
	if err != nil {
		t.Fatal(err)
	}
	checkParts(t, got, want, parts, dir)
}

// checkParts compares a run made in parts with one made at once: histories but for the clock, weights to the bit.
func checkParts(t *testing.T, got, want history.History, parts, dir string) {
	t.Helper()
	if len(got) != 3 || len(want) != 3 {
		t.Fatalf("epochs: got %d and %d, want 3", len(got), len(want))
	}
	for i := range got {
		got[i].Seconds, want[i].Seconds = 0, 0
		if got[i] != want[i] {
			t.Errorf("epoch %d: in parts %+v, whole %+v", i+1, got[i], want[i])
		}
	}
	if content(t, dir, train.BestFile) != content(t, parts, train.BestFile) {
		t.Errorf("%s differs between the whole run and the one in parts", train.BestFile)
	}
}

// A run of two epochs that gets a third ends as one of three; it does not shrink again.
func TestMoreEpochsGoOn(t *testing.T) {
	backend := xlatest.Backend(t)
	dir, want := finished(t)
	short := run(t, t.TempDir(), train.Report{})
	short.Recipe.Epochs = 2
	pool := train.NewPool(backend)
	defer pool.Close()
	if _, err := pool.Fit(context.Background(), short); err != nil {
		t.Fatal(err)
	}
	got, err := pool.Fit(context.Background(), run(t, short.Dir, train.Report{}))
	if err != nil {
		t.Fatal(err)
	}
	checkParts(t, got, want, short.Dir, dir)
	if content(t, dir, train.ConfigFile) != content(t, short.Dir, train.ConfigFile) {
		t.Errorf("%s of the longer run still has the shorter one's epochs", train.ConfigFile)
	}
	if _, err := pool.Fit(context.Background(), short); err == nil || !strings.Contains(err.Error(), "another recipe") {
		t.Errorf("two epochs after three: got error %v, want one that says another recipe", err)
	}
}

func content(t *testing.T, dir, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// The pictures differ by a constant: three epochs must be enough to tell them apart. A loss that falls from epoch to epoch is
// not asked for: the rate makes it jump, each processor's otherwise.
func TestLearnsAnEasyTask(t *testing.T) {
	backend := xlatest.Backend(t)
	dir, past := finished(t)
	const guessing = math.Ln2 // the loss of predictions that are all one half
	if e := past[2]; !(e.TrainLoss < guessing/2 && e.TrainAccuracy >= 0.85) {
		t.Errorf("third epoch: got train loss %v, accuracy %v, want below %v, at least 0.85", e.TrainLoss, e.TrainAccuracy, guessing/2)
	}
	for i, e := range past { // means over 12 batches of 16
		if right := e.TrainAccuracy * 192; e.TrainLoss != whole.losses[i] || right != math.Round(right) || right > 192 {
			t.Errorf("epoch %d: got train loss %v, accuracy %v, want the mean %v and a share of 192 pictures", i+1, e.TrainLoss, e.TrainAccuracy, whole.losses[i])
		}
	}
	best, _ := past.Best()
	if best.ValidationAccuracy < 0.9 {
		t.Errorf("validation accuracy: got %v, want at least 0.9", best.ValidationAccuracy)
	}
	model, err := train.Best(backend, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer model.Finalize()
	validation := run(t, dir, train.Report{}).Validation
	predicted, err := model.Predict(context.Background(), validation, dataset.PredictOptions{Batch: 16})
	if err != nil {
		t.Fatal(err)
	}
	// The stored best weights must give the measured validation loss again: -mean log of the correct prediction (2).
	sum := 0.0
	for i, e := range validation.Examples {
		sum -= math.Log(1 - math.Abs(float64(e.Label)-predicted.P[i]))
	}
	const rounding = 1e-9 // float64 sums of 20 terms
	if got := sum / float64(len(predicted.P)); math.Abs(got-best.ValidationLoss) > rounding {
		t.Errorf("loss of the stored weights: got %v, want %v as measured in epoch %d", got, best.ValidationLoss, best.Number)
	}
}

func TestRefuses(t *testing.T) {
	backend := xlatest.Backend(t)
	tests := []struct {
		name   string
		change func(*train.Run)
		want   string
	}{
		{"too few pictures", func(r *train.Run) { r.Train = examples(0, 15) }, "got 15 training pictures, want at least one batch of 16"},
		{"no validation", func(r *train.Run) { r.Validation = examples(0, 0) }, "no validation pictures"},
		{"unknown picture", func(r *train.Run) { r.Train.Examples[3].ID = "bird" }, "picture bird is not in the cache"},
		{"label above 1", func(r *train.Run) { r.Train.Examples[3].Label = 1.5 }, "got label 1.5, want in [0, 1]"},
		{"label not a number", func(r *train.Run) { r.Validation.Examples[0].Label = float32(math.NaN()) }, "got label NaN"},
		{"unknown network", func(r *train.Run) { r.Recipe.Network = "vgg" }, `network: got "vgg"`},
		{"missing weights", func(r *train.Run) { r.Recipe.Weights = "absent.safetensors" }, "absent.safetensors"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := run(t, t.TempDir(), train.Report{})
			test.change(&r)
			r.Dir = filepath.Join(r.Dir, "run")
			_, err := r.Fit(context.Background(), backend)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
			if _, err := os.Stat(r.Dir); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a refused run left its folder: %v", err)
			}
		})
	}
}

func TestBestNeedsARun(t *testing.T) {
	dir := t.TempDir()
	if _, err := train.Best(xlatest.Backend(t), dir); err == nil || !strings.Contains(err.Error(), dir+" holds no training run") {
		t.Errorf("got error %v, want one that names the folder", err)
	}
}

func TestRefusesAnotherRecipesFolder(t *testing.T) {
	backend := xlatest.Backend(t)
	dir, past := finished(t)
	other := run(t, dir, train.Report{})
	other.Recipe.Seed++
	if _, err := other.Fit(context.Background(), backend); err == nil || !strings.Contains(err.Error(), "another recipe") {
		t.Errorf("got error %v, want a refusal", err)
	}
	kept, err := history.Read(filepath.Join(dir, history.File))
	if err != nil || !slices.Equal(kept, past) {
		t.Errorf("history after the refusal: got %v, %v, want %v", kept, err, past)
	}
}

func TestTruncatedCheckpoint(t *testing.T) {
	backend := xlatest.Backend(t)
	dir, _ := finished(t)
	path := filepath.Join(dir, train.LastFile)
	if err := os.Truncate(path, 1000); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, dir, train.Report{}).Fit(context.Background(), backend); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got error %v, want one that names %s", err, path)
	}
}
