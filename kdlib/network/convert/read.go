package convert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/internal/hdf5"
	"distillation/kdlib/network/weights"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// The formats that Read knows, as Weights.Format names them.
const (
	KerasLegacy  = "Keras's legacy HDF5"
	Keras3       = "Keras 3's HDF5"
	KerasArchive = "Keras 3's .keras archive"
	Torchvision  = "torchvision's names, safetensors"
	Own          = "kdlib's names, safetensors"
)

// Weights are the variables of a network, read from a file.
type Weights struct {
	weights.File          // float32, by the names and in the layouts of package architecture: "conv1/kernel"
	Format       string   // of the file: one of the above, and behind which prefix its names stand
	HasHead      bool     // false: the file has the feature part only, or its head predicts something else
	Ignored      []string // tensors of the file that are not used: counters, and a head of other than one output
}

// Read reads the weights of a network from a file. The content of the file decides its format. A file without a head (such as
// Keras's notop files) gives the feature part alone. So does a file whose head has more than one output (such as ImageNet's
// 1,000 classes). Any other tensor that is missing, left over or of a wrong shape is an error, which lists them. So are
// tensors with numbers that are not finite.
//
// The weights expect the pictures that they were trained on. Keras's ImageNet weights saw BGR pixels in [0, 255] minus a mean.
// Torchvision's saw RGB pixels in [0, 1] minus a mean and divided by a deviation. This library's networks see RGB pixels in [0,
// 1], as in the paper, so training has to adapt the weights.
func Read(file string, network architecture.Network) (Weights, error) {
	w, err := read(file, network)
	if err != nil {
		return Weights{}, err
	}
	variables, err := variablesOf(network)
	if err != nil {
		return Weights{}, err
	}
	if w.Format != Own {
		w.dropOtherHead()
	}
	w.HasHead = w.Format == Own || slices.ContainsFunc(slices.Collect(maps.Keys(w.Tensors)), architecture.IsHead)
	wanted := map[string]shapes.Shape{}
	for _, v := range variables {
		if w.HasHead || !architecture.IsHead(v.Name) {
			wanted[v.Name] = shapes.Make(dtypes.Float32, v.Shape...)
		}
	}
	named := fmt.Sprintf("%s (%s)", file, w.Format)
	if !slices.ContainsFunc(slices.Collect(maps.Keys(w.Tensors)), func(name string) bool { return wanted[name].Ok() }) {
		return w, fmt.Errorf("convert: %s: none of its %d tensors%s is one of the network %q: it holds another one, or names of another kind",
			named, len(w.Tensors), w.example(), string(network))
	}
	return w, errors.Join(w.Compare(wanted, named), w.CheckFinite(named))
}

// example names a tensor.
func (w *Weights) example() string {
	if len(w.Tensors) == 0 {
		return ""
	}
	return fmt.Sprintf(", such as %q,", slices.Min(slices.Collect(maps.Keys(w.Tensors))))
}

// variablesOf lists the variables of a network.
func variablesOf(network architecture.Network) ([]architecture.Variable, error) {
	steps, err := network.Steps()
	if err != nil {
		return nil, fmt.Errorf("convert: %w", err)
	}
	var all []architecture.Variable
	for _, s := range steps {
		all = append(all, s.Variables...)
	}
	return all, nil
}

// dropOtherHead takes out a head that has not one output.
func (w *Weights) dropOtherHead() {
	for name, tensor := range w.Tensors {
		if d := tensor.Shape().Dimensions; architecture.IsHead(name) && (len(d) == 0 || d[len(d)-1] != 1) {
			w.Ignored = append(w.Ignored, fmt.Sprintf("%s %v", name, d))
			delete(w.Tensors, name)
		}
	}
	slices.Sort(w.Ignored)
}

// read decides the format and gives the tensors this library's names and layouts; whether they are the network's is not
// looked at.
func read(file string, network architecture.Network) (Weights, error) {
	start, err := beginning(file)
	if err != nil {
		return Weights{}, err
	}
	switch {
	case bytes.HasPrefix(start, []byte(hdf5.Signature)):
		raw, err := os.ReadFile(file)
		if err != nil {
			return Weights{}, fmt.Errorf("convert: %w", err)
		}
		return readKeras(file, network, raw, "")
	case bytes.HasPrefix(start, []byte("PK\x03\x04")): // a zip archive
		return readArchive(file, network)
	}
	content, err := weights.Read(file)
	if err != nil {
		return Weights{}, err
	}
	for name := range content.Tensors {
		if strings.HasPrefix(name, weights.Network+"/") {
			return readOwn(content), nil
		}
	}
	return readTorch(content, file, network)
}

// beginning returns the bytes that tell formats apart.
func beginning(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, notOpened(file, err)
	}
	defer f.Close()
	start, err := io.ReadAll(io.LimitReader(f, int64(len(hdf5.Signature))))
	if err != nil {
		return nil, fmt.Errorf("convert: %w", err)
	}
	return start, nil
}

// readOwn removes the scope of networks from the names, and leaves out everything in a checkpoint but its network.
func readOwn(content weights.File) Weights {
	w := Weights{File: weights.File{Tensors: map[string]*tensors.Tensor{}, Meta: content.Meta}, Format: Own}
	for name, tensor := range content.Tensors {
		if own, is := strings.CutPrefix(name, weights.Network+"/"); is {
			w.Tensors[own] = tensor
		}
	}
	return w
}
