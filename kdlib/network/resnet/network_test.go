package resnet_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/resnet"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// build makes a store from a seed and returns two results of training with dropout for the same pictures: random numbers are
// drawn for the weights and then for dropout.
func build(t *testing.T, seed int64) (*model.Store, [2][]float32) {
	t.Helper()
	store := model.NewStore()
	if err := store.SetRNGStateFromSeed(seed); err != nil {
		t.Fatal(err)
	}
	exec := model.MustNewExec(xlatest.Backend(t), store, func(scope *model.Scope, x *Node) *Node {
		store.SetTraining(x.Graph(), true)
		return resnet.ResNet18.Logits(scope, x, 0.5)
	})
	var logits [2][]float32
	for i := range logits {
		logits[i] = tensors.MustCopyFlatData[float32](exec.MustCall1(pictures(2, architecture.MinSize)))
	}
	return store, logits
}

func TestSeed(t *testing.T) {
	a, logitsA := build(t, 1)
	b, logitsB := build(t, 1)
	for i := range logitsA {
		if !slices.Equal(logitsA[i], logitsB[i]) {
			t.Errorf("logits %d of two stores with seed 1: got %v and %v, want equal", i, logitsA[i], logitsB[i])
		}
	}
	if slices.Equal(logitsA[0], logitsA[1]) {
		t.Errorf("logits with dropout, twice: got %v both times, want others the second time", logitsA[0])
	}
	for v := range a.IterVariables() {
		if !v.MustValue().Equal(b.GetVariable(v.Path()).MustValue()) {
			t.Errorf("%s: differs between two stores of one seed", v.Path())
		}
	}
	if a.GetVariable("/layer4.1.conv1/kernel").MustValue().Equal(a.GetVariable("/layer4.1.conv2/kernel").MustValue()) {
		t.Error("two kernels of one shape are equal")
	}
	checkInitial(t, a)
}

// checkInitial compares the spread of initial weights with torchvision's and Keras's formulas.
func checkInitial(t *testing.T, store *model.Store) {
	t.Helper()
	const fewDraws = 0.02 // of the spread of 73,728 normal or 512 uniform numbers, four standard errors and more
	kernel := tensors.MustCopyFlatData[float32](store.GetVariable("/layer2.0.conv1/kernel").MustValue())
	want := math.Sqrt(2.0 / (3 * 3 * 128)) // He normal by fan out, which is twice its fan in
	if got := rootMeanSquare(kernel); math.Abs(got/want-1) > fewDraws {
		t.Errorf("spread of a 3x3 kernel: got %v, want %v", got, want)
	}
	head := tensors.MustCopyFlatData[float32](store.GetVariable("/dense/kernel").MustValue())
	limit := math.Sqrt(6.0 / (512 + 1)) // Glorot uniform
	if got := float64(max(slices.Max(head), -slices.Min(head))); got > limit || got < (1-fewDraws)*limit {
		t.Errorf("greatest weight of the head: got %v, want a little below %v", got, limit)
	}
}

func TestUnknownNetworkPanics(t *testing.T) {
	_, err := model.CallOnce(xlatest.Backend(t), model.NewStore(), func(scope *model.Scope, x *Node) *Node {
		return architecture.Network("resnet7").Features(scope, x)
	}, pictures(1, architecture.MinSize))
	if err == nil || !strings.Contains(err.Error(), `"resnet7"`) {
		t.Errorf("got error %v, want one that names the network", err)
	}
}

func rootMeanSquare(values []float32) float64 {
	var sum float64
	for _, v := range values {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(values)))
}
