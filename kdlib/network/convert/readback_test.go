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

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/internal/formula"
	"distillation/kdlib/network/resnet"

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
}

var exports = []struct {
	file    string
	network resnet.Network
	write   func(string, resnet.Network, convert.Weights) error
}{
	{"resnet18.safetensors", resnet.ResNet18, convert.WriteTorchvision},
	{"resnet18.onnx", resnet.ResNet18, convert.WriteONNX},
	{"resnet34.safetensors", resnet.ResNet34, convert.WriteTorchvision},
	{"resnet50-v1.5.safetensors", resnet.ResNet50V15, convert.WriteTorchvision},
	{"resnet50-v1.5.onnx", resnet.ResNet50V15, convert.WriteONNX},
	{"resnet50.onnx", resnet.ResNet50, convert.WriteONNX},
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
	logits := map[resnet.Network][]float64{}
	for _, e := range exports {
		if testing.Short() && e.network != resnet.ResNet18 {
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

// predict are the logits of the formula's network for the pictures of testdata/gen_readback.py.
func predict(t *testing.T, backend compute.Backend, network resnet.Network) []float64 {
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
