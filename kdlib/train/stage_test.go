package train_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/norm"
	"github.com/gomlx/gomlx/ml/model"
)

// wider are the shades at another size: each pixel is repeated or left out.
type wider struct{ side int }

func (w wider) Size() int { return w.side }

func (w wider) Image(id string) ([]uint8, bool) {
	small, ok := shades{}.Image(id)
	if !ok {
		return nil, false
	}
	pixels := make([]uint8, w.side*w.side*3)
	for y := range w.side {
		for x := range w.side {
			copy(pixels[(y*w.side+x)*3:][:3], small[((y*size/w.side)*size+x*size/w.side)*3:])
		}
	}
	return pixels, true
}

const early = 48 // pixels a side of the pictures of the first stage

// staged is a run with everything that a recipe may ask for: two sizes, a schedule, an average.
func staged(t *testing.T, dir string, report train.Report) train.Run {
	t.Helper()
	r := run(t, dir, report)
	r.Train, r.Validation = examples(0, 40), examples(1000, 10)
	r.Sizes = map[int]dataset.Pictures{early: wider{early}}
	r.Recipe.Network, r.Recipe.Epochs = smallnet.Name, 4
	r.Recipe.Optimizer.Schedule = recipe.Schedule{Name: recipe.OneCycle, WarmUp: 0.25}
	r.Recipe.EarlyStages = []recipe.Stage{{Epochs: 2, Size: early, Shift: 0.2}}
	r.Recipe.Average, r.Recipe.Answer = 0.9, recipe.AverageWeights
	return r
}

// A run that is stopped in the first stage, between two stages, in the second, and before its average is written, each time gone on
// with by a new process, ends as one that was not: all networks to the bit, and everything that training needs.
func TestStagesResumeExactly(t *testing.T) {
	backend := xlatest.Backend(t)
	whole := staged(t, t.TempDir(), train.Report{})
	want, err := whole.Fit(context.Background(), backend)
	if err != nil {
		t.Fatal(err)
	}
	for i, size := range []int{early, early, size, size} {
		if want[i].Size != size {
			t.Errorf("epoch %d: got size %d, want %d", i+1, want[i].Size, size)
		}
	}
	parts := t.TempDir()
	for _, at := range [][2]int{{2, 1}, {3, 1}, {4, 2}} { // epoch and step; the epoch before is stored
		ctx, stop := context.WithCancel(context.Background())
		report := train.Report{Step: func(s history.Step) {
			if s.Epoch == at[0] && s.Number == at[1] {
				stop()
			}
		}}
		if _, err := staged(t, parts, report).Fit(ctx, backend); !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped at %v: got error %v, want context.Canceled", at, err)
		}
	}
	if _, err := staged(t, parts, train.Report{}).Fit(context.Background(), backend); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(parts, train.AverageFile)); err != nil {
		t.Fatal(err)
	}
	got, err := staged(t, parts, train.Report{}).Fit(context.Background(), backend)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		got[i].Seconds, want[i].Seconds = 0, 0
		if got[i] != want[i] {
			t.Errorf("epoch %d: in parts %+v, whole %+v", i+1, got[i], want[i])
		}
	}
	for _, name := range []string{train.BestFile, train.AverageFile} {
		if content(t, parts, name) != content(t, whole.Dir, name) {
			t.Errorf("%s differs between the whole run and the one in parts", name)
		}
	}
	checkSameTensors(t, filepath.Join(parts, train.LastFile), filepath.Join(whole.Dir, train.LastFile))
	checkSchedule(t, filepath.Join(parts, train.LastFile))
	checkLonger(t, whole, backend)
	checkPredictions(t, whole, backend)
}

func checkSameTensors(t *testing.T, got, want string) {
	t.Helper()
	a, b := readWeights(t, got), readWeights(t, want)
	for name, tensor := range b.Tensors {
		if other, ok := a.Tensors[name]; !ok || !tensor.Equal(other) {
			t.Errorf("%s: %s differs, or is missing", got, name)
		}
	}
}

