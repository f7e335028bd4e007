package convert_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/golden"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/internal/formula"
	"distillation/kdlib/network/mobilenet"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// exportDir names the folder that testdata/gen_readback.py reads the exports from; the test then compares nothing.
const exportDir = "KDLIB_EXPORT_DIR"

// readback is what torch and onnxruntime predicted with a file of ours, and the file's checksum then.
type readback struct {
	SHA256  string
	Outputs []float64 `json:"answers"` // logits of torch, probabilities of onnxruntime
	Squares []float64 // the same for squares, of files with weights in fewer bits
}

var exports = []struct {
	file    string
	network architecture.Network
	write   func(string, architecture.Network, convert.Weights) error
}{
	{"resnet18.safetensors", resnet.ResNet18, convert.WriteTorchvision},
	{"resnet18.onnx", resnet.ResNet18, convert.WriteONNX},
	{"resnet34.safetensors", resnet.ResNet34, convert.WriteTorchvision},
	{"resnet50-v1.5.safetensors", resnet.ResNet50V15, convert.WriteTorchvision},
	{"resnet50-v1.5.onnx", resnet.ResNet50V15, convert.WriteONNX},
	{"resnet50.onnx", resnet.ResNet50, convert.WriteONNX},
	{"resnet18.float16.onnx", resnet.ResNet18, writeShrunk(convert.Half)},
	{"resnet18.int8.onnx", resnet.ResNet18, writeShrunk(convert.Int8)},
	{"mobilenet-v2-quarter.safetensors", mobilenet.MobileNetV2Quarter, convert.WriteTorchvision},
	{"mobilenet-v2-quarter.onnx", mobilenet.MobileNetV2Quarter, convert.WriteONNX},
	{"mobilenet-v2-quarter.int8.onnx", mobilenet.MobileNetV2Quarter, writeShrunk(convert.Int8)},
}

// writeShrunk writes ONNX with the weights in other numbers.
func writeShrunk(to convert.Numbers) func(string, architecture.Network, convert.Weights) error {
	return func(path string, network architecture.Network, w convert.Weights) error {
		content, err := convert.ONNX(network, w)
		if err != nil {
			return err
		}
		small, err := convert.Shrink(content, to)
		if err != nil {
			return err
		}
		return os.WriteFile(path, small, 0o644)
	}
}

// The files that torch and onnxruntime have read are those that are written today, byte for byte.
func TestExports(t *testing.T) {
	dir, generating := os.LookupEnv(exportDir)
	if !generating {
		dir = t.TempDir()
	}
	var expected map[string]readback
	if !generating {
		golden.Read(t, "readback_golden.json", &expected)
	}
	for _, e := range exports {
		if testing.Short() && e.network != resnet.ResNet18 {
			continue
		}
		path := filepath.Join(dir, e.file)
		if err := e.write(path, e.network, filled(t, e.network)); err != nil {
			t.Fatal(err)
		}
		if got := checksum(t, path); !generating && got != expected[e.file].SHA256 {
			t.Errorf("%s: got SHA-256 %s, want %s: let testdata/gen_readback.py read the new file", e.file, got, expected[e.file].SHA256)
		}
	}
}

