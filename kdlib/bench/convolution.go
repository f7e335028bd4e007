package bench

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"distillation/kdlib/network/conv"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Convolution times the 3x3 convolution of the networks, with as many channels out as in: its value in mode
// Forward, its value and both gradients in mode Train.
type Convolution struct {
	Channels, Batch, Size int
	Mode                  string
	Steps                 int // warm steps after the first one

	Convolutions string // as recipe.Training.Convolutions; empty: fast
}

// maxChannels is eight times what the widest layer of the networks has.
const maxChannels = 4096

// Run times steps on zeros, which take as long as other numbers, until ctx ends.
func (c Convolution) Run(ctx context.Context, backend compute.Backend) (Line, error) {
	if c.Mode != Train && c.Mode != Forward || min(c.Channels, c.Batch, c.Size, c.Steps) < 1 {
		return Line{}, fmt.Errorf("bench: got mode %q, %d channels, batch %d, size %d, steps %d, want %s or %s, at least 1 each",
			c.Mode, c.Channels, c.Batch, c.Size, c.Steps, Train, Forward)
	}
	if c.Channels > maxChannels {
		return Line{}, fmt.Errorf("bench: got %d channels, want at most %d", c.Channels, maxChannels)
	}
	if err := recipe.CheckBatch(c.Batch*c.Channels, c.Size); err != nil { // a channel takes a third of a picture
		return Line{}, fmt.Errorf("bench: %d channels: %w", c.Channels, err)
	}
	exec, err := NewExec(backend, c.graph)
	if err != nil {
		return Line{}, fmt.Errorf("bench: %w", err)
	}
	defer exec.Finalize()
	x := tensors.FromShape(shapes.Make(dtypes.Float32, c.Batch, c.Size, c.Size, c.Channels))
	w := tensors.FromShape(shapes.Make(dtypes.Float32, 3, 3, c.Channels, c.Channels))
	var seconds []float64
	for range c.Steps + 1 {
		if err := ctx.Err(); err != nil {
			return Line{}, fmt.Errorf("bench: stopped: %w", err)
		}
		start := time.Now()
		out, err := exec.Call(x, w)
		if err != nil {
			return Line{}, fmt.Errorf("bench: %w", err)
		}
		seconds = append(seconds, time.Since(start).Seconds())
		for _, t := range out {
			if err := t.FinalizeAll(); err != nil {
				return Line{}, fmt.Errorf("bench: %w", err)
			}
		}
	}
	return Line{
		Framework: Framework(c.Convolutions),
		Case:      Case{Depth: ConvPrefix + strconv.Itoa(c.Channels), Batch: c.Batch, Size: c.Size, Mode: c.Mode},
		Median:    Median(seconds[1:]), Min: slices.Min(seconds[1:]), First: seconds[0], PeakMiB: peakMiB(),
	}, nil
}

func (c Convolution) graph(x, w *Node) []*Node {
	form := conv.Form(c.Convolutions)
	if c.Convolutions == recipe.FastConvolutions {
		form = conv.Auto
	}
	y := conv.Conv2D(x, w, conv.Options{Stride: 1, Padding: [2][2]int{{1, 1}, {1, 1}}, Form: form})
	if c.Mode == Forward {
		return []*Node{y}
	}
	return Gradient(ReduceAllSum(Square(y)), x, w) // of squares: the gradient of a plain sum would not need y
}
