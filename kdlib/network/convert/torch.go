package convert

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
)

// torchCounter ends the names of torch's counters of training steps, which nothing reads.
const torchCounter = ".num_batches_tracked"

// torchNorm pairs our names of a batch normalization's variables with torch's.
var torchNorm = map[string]string{
	"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var",
}

// torchName maps "layer1.0.conv1/kernel" to "layer1.0.conv1.weight", with torchvision's name of the dense layer.
func torchName(ours, head string) string {
	scope, variable := path.Split(ours)
	scope = strings.TrimSuffix(scope, "/")
	if scope == architecture.HeadName {
		scope = head
	}
	if variable == "kernel" {
		return scope + ".weight"
	}
	if name, ok := torchNorm[variable]; ok {
		return scope + "." + name
	}
	return scope + "." + variable
}

// torchAxes says by rank where each of our axes lies in torch: [rows, columns, in, out] are axes 2, 3, 1, 0 of
// [out, in, rows, columns], [in, out] are 1, 0 of [out, in]. A depthwise kernel has one input channel in both.
var torchAxes = map[int][]int{0: {}, 1: {0}, 2: {1, 0}, 4: {2, 3, 1, 0}}

// oursAxes is the inverse of torchAxes.
var oursAxes = map[int][]int{0: {}, 1: {0}, 2: {1, 0}, 4: {3, 2, 0, 1}}

// readTorch gives tensors this library's names and layouts; one without a place keeps its own name.
func readTorch(content weights.File, file string, network architecture.Network) (Weights, error) {
	w := Weights{File: weights.File{Tensors: map[string]*tensors.Tensor{}, Meta: content.Meta}, Format: Torchvision}
	if network.Torchvision() == "" {
		return w, fmt.Errorf("convert: %s has not kdlib's names: with torchvision's it can fill the networks %q, got %q", file, torchNetworks(), network)
	}
	variables, err := variablesOf(network)
	if err != nil {
		return w, err
	}
	names := map[string]string{}
	for _, v := range variables {
		names[torchName(v.Name, network.TorchHead())] = v.Name
	}
	prefix, err := torchPrefix(content.Tensors, names)
	if err != nil {
		return w, fmt.Errorf("convert: %s: %w", file, err)
	}
	if prefix != "" {
		w.Format += fmt.Sprintf(" behind %q", prefix)
	}
	for found, tensor := range content.Tensors {
		found = strings.TrimPrefix(found, prefix)
		if strings.HasSuffix(found, torchCounter) {
			w.Ignored = append(w.Ignored, found)
			continue
		}
		name, ok := names[found]
		if !ok {
			w.Tensors[found] = tensor
			continue
		}
		placed, err := permuted(tensor, torchAxes)
		if err != nil {
			return w, fmt.Errorf("convert: %s: %s: %w", file, found, err)
		}
		if _, twice := w.Tensors[name]; twice {
			return w, fmt.Errorf("convert: %s: it has %s both behind %q and without: want one network; save it alone", file, found, prefix)
		}
		w.Tensors[name] = placed
	}
	return w, nil
}

// torchPrefix is what stands before the names of a network in a file: wrappers of torch add to them, such as "module."
// (DataParallel), "_orig_mod." (compile) and "model." (Lightning). names are those of the network. It is the one with most of
// them; two networks in one file are an error.
func torchPrefix(found map[string]*tensors.Tensor, names map[string]string) (string, error) {
	count := map[string]int{}
	for name := range found {
		for at := 0; ; {
			if _, ok := names[name[at:]]; ok {
				count[name[:at]]++
			}
			dot := strings.IndexByte(name[at:], '.')
			if dot < 0 {
				break
			}
			at += dot + 1
		}
	}
	most := 0
	var best []string
	for prefix, n := range count {
		if n > most {
			most, best = n, nil
		}
		if n == most {
			best = append(best, prefix)
		}
	}
	switch len(best) {
	case 0:
		return "", nil
	case 1:
		return best[0], nil
	}
	slices.Sort(best)
	return "", fmt.Errorf("it holds %d networks, behind %q: want one; save it alone", len(best), best)
}

// torchNetworks are those that torchvision has too.
func torchNetworks() []architecture.Network {
	return slices.DeleteFunc(architecture.Networks(), func(n architecture.Network) bool { return n.Torchvision() == "" })
}

// errNoHead refuses to write a network that cannot predict.
var errNoHead = errors.New("convert: the weights have no head, want a whole network to export")

// WriteTorchvision writes a network for torchvision: safetensors with torchvision's names and layouts.
// load_state_dict(safetensors.torch.load_file(path), strict=True) accepts them for the network's function with num_classes=1,
// such as resnet18(num_classes=1): see architecture.Network.Torchvision. The file's metadata describes input and output. resnet50 has Keras's form, which torchvision
// lacks: an error.
func WriteTorchvision(file string, network architecture.Network, w Weights) error {
	if network.Torchvision() == "" {
		return fmt.Errorf("convert: network %q is in Keras's form, which torchvision lacks: want one of %q, or export as ONNX", network, torchNetworks())
	}
	if !w.HasHead {
		return errNoHead
	}
	out := weights.File{Tensors: map[string]*tensors.Tensor{}, Meta: map[string]string{
		"format":           "pt", // whose layouts: safetensors' own convention
		"network":          "torchvision.models." + network.Torchvision(),
		"input":            "RGB pictures [n, 3, height, width], values 0..255 divided by 255",
		"output":           "logit of P(" + orCatDog(weights.Classes(w.Meta))[1] + ") [n, 1]; its sigmoid is the probability",
		weights.MetaLayout: recipe.NCHW,
		weights.MetaValues: recipe.Unit,
	}}
	for _, key := range origin {
		if told, ok := w.Meta[key]; ok {
			out.Meta[key] = told
		}
	}
	for name, tensor := range w.Tensors {
		placed, err := permuted(tensor, oursAxes)
		if err != nil {
			return fmt.Errorf("convert: %s: %w", name, err)
		}
		out.Tensors[torchName(name, network.TorchHead())] = placed
	}
	return out.Write(file)
}

// permuted returns a float32 tensor with its axes in another order: axis i of the result is axis axes[rank][i] of the tensor.
func permuted(tensor *tensors.Tensor, axes map[int][]int) (*tensors.Tensor, error) {
	from := tensor.Shape().Dimensions
	order, ok := axes[len(from)]
	if !ok || tensor.DType() != dtypes.Float32 {
		return nil, fmt.Errorf("got %s, want float32 of rank 1, 2 or 4", tensor.Shape())
	}
	src, err := tensors.CopyFlatData[float32](tensor)
	if err != nil {
		return nil, err
	}
	data, shape := permute(src, from, order)
	return tensors.FromFlatDataAndDimensions(data, shape...), nil
}

// permute copies an array in row-major order so that its axis order[i] becomes axis i.
func permute(src []float32, from, order []int) (dst []float32, shape []int) {
	strides, stride := make([]int, len(from)), 1
	for i := len(from) - 1; i >= 0; i-- {
		strides[i], stride = stride, stride*from[i]
	}
	shape = make([]int, len(order))
	for i, axis := range order {
		shape[i] = from[axis]
	}
	dst = make([]float32, 0, len(src))
	var copyAxis func(i, at int)
	copyAxis = func(i, at int) {
		if i == len(order) {
			dst = append(dst, src[at])
			return
		}
		for range shape[i] {
			copyAxis(i+1, at)
			at += strides[order[i]]
		}
	}
	copyAxis(0, 0)
	return dst, shape
}
