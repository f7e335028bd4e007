package convert_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/mobilenet"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/network/weights"

	"github.com/gomlx/gomlx/core/tensors"
)

// torchFile writes ResNet-18 for torchvision, reads it by torch's names, changes the tensors and writes them again.
func torchFile(t *testing.T, change func(map[string]*tensors.Tensor)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "torch.safetensors")
	if err := convert.WriteTorchvision(path, resnet.ResNet18, filled(t, resnet.ResNet18)); err != nil {
		t.Fatal(err)
	}
	file, err := weights.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	change(file.Tensors)
	if err := file.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func zeros(dimensions ...int) *tensors.Tensor {
	size := 1
	for _, d := range dimensions {
		size *= d
	}
	return tensors.FromFlatDataAndDimensions(make([]float32, size), dimensions...)
}

// A head of one output is read, that of ImageNet is left out, and a file may have none; torch's counters are left out.
func TestReadTorchvision(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(map[string]*tensors.Tensor)
		head    bool
		ignored []string
	}{
		"one output": {func(f map[string]*tensors.Tensor) { f["bn1.num_batches_tracked"] = tensors.FromScalar(int64(7)) },
			true, []string{"bn1.num_batches_tracked"}},
		"ImageNet": {func(f map[string]*tensors.Tensor) { f["fc.weight"], f["fc.bias"] = zeros(1000, 512), zeros(1000) },
			false, []string{"dense/bias [1000]", "dense/kernel [512 1000]"}},
		"no head": {func(f map[string]*tensors.Tensor) { delete(f, "fc.weight"); delete(f, "fc.bias") }, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := convert.Read(torchFile(t, c.change), resnet.ResNet18)
			if err != nil {
				t.Fatal(err)
			}
			if w.Format != convert.Torchvision || w.HasHead != c.head || !slices.Equal(w.Ignored, c.ignored) {
				t.Errorf("got %q, head %v, ignored %q, want %q, %v, %q", w.Format, w.HasHead, w.Ignored, convert.Torchvision, c.head, c.ignored)
			}
			checkFilled(t, resnet.ResNet18, w)
		})
	}
}

// Depthwise kernels, and a dense layer of another name, come back as they were.
func TestReadMobileNet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "torch.safetensors")
	if err := convert.WriteTorchvision(path, mobilenet.MobileNetV2Quarter, filled(t, mobilenet.MobileNetV2Quarter)); err != nil {
		t.Fatal(err)
	}
	file, err := weights.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]int{"features.2.conv.1.0.weight": {48, 1, 3, 3}, "classifier.1.weight": {1, 1280}} {
		if tensor := file.Tensors[name]; tensor == nil || !slices.Equal(tensor.Shape().Dimensions, want) {
			t.Errorf("%s: got %v, want the shape %v", name, tensor, want)
		}
	}
	if got, want := file.Meta["network"], "torchvision.models.mobilenet_v2(width_mult=0.25, num_classes=1)"; got != want {
		t.Errorf("got network %q, want %q", got, want)
	}
	w, err := convert.Read(path, mobilenet.MobileNetV2Quarter)
	if err != nil || !w.HasHead {
		t.Fatalf("got head %v, %v, want a whole network", w.HasHead, err)
	}
	checkFilled(t, mobilenet.MobileNetV2Quarter, w)
}

// behind puts a prefix before the names of tensors.
func behind(prefix string, f map[string]*tensors.Tensor) {
	all := maps.Clone(f)
	clear(f)
	for name, tensor := range all {
		f[prefix+name] = tensor
	}
}

