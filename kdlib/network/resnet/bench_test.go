package resnet_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/conv"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/optimizer/adam"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
)

const benchBatch = 32 // the paper's

// BenchmarkTrain times one training step on 32 pictures (forward, backward, Adam), at 64 x 64 and 224 x 224, with the
// convolutions in every form. Beside the mean it reports the median step: run with -benchtime 10x.
func BenchmarkTrain(b *testing.B) {
	benchmark(b, func(b *testing.B, backend compute.Backend, network architecture.Network, store *model.Store, x *tensors.Tensor) func() {
		logits := func(scope *model.Scope, _ any, in []*Node) []*Node { return []*Node{network.Logits(scope, in[0], 0)} }
		trainer := train.NewTrainer(backend, store, logits, loss.BinaryCrossentropyLogits, adam.Keras{LearningRate: 1e-4}, nil, nil)
		y := tensors.FromShape(shapes.Make(dtypes.Float32, benchBatch, 1))
		return func() {
			if _, err := trainer.TrainStep(train.Batch{Inputs: []*tensors.Tensor{x}, Labels: []*tensors.Tensor{y}}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkForward times the predictions for 32 pictures.
func BenchmarkForward(b *testing.B) {
	benchmark(b, func(b *testing.B, backend compute.Backend, network architecture.Network, store *model.Store, x *tensors.Tensor) func() {
		exec := model.MustNewExec(backend, store, func(scope *model.Scope, x *Node) *Node { return network.Logits(scope, x, 0) })
		return func() { exec.MustCall1(x).MustFinalizeAll() }
	})
}

func benchmark(b *testing.B, prepare func(*testing.B, compute.Backend, architecture.Network, *model.Store, *tensors.Tensor) func()) {
	backend := xlatest.Backend(b)
	for _, network := range []architecture.Network{resnet.ResNet18, resnet.ResNet50} {
		for _, size := range []int{64, 224} {
			for _, form := range []conv.Form{conv.Auto, conv.Winograd, conv.Plain} {
				b.Run(fmt.Sprintf("%s/%d/%s", network, size, cmp.Or(form, "auto")), func(b *testing.B) {
					store := model.NewStore()
					store.RootScope().SetParam(architecture.ParamForm, form)
					step := prepare(b, backend, network, store, pictures(benchBatch, size))
					step() // compiles
					before := cpuSeconds(b)
					b.ReportMetric(median(b, step).Seconds(), "median-s")
					b.ReportMetric((cpuSeconds(b)-before)/float64(b.N), "cpu-s/op")
				})
			}
		}
	}
}

// median runs b.N steps and returns the middle time.
func median(b *testing.B, step func()) time.Duration {
	var times []time.Duration
	for b.Loop() {
		start := time.Now()
		step()
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// cpuSeconds is the time that processors have worked for this process: steadier than the clock on a busy machine.
func cpuSeconds(b *testing.B) float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

// pictures returns n seeded random pictures with values in [0, 1).
func pictures(n, size int) *tensors.Tensor {
	random := rand.New(rand.NewPCG(1, 2))
	flat := make([]float32, n*size*size*3)
	for i := range flat {
		flat[i] = random.Float32()
	}
	return tensors.FromFlatDataAndDimensions(flat, n, size, size, 3)
}
