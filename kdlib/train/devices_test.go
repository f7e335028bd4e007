package train

import (
	"math"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/recipe"

	"github.com/gomlx/gomlx/core/tensors"
)

// lesson learns the same few batches again and again on some devices. It returns the losses, the moments m of (4) after
// the first step, which are a tenth of its gradients, and in the end an answer that one device gives with the weights.
func lesson(t *testing.T, devices int) (losses []float64, gradients map[string][]float32, answer float32) {
	t.Helper()
	backend := xlatest.Backend(t)
	if there := int(backend.NumDevices()); there < devices {
		t.Skipf("the backend has %d devices, want %d", there, devices)
	}
	m, err := New(backend, resnet.ResNet18, Start{Dropout: 0.5, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Finalize()
	l, err := NewLearner(m, recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1e-4}, devices)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Finalize()
	labels := tensors.FromFlatDataAndDimensions([]float32{0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1, 1, 0}, 16, 1)
	gradients = map[string][]float32{}
	for step := range 6 {
		loss, _, err := l.Step(noise(16, uint32(step%3)), labels)
		if err != nil {
			t.Fatal(err)
		}
		losses = append(losses, loss)
		for v := range m.store.IterVariables() {
			if step == 0 && v.Name() == "m" {
				gradients[v.Path()] = tensors.MustCopyFlatData[float32](v.MustValue())
			}
		}
	}
	logits, err := m.Logits(noise(1, 9))
	if err != nil {
		t.Fatal(err)
	}
	return losses, gradients, logits[0]
}

// noise is n pictures whose pixels all differ.
func noise(n int, seed uint32) *tensors.Tensor {
	pixels := make([]float32, n*resnet.MinSize*resnet.MinSize*3)
	for i := range pixels {
		seed = seed*1664525 + 1013904223 // Numerical Recipes' generator
		pixels[i] = float32(seed >> 24)
	}
	return tensors.FromFlatDataAndDimensions(pixels, n, resnet.MinSize, resnet.MinSize, 3)
}

// Two devices that share every batch learn what one device learns, batch normalization and dropout included: statistics
// of half a batch would be a tenth off at the first step. Later steps are less alike, since Adam makes a step of full
// size of a gradient that is nothing but rounding.
func TestDevicesLearnAsOne(t *testing.T) {
	const (
		rounding = 1e-5 // of float32 sums in another order; 2.7e-6 was measured
		grown    = 1e-2 // by Adam in six steps; 3e-3 was measured
	)
	two, gradientsOfTwo, answerOfTwo := lesson(t, 2)
	one, gradients, answer := lesson(t, 1)
	for i := range one {
		limit := grown
		if i < 2 {
			limit = rounding
		}
		if !(math.Abs(two[i]/one[i]-1) <= limit) {
			t.Errorf("step %d: got loss %v on two devices, want %v", i+1, two[i], one[i])
		}
	}
	if len(gradients) != 62 { // 20 convolutions, gamma and beta of as many normalizations, kernel and bias of the head
		t.Errorf("got gradients of %d variables, want 62", len(gradients))
	}
	for name, want := range gradients {
		if off := apart(gradientsOfTwo[name], want); !(off <= rounding) {
			t.Errorf("%s: gradients of two devices are %v apart from those of one", name, off)
		}
	}
	if !(math.Abs(float64(answerOfTwo/answer-1)) <= grown) {
		t.Errorf("answer: got logit %v with the weights of two devices, want %v", answerOfTwo, answer)
	}
}

// apart is the length of the difference of two vectors over the length of the second.
func apart(got, want []float32) float64 {
	difference, length := 0.0, 0.0
	for i, w := range want {
		difference = math.Hypot(difference, float64(got[i]-w))
		length = math.Hypot(length, float64(w))
	}
	return difference / length
}

func TestRefusesDevices(t *testing.T) {
	m := fresh(t, 0)
	o := recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1}
	if _, err := NewLearner(m, o, int(m.backend.NumDevices())+1); err == nil || !strings.Contains(err.Error(), "devices: got") {
		t.Errorf("more than there are: got error %v, want one that says so", err)
	}
	l, err := NewLearner(m, o, 1)
	if err != nil {
		t.Fatal(err)
	}
	l.devices = 2
	if _, _, err := l.Step(noise(3, 0), tensors.FromValue([][]float32{{0}, {1}, {1}})); err == nil || !strings.Contains(err.Error(), "multiple of 2 devices") {
		t.Errorf("a batch of 3 on 2 devices: got error %v, want one that says so", err)
	}
}
