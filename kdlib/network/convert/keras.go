package convert

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/internal/hdf5"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/network/weights"

	"github.com/gomlx/gomlx/core/tensors"
)

// kerasWeights is the member of a .keras archive that holds the weights.
const kerasWeights = "model.weights.h5"

// readKeras reads a Keras file: weights alone or a whole model, whose network may lie inside another model. Only resnet50 has
// Keras's form; layouts are the same.
func readKeras(file string, network architecture.Network, raw []byte, format string) (Weights, error) {
	if network != resnet.ResNet50 {
		return Weights{}, fmt.Errorf("convert: %s is a Keras file: it can fill the network %q, got %q", file, string(resnet.ResNet50), string(network))
	}
	w := Weights{File: weights.File{Tensors: map[string]*tensors.Tensor{}}}
	arrays, err := hdf5.Parse(raw, func(name string) bool {
		not := notWeights(name)
		if not {
			w.Ignored = append(w.Ignored, name)
		}
		return not
	})
	if err != nil {
		return Weights{}, fmt.Errorf("convert: %s: %w", file, err)
	}
	names, found, err := kerasNames(arrays, network)
	if err != nil {
		return Weights{}, fmt.Errorf("convert: %s: %w", file, err)
	}
	w.Format = cmp.Or(format, found)
	for found, array := range arrays {
		w.Tensors[names[found]] = tensors.FromFlatDataAndDimensions(array.Data, array.Shape...)
	}
	return w, w.nameHead(network)
}

// notWeights are the groups of a whole model's file that no network has: the optimizer's state, of a model within it, too, and
// that of random numbers.
func notWeights(name string) bool {
	base := path.Base(name)
	return name == "optimizer_weights" || base == "optimizer" || base == "seed_generator"
}

// readArchive reads a .keras file.
func readArchive(file string, network architecture.Network) (Weights, error) {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return Weights{}, fmt.Errorf("convert: %s is a zip archive, or was one: %w", file, err)
	}
	defer archive.Close()
	member, err := archive.Open(kerasWeights)
	if err != nil {
		return Weights{}, fmt.Errorf("convert: %s is a zip archive without Keras's %s: torch's .pt, .pth and .ckpt hold Python code, which is not run here; "+
			"save the weights as safetensors", file, kerasWeights)
	}
	defer member.Close()
	raw, err := io.ReadAll(member)
	if err != nil {
		return Weights{}, fmt.Errorf("convert: %s: %s: %w", file, kerasWeights, err)
	}
	return readKeras(file, network, raw, KerasArchive)
}

// kerasNames gives each array of a Keras file this library's name, and its own to one that has no place.
func kerasNames[T any](arrays map[string]T, network architecture.Network) (names map[string]string, format string, err error) {
	order, err := kerasOrder(network)
	if err != nil {
		return nil, "", err
	}
	names, format = map[string]string{}, KerasLegacy
	taken := map[string]string{}
	for _, found := range slices.Sorted(maps.Keys(arrays)) {
		ours := kerasLegacyName(found)
		if i := strings.LastIndex(found, "layers/"); i >= 0 && strings.Contains(found[i:], "/vars/") {
			format = Keras3
			ours = keras3Name(found[i:], order) // within a model in a model, layers are counted anew
		}
		if before, twice := taken[ours]; twice {
			return nil, "", fmt.Errorf("%s and %s would both be %s: want a file of one network", before, found, ours)
		}
		taken[ours], names[found] = found, ours
	}
	return names, format, nil
}

// kerasLegacyName maps "conv1_conv/conv1_conv/kernel:0" to "conv1_conv/kernel": the last two of the model's, the layer's and the
// variable's names. Keras 3 writes no ":0". model.save and models in models put groups around. The head is Keras's "predictions",
// or a layer with our name.
func kerasLegacyName(found string) string {
	layer := path.Base(path.Dir(found))
	variable, _, _ := strings.Cut(path.Base(found), ":")
	if layer == "predictions" {
		layer = architecture.HeadName
	}
	return path.Join(layer, variable)
}

// nameHead takes the only dense layer that the network does not know for its head, if it has none.
func (w *Weights) nameHead(network architecture.Network) error {
	variables, err := variablesOf(network)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, v := range variables {
		known[v.Name] = true
	}
	var dense []string
	for name, tensor := range w.Tensors {
		if scope, variable := path.Split(name); !known[name] && variable == "kernel" && tensor.Rank() == 2 || name == architecture.HeadName+"/kernel" {
			dense = append(dense, scope)
		}
	}
	if len(dense) != 1 {
		return nil
	}
	for _, variable := range []string{"kernel", "bias"} {
		if tensor, ok := w.Tensors[dense[0]+variable]; ok {
			delete(w.Tensors, dense[0]+variable)
			w.Tensors[architecture.HeadName+"/"+variable] = tensor
		}
	}
	return nil
}

// kerasClass is the name under which Keras 3 counts the layers of a kind, and its variables in Keras's order.
type kerasClass struct {
	name      string
	variables []string
}

// kerasClasses are the layers with variables; the class names are Keras's in snake case
// (keras/src/saving/saving_lib.py, _save_container_state).
var kerasClasses = map[architecture.Op]kerasClass{
	architecture.OpConvolution:   {"conv2d", []string{"kernel", "bias"}},
	architecture.OpNormalization: {"batch_normalization", []string{"gamma", "beta", "moving_mean", "moving_variance"}},
	architecture.OpDense:         {"dense", []string{"kernel", "bias"}},
}

// kerasOrder maps the places of Keras 3's file, "layers/conv2d_1/vars", to scopes of the network and the variables there:
// layers are counted by class in the model's order, which is that of the steps.
func kerasOrder(network architecture.Network) (map[string]kerasClass, error) {
	steps, err := network.Steps()
	if err != nil {
		return nil, err
	}
	order, count := map[string]kerasClass{}, map[string]int{}
	for _, s := range steps {
		class, ok := kerasClasses[s.Op]
		if !ok {
			continue
		}
		place := class.name
		if n := count[class.name]; n > 0 { // the first one has no number
			place += "_" + strconv.Itoa(n)
		}
		count[class.name]++
		order["layers/"+place+"/vars"] = kerasClass{s.Name, class.variables}
	}
	return order, nil
}

// keras3Name maps "layers/conv2d/vars/0" to "conv1_conv/kernel".
func keras3Name(found string, order map[string]kerasClass) string {
	layer, ok := order[path.Dir(found)]
	i, err := strconv.Atoi(path.Base(found))
	if !ok || err != nil || i < 0 || i >= len(layer.variables) {
		return found
	}
	return path.Join(layer.name, layer.variables[i])
}
