package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"distillation/kdlib/backend/memory"
	"distillation/kdlib/network"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// Step says which step to time.
type Step struct {
	Network string // as network.Named finds it
	Batch   int    // pictures a step
	Size    int    // width and height
	Mode    string // Train or Forward
	Steps   int    // warm steps after the first one
	Devices int    // of the backend, that share a training step; 0 is 1

	Convolutions string // as recipe.Training.Convolutions
}

// Measured is what a benchmark found, in seconds and MiB.
type Measured struct {
	Step
	First   float64   // the first step: mostly compiling
	Warm    []float64 // the others, in order
	PeakMiB int       // largest resident memory of the process so far; 0 where the system does not tell
}

// Run times steps on one constant batch of random pictures.
func (b Step) Run(backend compute.Backend) (Measured, error) {
	return b.RunContext(context.Background(), backend)
}

// RunContext is Run until ctx ends, which is an error.
func (b Step) RunContext(ctx context.Context, backend compute.Backend) (Measured, error) {
	model, learner, err := b.open(backend)
	if err != nil {
		return Measured{}, err
	}
	defer model.Finalize()
	defer learner.Finalize()
	step := b.constant(model, learner)
	m := Measured{Step: b}
	for i := range b.Steps + 1 {
		if err := ctx.Err(); err != nil {
			return Measured{}, fmt.Errorf("bench: stopped at step %d of %d: %w", i, b.Steps, err)
		}
		start := time.Now()
		if err := step(); err != nil {
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

// open checks the benchmark and builds the network, with the optimizer of the paper's students.
func (b Step) open(backend compute.Backend) (*train.Model, *train.Learner, error) {
	if b.Mode != Train && b.Mode != Forward || b.Batch < 1 || b.Size < architecture.MinSize || b.Steps < 1 {
		return nil, nil, fmt.Errorf("bench: got mode %q, batch %d, size %d, steps %d, want %s or %s, at least 1, %d, 1",
			b.Mode, b.Batch, b.Size, b.Steps, Train, Forward, architecture.MinSize)
	}
	if err := recipe.CheckBatch(b.Batch, b.Size); err != nil {
		return nil, nil, fmt.Errorf("bench: %w", err)
	}
	n, err := network.Named(b.Network)
	if err != nil {
		return nil, nil, fmt.Errorf("bench: %w", err)
	}
	model, err := train.New(backend, n, train.Start{Size: b.Size, Seed: 1, Convolutions: b.Convolutions})
	if err != nil {
		return nil, nil, err
	}
	learner, err := train.NewLearner(model, recipe.Paper.Student.Optimizer, b.Devices)
	if err != nil {
		model.Finalize()
		return nil, nil, err
	}
	return model, learner, nil
}

// constant is a step on the same random pictures each time.
func (b Step) constant(model *train.Model, learner *train.Learner) func() error {
	pictures, labels := b.random()
	if b.Mode == Forward {
		return func() error {
			_, err := model.Logits(pictures)
			return err
		}
	}
	return func() error {
		_, _, err := learner.Step(pictures, labels)
		return err
	}
}

func (b Step) random() (pictures, labels *tensors.Tensor) {
	random := rand.New(rand.NewPCG(1, 1))
	pixels := make([]float32, b.Batch*b.Size*b.Size*3)
	for i := range pixels {
		pixels[i] = 255 * random.Float32()
	}
	return tensors.FromFlatDataAndDimensions(pixels, b.Batch, b.Size, b.Size, 3),
		tensors.FromFlatDataAndDimensions(make([]float32, b.Batch), b.Batch, 1)
}

// Line is the measurement as a line of a file.
func (m Measured) Line() Line {
	return Line{
		Framework: Framework(m.Convolutions),
		Case:      NewCase(m.Network, m.Batch, m.Size, m.Mode),
		Median:    Median(m.Warm), Min: slices.Min(m.Warm), First: m.First, PeakMiB: m.PeakMiB,
	}
}

// peakMiB is the most memory that this process had until now.
func peakMiB() int { return int(memory.Peak() >> 20) }
