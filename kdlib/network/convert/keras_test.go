package convert

import (
	"slices"
	"testing"

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/network/internal/formula"
	"distillation/kdlib/network/resnet"
)

// Each array of Keras's files gets the name of the variable whose number it holds (testdata/gen_keras.py), and each
// variable of the feature part is there.
func TestKerasNames(t *testing.T) {
	var files map[string]map[string]struct {
		Shape []int
		First float32
	}
	golden.Read(t, "keras_files.json", &files)
	variables, err := variablesOf(resnet.ResNet50)
	if err != nil {
		t.Fatal(err)
	}
	for file, format := range map[string]string{"legacy.h5": KerasLegacy, "keras3.weights.h5": Keras3} {
		names, got, err := kerasNames(files[file], resnet.ResNet50)
		if err != nil || got != format {
			t.Errorf("%s: got format %q, %v, want %q", file, got, err, format)
		}
		found := map[string]bool{}
		for place, ours := range names {
			array := files[file][place]
			found[ours] = true
			if want := float32(formula.Value(ours, array.Shape)[0]); array.First != want {
				t.Errorf("%s: %s holds %v, but %s is %v", file, place, array.First, ours, want)
			}
		}
		for _, v := range variables {
			if !resnet.IsHead(v.Name) && !found[v.Name] {
				t.Errorf("%s: %s is missing", file, v.Name)
			}
		}
	}
}

// Names as Keras 2 wrote them (":0" is TensorFlow's), heads, and places that the network has not.
func TestKerasNamesOneByOne(t *testing.T) {
	for found, want := range map[string]string{
		"conv1_conv/conv1_conv/kernel:0":             "conv1_conv/kernel",
		"conv2_block1_0_bn/conv2_block1_0_bn/beta:0": "conv2_block1_0_bn/beta",
		"predictions/predictions/bias:0":             "dense/bias",
		"dense/dense/kernel":                         "dense/kernel",
		"bn2a_branch2a/bn2a_branch2a_gamma:0":        "bn2a_branch2a/bn2a_branch2a_gamma",
	} {
		if got := kerasLegacyName(found); got != want {
			t.Errorf("%s: got %s, want %s", found, got, want)
		}
	}
	order, err := kerasOrder(resnet.ResNet50)
	if err != nil {
		t.Fatal(err)
	}
	for found, want := range map[string]string{
		"layers/dense/vars/0":                  "dense/kernel",
		"layers/conv2d/vars/2":                 "layers/conv2d/vars/2",
		"layers/conv2d_53/vars/0":              "layers/conv2d_53/vars/0", // ResNet-50 has 53, numbered from 0
		"layers/conv2d/vars/x":                 "layers/conv2d/vars/x",
		"layers/dropout/seed_generator/vars/0": "layers/dropout/seed_generator/vars/0",
	} {
		if got := keras3Name(found, order); got != want {
			t.Errorf("%s: got %s, want %s", found, got, want)
		}
	}
}

// The axes of an array of distinct numbers, by hand.
func TestPermute(t *testing.T) {
	for _, c := range []struct {
		from, order, shape []int
		want               []float32
	}{
		{[]int{2, 3}, []int{1, 0}, []int{3, 2}, []float32{0, 3, 1, 4, 2, 5}},
		{[]int{1, 2, 1, 3}, []int{3, 2, 0, 1}, []int{3, 1, 1, 2}, []float32{0, 3, 1, 4, 2, 5}},
		{[]int{2, 1, 1, 3}, []int{2, 3, 1, 0}, []int{1, 3, 1, 2}, []float32{0, 3, 1, 4, 2, 5}},
		{nil, nil, []int{}, []float32{0}},
	} {
		size := 1
		for _, d := range c.from {
			size *= d
		}
		src := make([]float32, size)
		for i := range src {
			src[i] = float32(i)
		}
		if got, shape := permute(src, c.from, c.order); !slices.Equal(got, c.want) || !slices.Equal(shape, c.shape) {
			t.Errorf("%v by %v: got %v %v, want %v %v", c.from, c.order, shape, got, c.shape, c.want)
		}
	}
}
