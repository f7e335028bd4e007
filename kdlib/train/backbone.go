package train

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"distillation/kdlib/dataset"
	"distillation/kdlib/network"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"

	"github.com/gomlx/gomlx/core/tensors"
)

// named is the network that a recipe names: a head on that of a file, or one that package network knows.
func named(t recipe.Training) (network.Network, error) {
	if t.Network == recipe.ONNXNetwork {
		return onnx.OpenBackbone(t.Backbone)
	}
	return network.Named(t.Network)
}

// checkNetwork finds a network that there is not, or that takes pictures of another size.
func checkNetwork(t recipe.Training, pictures dataset.Pictures) error {
	n, err := named(t)
	if b, is := n.(*onnx.Backbone); is && err == nil && pictures != nil {
		err = b.CheckSize(pictures.Size())
	}
	return err
}

// begin gives a network the weights of its backbone's file.
func (m *Model) begin() error {
	b, is := m.Network.(*onnx.Backbone)
	if !is {
		return nil
	}
	from, err := backboneStart(b, recipe.Training{})
	if err != nil {
		return err
	}
	return from.file.Restore(m.store)
}

// backboneStart is the origin at the weights of a backbone's file. The head that it lacks stays random.
func backboneStart(b *onnx.Backbone, t recipe.Training) (origin, error) {
	own, err := b.Weights()
	if err != nil {
		return origin{}, fmt.Errorf("train: %w", err)
	}
	from := origin{path: t.Backbone.File, file: weights.File{Tensors: map[string]*tensors.Tensor{}}}
	for name, value := range own {
		from.file.Tensors[path.Join(weights.Network, name)] = value
	}
	return from, nil
}

// checkFile refuses weights that belong to another file than the backbone's.
func (m *Model) checkFile(s stored) error {
	b, is := m.Network.(*onnx.Backbone)
	if found := s.Meta[metaGraph]; is && found != b.Sum {
		return fmt.Errorf("train: %s was trained on the network of another file: got SHA-256 %.12s, want %.12s; bring the file back, or use another folder", s.path, b.Sum, found)
	}
	return nil
}

// ONNX returns the network of a finished run with a backbone as the content of an ONNX file, with the logit as its output.
func ONNX(dir string, meta map[string]string) ([]byte, error) {
	c, err := configOf(dir)
	if err != nil {
		return nil, err
	}
	n, err := named(c.Training)
	if err != nil {
		return nil, fmt.Errorf("train: %s: %w", dir, err)
	}
	b, is := n.(*onnx.Backbone)
	if !is {
		return nil, fmt.Errorf("train: %s: got the network %s, want one with a backbone; convert.ONNX writes it", dir, n)
	}
	trained, err := readNetwork(filepath.Join(dir, ResultFile(c.Training)))
	if err != nil {
		return nil, err
	}
	if err := (&Model{Network: b}).checkFile(trained); err != nil {
		return nil, err
	}
	all := map[string]*tensors.Tensor{}
	for name, value := range trained.Tensors {
		all[strings.TrimPrefix(name, weights.Network+"/")] = value
	}
	return b.Write(all, weights.WithClasses(meta, weights.Classes(trained.Meta)))
}