// Wrappers of torch put a prefix before all names, which is taken off and said; other tensors beside it are left over.
func TestReadBehindPrefix(t *testing.T) {
	for prefix, extra := range map[string]string{"model.": "", "module._orig_mod.": "criterion.weight"} {
		w, err := convert.Read(torchFile(t, func(f map[string]*tensors.Tensor) {
			behind(prefix, f)
			if extra != "" {
				f[extra] = zeros(1)
			}
		}), resnet.ResNet18)
		if want := fmt.Sprintf("%s behind %q", convert.Torchvision, prefix); w.Format != want {
			t.Errorf("got %q, want %q", w.Format, want)
		}
		if extra != "" {
			if err == nil || !strings.Contains(err.Error(), "does not fit the network: extra "+extra) {
				t.Errorf("got error %v, want one that names what is left over", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		checkFilled(t, resnet.ResNet18, w)
	}
}

// Two networks, one with names of another kind and one with numbers gone astray are refused in one line.
func TestReadRefusesInOneLine(t *testing.T) {
	for want, change := range map[string]func(f map[string]*tensors.Tensor){
		`it holds 2 networks, behind ["student." "teacher."]`: func(f map[string]*tensors.Tensor) {
			clear(f)
			f["student.conv1.weight"], f["teacher.conv1.weight"] = zeros(64, 3, 7, 7), zeros(64, 3, 7, 7)
		},
		`it has conv1.weight both behind "module." and without`: func(f map[string]*tensors.Tensor) {
			clear(f)
			f["conv1.weight"], f["module.conv1.weight"], f["module.bn1.bias"] = zeros(64, 3, 7, 7), zeros(64, 3, 7, 7), zeros(64)
		},
		`none of its 2 tensors, such as "encoder.bias", is one of the network "resnet18"`: func(f map[string]*tensors.Tensor) {
			clear(f)
			f["encoder.bias"], f["encoder.kernel"] = zeros(1), zeros(1)
		},
		"has numbers that are not finite, which training gives that has gone astray: bn1/beta (2 of 64); dense/bias (1 of 1)": func(f map[string]*tensors.Tensor) {
			beta := make([]float32, 64)
			beta[3], beta[5] = float32(math.NaN()), float32(math.Inf(-1))
			f["bn1.bias"] = tensors.FromFlatDataAndDimensions(beta, 64)
			f["fc.bias"] = tensors.FromFlatDataAndDimensions([]float32{float32(math.Inf(1))}, 1)
		},
	} {
		path := torchFile(t, change)
		if _, err := convert.Read(path, resnet.ResNet18); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got error %v, want one line with the path and %q", err, want)
		}
	}
}

func TestReadListsWhatIsWrong(t *testing.T) {
	path := torchFile(t, func(f map[string]*tensors.Tensor) {
		delete(f, "layer1.0.bn1.running_mean")
		f["layer3.1.conv2.weight"] = zeros(256, 256, 1, 1)
		f["layer5.weight"] = zeros(1)
		delete(f, "fc.bias")
	})
	_, err := convert.Read(path, resnet.ResNet18)
	for _, want := range []string{path, "missing layer1.0.bn1/moving_mean", "extra layer5.weight", "missing dense/bias",
		"layer3.1.conv2/kernel is (Float32)[1, 1, 256, 256], want (Float32)[3, 3, 256, 256]"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}

// kdlib's own files hold the whole network in its own scope.
func TestReadOwn(t *testing.T) {
	own := weights.File{Tensors: map[string]*tensors.Tensor{}}
	for name, tensor := range filled(t, resnet.ResNet18).Tensors {
		own.Tensors[weights.Network+"/"+name] = tensor
	}
	path := filepath.Join(t.TempDir(), "best.safetensors")
	if err := own.Write(path); err != nil {
		t.Fatal(err)
	}
	w, err := convert.Read(path, resnet.ResNet18)
	if err != nil || w.Format != convert.Own || !w.HasHead {
		t.Fatalf("got format %q, head %v, %v, want a whole own network", w.Format, w.HasHead, err)
	}
	checkFilled(t, resnet.ResNet18, w)
	delete(own.Tensors, weights.Network+"/dense/bias")
	if err := own.Write(path); err != nil {
		t.Fatal(err)
	}
	if _, err := convert.Read(path, resnet.ResNet18); err == nil || !strings.Contains(err.Error(), "missing dense/bias") {
		t.Errorf("without a bias: got error %v, want one that names it", err)
	}
}

func TestReadFilesOfOtherPrograms(t *testing.T) {
	hdf5 := filepath.Join("..", "internal", "hdf5", "testdata", "plain.h5")
	for name, c := range map[string]struct {
		content string
		path    string // instead of content
		network architecture.Network
		want    string
	}{
		"zip":               {content: "PK\x03\x04", network: resnet.ResNet18, want: "is a zip archive, or was one"},
		"text":              {content: "id,set,label,p\n", network: resnet.ResNet18, want: "not a safetensors file"},
		"empty":             {network: resnet.ResNet18, want: "not a safetensors file"},
		"absent":            {path: "absent.h5", network: resnet.ResNet50, want: "absent.h5"},
		"absent public":     {path: "far/resnet50_notop.h5", network: resnet.ResNet50, want: "; `kd weights fetch resnet50-keras --dir far` downloads it"},
		"another HDF5":      {path: hdf5, network: resnet.ResNet50, want: `(Keras's legacy HDF5): none of its 3 tensors, such as "conv/kernel", is one of the network "resnet50"`},
		"Keras for another": {path: hdf5, network: resnet.ResNet50V15, want: `can fill the network "resnet50", got "resnet50-v1.5"`},
	} {
		path := c.path
		if path == "" {
			path = filepath.Join(t.TempDir(), "w")
			if err := os.WriteFile(path, []byte(c.content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := convert.Read(path, c.network); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got error %v, want one with the path and %q", name, err, c.want)
		}
	}
}

// ResNet-50 in Keras's form is not torchvision's, and a network without a head predicts nothing.
func TestWriteErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	if err := convert.WriteTorchvision(path, resnet.ResNet50, convert.Weights{HasHead: true}); err == nil || !strings.Contains(err.Error(), "Keras's form") {
		t.Errorf("torchvision: got error %v, want a refusal", err)
	}
	for _, write := range []func(string, architecture.Network, convert.Weights) error{convert.WriteTorchvision, convert.WriteONNX} {
		if err := write(path, resnet.ResNet18, convert.Weights{}); err == nil || !strings.Contains(err.Error(), "no head") {
			t.Errorf("without a head: got error %v, want a refusal", err)
		}
	}
}

func TestFindPublic(t *testing.T) {
	for _, p := range convert.Publics {
		if found, err := convert.FindPublic(p.Name); err != nil || found != p {
			t.Errorf("%s: got %v, %v", p.Name, found, err)
		}
		if _, err := p.Network.Steps(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		if !strings.HasPrefix(p.URL, "https://") {
			t.Errorf("%s: got URL %s, want https", p.Name, p.URL)
		}
	}
	if _, err := convert.FindPublic("vgg"); err == nil || !strings.Contains(err.Error(), `"resnet50-keras"`) {
		t.Errorf("got error %v, want one that lists the names", err)
	}
}