func checksum(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// readbackTolerance is relative to the greatest prediction of a network, for other libraries' order of sums in float32.
const readbackTolerance = 1e-5

// What torch and onnxruntime predicted with the exported files is what the networks predict here.
func TestReadersPredictAlike(t *testing.T) {
	backend := xlatest.Backend(t)
	var expected map[string]readback
	golden.Read(t, "readback_golden.json", &expected)
	logits := map[architecture.Network][]float64{}
	for _, e := range exports {
		if testing.Short() && e.network != resnet.ResNet18 || isShrunk(e.file) { // those are for TestShrunkNetworks
			continue
		}
		if logits[e.network] == nil {
			logits[e.network] = predict(t, backend, e.network)
		}
		for i, want := range expected[e.file].Outputs {
			got := logits[e.network][i]
			if strings.HasSuffix(e.file, ".onnx") {
				got = 1 / (1 + math.Exp(-got))
			}
			if !(math.Abs(got-want) <= readbackTolerance*math.Max(1, math.Abs(want))) {
				t.Errorf("%s: picture %d: got %v, want %v", e.file, i, got, want)
			}
		}
	}
}

// squares are two pictures of side x side pixels, those of testdata/gen_readback.py.
type squares struct{}

const side = 64

func (squares) Size() int { return side }

func (squares) Image(id string) ([]uint8, bool) {
	pixels := make([]uint8, side*side*3)
	for i, u := range formula.Uniform("squares."+id, len(pixels)) {
		pixels[i] = uint8(256 * u)
	}
	return pixels, true
}

func isShrunk(file string) bool {
	return strings.HasSuffix(file, ".float16.onnx") || strings.HasSuffix(file, ".int8.onnx")
}

// What onnxruntime predicted with weights in fewer bits is what package onnx predicts with the same file, and near to what the
// network predicts with all bits: the tolerances are twice what was measured.
func TestShrunkNetworks(t *testing.T) {
	backend := xlatest.Backend(t)
	var expected map[string]readback
	golden.Read(t, "readback_golden.json", &expected)
	whole := expected["resnet18.onnx"].Outputs
	for to, moved := range map[convert.Numbers]float64{convert.Half: 2e-4, convert.Int8: 2e-2} {
		path := filepath.Join(t.TempDir(), "small.onnx")
		if err := writeShrunk(to)(path, resnet.ResNet18, filled(t, resnet.ResNet18)); err != nil {
			t.Fatal(err)
		}
		m, err := onnx.Open(backend, recipe.ONNX{File: path, Size: side})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Finalize()
		got, err := m.Predict(t.Context(), dataset.Data{Pictures: squares{}, Examples: []dataset.Example{{ID: "0"}, {ID: "1"}}}, dataset.PredictOptions{Batch: 2})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range expected["resnet18."+string(to)+".onnx"].Squares {
			if p := got.P[i]; !(math.Abs(p-want) <= readbackTolerance) {
				t.Errorf("%s: picture %d: got %v, want %v", to, i, p, want)
			}
		}
		for i, p := range expected["resnet18."+string(to)+".onnx"].Outputs {
			if d := math.Abs(p - whole[i]); d > moved || d == 0 {
				t.Errorf("%s: picture %d: got %v, of float32 %v, want them %v apart at most, and apart", to, i, p, whole[i], moved)
			}
		}
	}
}

// predict are the logits of the formula's network for the pictures of testdata/gen_readback.py.
func predict(t *testing.T, backend compute.Backend, network architecture.Network) []float64 {
	t.Helper()
	store := model.NewStore()
	if err := filled(t, network).Restore(store); err != nil {
		t.Fatal(err)
	}
	const n, rows, columns = 2, 72, 40
	var pixels []float32
	for _, u := range formula.Uniform("pixels", n*rows*columns*3) {
		pixels = append(pixels, float32(math.Floor(256*u))/255)
	}
	exec := model.MustNewExec(backend, store, func(scope *model.Scope, x *Node) *Node { return network.Logits(scope, x, 0) })
	out := exec.MustCall1(tensors.FromFlatDataAndDimensions(pixels, n, rows, columns, 3))
	var all []float64
	for _, z := range tensors.MustCopyFlatData[float32](out) {
		all = append(all, float64(z))
	}
	return all
}

// kerasPython names a Python with Keras. The files that it writes are too large to keep: names and orders are tested
// from a listing, in keras_test.go, and here, when asked, every number.
const kerasPython = "KDLIB_KERAS_PYTHON"

func TestWholeKerasFiles(t *testing.T) {
	python, ok := os.LookupEnv(kerasPython)
	if !ok {
		t.Skipf("%s names no Python with Keras", kerasPython)
	}
	dir := t.TempDir()
	if out, err := exec.Command(python, filepath.Join("testdata", "gen_keras.py"), dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for file, c := range map[string]struct {
		format, ignored string
		head            bool
	}{
		"legacy.h5":         {convert.KerasLegacy, "[]", false},
		"keras3.weights.h5": {convert.Keras3, "[]", false},
		"whole.h5":          {convert.KerasLegacy, "[optimizer_weights]", true},
		"whole.keras":       {convert.KerasArchive, "[optimizer]", true},
	} {
		w, err := convert.Read(filepath.Join(dir, file), resnet.ResNet50)
		if err != nil {
			t.Error(err)
			continue
		}
		if w.Format != c.format || fmt.Sprint(w.Ignored) != c.ignored || w.HasHead != c.head {
			t.Errorf("%s: got %q, ignored %q, head %v, want %+v", file, w.Format, w.Ignored, w.HasHead, c)
		}
		checkFilled(t, resnet.ResNet50, w)
	}
}
