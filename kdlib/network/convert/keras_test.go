package convert

import (
	"archive/zip"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/internal/formula"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/network/weights"

	"github.com/gomlx/gomlx/core/tensors"
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
	for file, format := range map[string]string{"legacy.h5": KerasLegacy, "keras3.weights.h5": Keras3, "whole.h5": KerasLegacy, "whole.keras": Keras3} {
		names, got, err := kerasNames(files[file], resnet.ResNet50)
		if err != nil || got != format {
			t.Errorf("%s: got format %q, %v, want %q", file, got, err, format)
		}
		found := map[string]bool{}
		for place, ours := range names {
			array := files[file][place]
			found[ours] = true
			if path.Dir(ours) == "is_dog" { // a head of the user's name: nameHead
				continue
			}
			if want := float32(formula.Value(ours, array.Shape)[0]); array.First != want {
				t.Errorf("%s: %s holds %v, but %s is %v", file, place, array.First, ours, want)
			}
		}
		for _, v := range variables {
			if !architecture.IsHead(v.Name) && !found[v.Name] {
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
		"model_weights/resnet50/conv1_bn/beta":       "conv1_bn/beta",
		"model_weights/dense/sequential/dense/bias":  "dense/bias",
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

// What Keras 3.15 keeps beside a network, also of a compiled model within the one that is saved, is told from its layers.
func TestNotWeights(t *testing.T) {
	for group, want := range map[string]bool{
		"optimizer_weights":           true, // model.save("x.h5")
		"optimizer":                   true, // model.save("x.keras")
		"layers/functional/optimizer": true,
		"layers/sequential/layers/dropout/seed_generator": true,
		"layers":                   false,
		"layers/functional/layers": false,
		"model_weights":            false,
	} {
		if got := notWeights(group); got != want {
			t.Errorf("%s: got %v, want %v", group, got, want)
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

// Two networks in one file are an error that names both places.
func TestKerasNamesTwice(t *testing.T) {
	_, _, err := kerasNames(map[string]int{"model_weights/a/conv1_bn/beta": 0, "model_weights/b/conv1_bn/beta": 0}, resnet.ResNet50)
	if err == nil || !strings.Contains(err.Error(), "model_weights/a/conv1_bn/beta and model_weights/b/conv1_bn/beta would both be conv1_bn/beta") {
		t.Errorf("got error %v", err)
	}
}

// The head is the only dense layer that the network does not know, whatever its name.
func TestNameHead(t *testing.T) {
	for _, c := range []struct{ layers, want []string }{
		{[]string{"is_dog"}, []string{"dense/bias", "dense/kernel"}},
		{[]string{"dense"}, []string{"dense/bias", "dense/kernel"}},
		{[]string{"hidden", "is_dog"}, []string{"hidden/bias", "hidden/kernel", "is_dog/bias", "is_dog/kernel"}},
	} {
		w := Weights{File: weights.File{Tensors: map[string]*tensors.Tensor{}}}
		for _, layer := range c.layers {
			w.Tensors[layer+"/kernel"] = tensors.FromFlatDataAndDimensions([]float32{1, 2}, 2, 1)
			w.Tensors[layer+"/bias"] = tensors.FromFlatDataAndDimensions([]float32{1}, 1)
		}
		if err := w.nameHead(resnet.ResNet50); err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(w.Tensors)); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.layers, got, c.want)
		}
	}
}

// A .keras archive is read through to its arrays; these are not the network's.
func TestReadArchive(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "internal", "hdf5", "testdata", "plain.h5"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(member string) string {
		path := filepath.Join(t.TempDir(), "model.keras")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z := zip.NewWriter(f)
		w, err := z.Create(member)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(raw); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for member, want := range map[string]string{
		"model.weights.h5": `(Keras 3's .keras archive): none of its 3 tensors, such as "conv/kernel", is one of the network "resnet50"`,
		"archive/data.pkl": "torch's .pt, .pth and .ckpt hold Python code",
	} {
		path := write(member)
		if _, err := Read(path, resnet.ResNet50); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got error %v, want one with the path and %q", member, err, want)
		}
	}
}
