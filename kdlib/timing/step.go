package timing

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"distillation/kdlib/fit"
	"distillation/kdlib/recipe"
	"distillation/kdlib/resnet"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// The two things that a network does.
const (
	Train   = "train"   // one optimizer step
	Forward = "forward" // answers without learning
)

// Bench says which step to time.
type Bench struct {
	Network string // recipe.ResNet18, recipe.ResNet50 or recipe.ResNet50V15
	Batch   int    // pictures a step
	Size    int    // width and height
	Mode    string // Train or Forward
	Steps   int    // warm steps after the first one
}

// Measured is what a benchmark found, in seconds and MiB.
type Measured struct {
	Bench
	First   float64   // the first step: mostly compiling
	Warm    []float64 // the others, in order
	PeakMiB int       // largest resident memory of the process so far; 0 where the system does not tell
}

// Run times steps on one constant batch of random pictures.
func (b Bench) Run(backend compute.Backend) (Measured, error) {
	if b.Mode != Train && b.Mode != Forward || b.Batch < 1 || b.Size < resnet.MinSize || b.Steps < 1 {
		return Measured{}, fmt.Errorf("timing: got mode %q, batch %d, size %d, steps %d, want %s or %s, at least 1, %d, 1",
			b.Mode, b.Batch, b.Size, b.Steps, Train, Forward, resnet.MinSize)
	}
	model, err := fit.New(backend, resnet.Network(b.Network), 0, 1)
	if err != nil {
		return Measured{}, err
	}
	defer model.Finalize()
	learner, err := fit.NewLearner(model, recipe.Paper.Student.Optimizer)
	if err != nil {
		return Measured{}, err
	}
	defer learner.Finalize()
	pictures, labels := b.random()
	m := Measured{Bench: b}
	for i := range b.Steps + 1 {
		start := time.Now()
		if b.Mode == Train {
			_, _, err = learner.Step(pictures, labels)
		} else {
			_, err = model.Logits(pictures)
		}
		if err != nil {
			return Measured{}, err
		}
		seconds := time.Since(start).Seconds()
		if i == 0 {
			m.First = seconds
		} else {
			m.Warm = append(m.Warm, seconds)
		}
	}
	m.PeakMiB = peakMiB()
	return m, nil
}

func (b Bench) random() (pictures, labels *tensors.Tensor) {
	random := rand.New(rand.NewPCG(1, 1))
	pixels := make([]float32, b.Batch*b.Size*b.Size*3)
	for i := range pixels {
		pixels[i] = 255 * random.Float32()
	}
	return tensors.FromFlatDataAndDimensions(pixels, b.Batch, b.Size, b.Size, 3),
		tensors.FromFlatDataAndDimensions(make([]float32, b.Batch), b.Batch, 1)
}

// median of values; it panics for none.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// CSV is the line framework,depth,batch,size,mode,median_s,min_s,first_s,peak_rss_mib.
func (m Measured) CSV() string {
	return fmt.Sprintf("kdlib,%s,%d,%d,%s,%.4f,%.4f,%.2f,%d", strings.TrimPrefix(m.Network, "resnet"), m.Batch, m.Size, m.Mode,
		median(m.Warm), slices.Min(m.Warm), m.First, m.PeakMiB)
}

// peakMiB reads VmHWM, which Linux keeps for every process.
func peakMiB() int {
	status, err := os.ReadFile(filepath.Join("/proc", "self", "status"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kib int
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kib); n == 1 {
			return kib / 1024
		}
	}
	return 0
}
