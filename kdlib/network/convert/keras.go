package convert

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"distillation/kdlib/network/internal/hdf5"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/network/weights"

	"github.com/gomlx/gomlx/core/tensors"
)

// readKeras reads a Keras file. Only resnet50 has Keras's form; layouts are the same.
func readKeras(file string, network resnet.Network) (Weights, error) {
	if network != resnet.ResNet50 {
		return Weights{}, fmt.Errorf("convert: %s is a Keras file: it can fill the network %q, got %q", file, string(resnet.ResNet50), string(network))
	}
	arrays, err := hdf5.Read(file)
	if err != nil {
		return Weights{}, fmt.Errorf("convert: %w", err)
	}
	names, format, err := kerasNames(arrays, network)
	if err != nil {
		return Weights{}, fmt.Errorf("convert: %s: %w", file, err)
	}
	w := Weights{File: weights.File{Tensors: map[string]*tensors.Tensor{}}, Format: format}
	for found, array := range arrays {
		w.Tensors[names[found]] = tensors.FromFlatDataAndDimensions(array.Data, array.Shape...)
	}
	return w, nil
}

// kerasNames gives each array of a Keras file this library's name, and its own to one that has no place.
func kerasNames[T any](arrays map[string]T, network resnet.Network) (names map[string]string, format string, err error) {
	order, err := kerasOrder(network)
	if err != nil {
		return nil, "", err
	}
	names, format = map[string]string{}, KerasLegacy
	for found := range arrays {
		if strings.HasPrefix(found, "layers/") {
			format = Keras3
			names[found] = keras3Name(found, order)
		} else {
			names[found] = kerasLegacyName(found)
		}
	}
	return names, format, nil
}

// kerasLegacyName maps "conv1_conv/conv1_conv/kernel:0" to "conv1_conv/kernel": the layer, and the last part of the layer's
// weight names. Keras 3 writes no ":0". The head is Keras's "predictions", or a layer with our name.
func kerasLegacyName(found string) string {
	layer, weight, _ := strings.Cut(found, "/")
	variable, _, _ := strings.Cut(path.Base(weight), ":")
	if layer == "predictions" {
		layer = resnet.HeadName
	}
	return path.Join(layer, variable)
}

// kerasClass is the name under which Keras 3 counts the layers of a kind, and its variables in Keras's order.
type kerasClass struct {
	name      string
	variables []string
}

// kerasClasses are the layers with variables; the class names are Keras's in snake case
// (keras/src/saving/saving_lib.py, _save_container_state).
var kerasClasses = map[resnet.Op]kerasClass{
	resnet.OpConvolution:   {"conv2d", []string{"kernel", "bias"}},
	resnet.OpNormalization: {"batch_normalization", []string{"gamma", "beta", "moving_mean", "moving_variance"}},
	resnet.OpDense:         {"dense", []string{"kernel", "bias"}},
}

// kerasOrder maps the places of Keras 3's file, "layers/conv2d_1/vars", to scopes of the network and the variables there:
// layers are counted by class in the model's order, which is that of the steps.
func kerasOrder(network resnet.Network) (map[string]kerasClass, error) {
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