func readWeights(t *testing.T, path string) weights.File {
	t.Helper()
	file, err := weights.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// Four epochs of two batches of 16 of 40 pictures are eight steps, a quarter of which is two.
func checkSchedule(t *testing.T, last string) {
	t.Helper()
	file := readWeights(t, last)
	for name, want := range map[string]any{"adam/all_steps": 8.0, "adam/warm_up_steps": 2.0, "adam/step": int64(8)} {
		if got := file.Tensors[name].Value(); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// The rate has come to its end: more epochs are refused, and nothing is lost.
func checkLonger(t *testing.T, r train.Run, backend compute.Backend) {
	t.Helper()
	before := content(t, r.Dir, train.LastFile)
	r.Recipe.Epochs++
	_, err := r.Fit(context.Background(), backend)
	if err == nil || !strings.Contains(err.Error(), "its learning rate (one cycle) ends with epoch 4: got 5 epochs") {
		t.Errorf("one epoch more: got error %v, want a refusal that says why", err)
	}
	if content(t, r.Dir, train.LastFile) != before {
		t.Error("the refused run has changed its checkpoint")
	}
}

// The recipe's weights answer: those of the file that it names, whatever the pool holds.
func checkPredictions(t *testing.T, r train.Run, backend compute.Backend) {
	t.Helper()
	predict := func(m *train.Model, err error) []float64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer m.Finalize()
		if m.Size != size {
			t.Errorf("size: got %d, want that of the last stage, %d", m.Size, size)
		}
		p, err := m.Predict(context.Background(), r.Validation, dataset.PredictOptions{Batch: 16})
		if err != nil {
			t.Fatal(err)
		}
		return p.P
	}
	answers := map[string]float64{} // on the first picture
	for _, answer := range []string{"", recipe.LastEpoch, recipe.AverageWeights} {
		p := predict(train.Answering(backend, r.Dir, answer))
		if answers[answer] = p[0]; p[0] == p[1] {
			t.Errorf("weights %q: got the same prediction on a cat and on a dog, %v", answer, p[0])
		}
	}
	if p := predict(train.Best(backend, r.Dir)); p[0] != answers[r.Recipe.Answer] {
		t.Errorf("the recipe's own: got %v, want %v", p[0], answers[r.Recipe.Answer])
	}
	if _, err := train.Answering(backend, r.Dir, "first"); err == nil || !strings.Contains(err.Error(), `answer: got "first"`) {
		t.Errorf("unknown weights: got error %v", err)
	}
	if answers[recipe.LastEpoch] == answers[recipe.AverageWeights] || answers[""] == answers[recipe.AverageWeights] {
		t.Errorf("predictions of the best epoch, the last, the average: got %v, want the average to differ", answers)
	}
	file, last := readWeights(t, filepath.Join(r.Dir, train.AverageFile)), readWeights(t, filepath.Join(r.Dir, train.LastFile))
	compared := 0
	for name, tensor := range file.Tensors { // Keras's average, as the optimizer keeps it; statistics have none
		average, ok := last.Tensors["adam/"+name+"/average"]
		if !ok {
			continue
		}
		if compared++; !average.Equal(tensor) {
			t.Errorf("%s is not the moving average", name)
		}
	}
	if compared == 0 {
		t.Error("no weights were compared")
	}
}

// level normalizes the pixels themselves, so that its statistics can be computed by hand.
var _ = network.Register("level", func(scope *model.Scope, x *Node, dropout float64) *Node {
	x = norm.BatchNorm(scope.In("bn"), x, -1).Momentum(0.9).Done()
	return layers.Dense(scope.In("head"), ReduceMean(x, 1, 2), true, 1)
})

// The statistics of the average are the means over the batches of the last epoch, here computed in float64 of the pixels.
func TestStatisticsAreMeasuredAnew(t *testing.T) {
	r := run(t, t.TempDir(), train.Report{})
	r.Recipe.Network, r.Recipe.Epochs, r.Recipe.Average = "level", 2, 0.9
	r.Recipe.Augment.Shift, r.Recipe.Augment.Flip = 0, false
	r.Train = examples(0, 70) // four batches of 16, and six pictures that wait
	if _, err := r.Fit(context.Background(), xlatest.Backend(t)); err != nil {
		t.Fatal(err)
	}
	order := dataset.Shuffled(70, r.Recipe.Seed, 2)
	var mean, variance [3]float64
	for batch := range 4 {
		var sum, squares [3]float64
		for _, i := range order[16*batch:][:16] {
			pixels, _ := shades{}.Image(r.Train.Examples[i].ID)
			for k, v := range pixels {
				x := float64(v) / 255
				sum[k%3] += x
				squares[k%3] += x * x
			}
		}
		const n = 16 * size * size
		for c := range 3 {
			mean[c] += sum[c] / n / 4
			variance[c] += (squares[c]/n - sum[c]/n*sum[c]/n) / 4
		}
	}
	file := readWeights(t, filepath.Join(r.Dir, train.AverageFile))
	// GoMLX's count of steps goes on: four in each of two epochs, and four batches again.
	if got := tensors.MustCopyFlatData[float32](file.Tensors["network/bn/batch_normalization/avg_weight"])[0]; got != 12 {
		t.Errorf("count: got %v, want 12", got)
	}
	for name, want := range map[string][3]float64{"mean": mean, "variance": variance} {
		got := tensors.MustCopyFlatData[float32](file.Tensors["network/bn/batch_normalization/"+name])
		for c := range 3 {
			const float32Sums = 2e-6 // of values below 1
			if math.Abs(float64(got[c])-want[c]) > float32Sums {
				t.Errorf("%s of channel %d: got %v, want %v", name, c, got[c], want[c])
			}
		}
	}
}
