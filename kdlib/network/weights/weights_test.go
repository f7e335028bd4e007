package weights_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/network/weights"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// store holds a kernel, a scalar of another type, and a variable outside of the network.
func store(t *testing.T) *model.Store {
	t.Helper()
	s := model.NewStore()
	for path, value := range map[string]any{
		"/network/conv/kernel": [][]float32{{1, 2, 3}, {4, 5, 6}},
		"/network/scale":       float64(2.5),
		"/adam/step":           int64(7),
	} {
		if _, err := s.CreateVariable(path, tensors.MustFromAnyValue(value)); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	if err := weights.Save(path, store(t), nil, map[string]string{"epoch": "3"}); err != nil {
		t.Fatal(err)
	}
	file, err := weights.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if file.Meta["epoch"] != "3" || len(file.Tensors) != 3 {
		t.Fatalf("got meta %v and %d tensors, want epoch 3 and 3 tensors", file.Meta, len(file.Tensors))
	}
	empty := model.NewStore()
	if err := file.Restore(empty); err != nil {
		t.Fatal(err)
	}
	if got := tensors.MustCopyFlatData[float32](empty.GetVariable("/network/conv/kernel").MustValue()); !slices.Equal(got, []float32{1, 2, 3, 4, 5, 6}) {
		t.Errorf("kernel: got %v", got)
	}
	if got := tensors.ToScalar[float64](empty.GetVariable("/network/scale").MustValue()); got != 2.5 {
		t.Errorf("scale: got %v, want 2.5", got)
	}
	if got := tensors.ToScalar[int64](empty.GetVariable("/adam/step").MustValue()); got != 7 {
		t.Errorf("step: got %v, want 7", got)
	}
}

// The format is the public one: a file of the reference implementation is read.
func TestReadsAnotherWriter(t *testing.T) {
	file, err := weights.Read(filepath.Join("testdata", "other.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	kernel := file.Tensors["network/conv/kernel"]
	if got := tensors.MustCopyFlatData[float32](kernel); !slices.Equal(kernel.Shape().Dimensions, []int{1, 2, 3}) ||
		!slices.Equal(got, []float32{0, 0.25, 0.5, 0.75, 1, 1.25}) {
		t.Errorf("kernel: got %s %v", kernel.Shape(), got)
	}
	if got := tensors.ToScalar[float32](file.Tensors["network/scale"]); got != 2.5 {
		t.Errorf("scale: got %v, want 2.5", got)
	}
}

func TestMatchListsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	inNetwork := func(v *model.Variable) bool { return weights.InScope(v, "network") }
	if err := weights.Save(path, store(t), inNetwork, nil); err != nil {
		t.Fatal(err)
	}
	file, err := weights.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Match(store(t), inNetwork, path); err != nil {
		t.Errorf("its own network: got %v", err)
	}
	other := model.NewStore()
	for path, value := range map[string]any{
		"/network/conv/kernel": []float32{1, 2, 3},
		"/network/bias":        []float32{1},
	} {
		if _, err := other.CreateVariable(path, tensors.MustFromAnyValue(value)); err != nil {
			t.Fatal(err)
		}
	}
	err = file.Match(other, inNetwork, path)
	for _, want := range []string{path, "extra network/scale", "missing network/bias", "network/conv/kernel is (Float32)[2, 3], want (Float32)[3]"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

func TestFilesThatAreNoWeights(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.safetensors")
	if err := weights.Save(good, store(t), nil, nil); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"empty": {}, "short": whole[:len(whole)-1], "header": whole[:20], "text": []byte("id,set,label,p\n1,test,0,0.5\n"),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := weights.Read(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got error %v, want one that names %s", name, err, path)
		}
	}
}

// A failed save leaves the earlier file.
func TestSaveIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	if err := weights.Save(path, store(t), nil, nil); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := store(t)
	if _, err := bad.CreateVariable("/flag", tensors.FromScalar(true)); err != nil {
		t.Fatal(err)
	}
	if err := weights.Save(path, bad, nil, nil); err == nil || !strings.Contains(err.Error(), "tensor flag") {
		t.Errorf("got error %v, want one that names the tensor", err)
	}
	if after, err := os.ReadFile(path); err != nil || !slices.Equal(before, after) {
		t.Errorf("the earlier file changed: %v", err)
	}
}

// Of a file of another network the error names some tensors and counts the rest; of a few it names all.
func TestCompareNamesSome(t *testing.T) {
	for extra, want := range map[int]string{
		8:  "does not fit the network: extra 0; extra 1; extra 2; extra 3; extra 4; extra 5; extra 6; extra 7",
		10: "extra 7; and 2 more, so that it may hold another network",
	} {
		f := weights.File{Tensors: map[string]*tensors.Tensor{}}
		for i := range extra {
			f.Tensors[fmt.Sprint(i)] = tensors.FromScalar(float32(0))
		}
		if err := f.Compare(nil, "w"); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%d: got error %v, want one that ends with %q", extra, err, want)
		}
	}
}
