package onnx

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/internal/onnxfile"
	"distillation/kdlib/recipe"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
	"github.com/gomlx/onnx-gomlx/onnx"
)

// Backbone is a network from an ONNX file with a head of this library's on its features: a network.Network, to be trained. Its
// variables are those of the head, as package architecture names them, and in the scope "ONNX" the file's weights, in the file's layouts.
type Backbone struct {
	Sum     string // SHA-256 of the file
	how     recipe.Backbone
	m       *Model                      // its store has the file's weights
	weights map[string]*onnxfile.Tensor // the file's, by the names of their variables
	trained map[string]bool             // variables that training changes
}

// OpenBackbone reads the network of an ONNX file up to its features. What the file does not say of its pictures how says, as in Open.
func OpenBackbone(how recipe.Backbone) (*Backbone, error) {
	if err := how.Validate(); err != nil {
		return nil, fmt.Errorf("onnx: backbone: %w", err)
	}
	b := &Backbone{how: how, m: &Model{Is: how.ONNX, store: model.NewStore()}, weights: map[string]*onnxfile.Tensor{}, trained: map[string]bool{}}
	return b, b.m.catchPanic(b.open)
}

func (b *Backbone) open() error {
	raw, err := os.ReadFile(b.how.File)
	if err != nil {
		return fmt.Errorf("backbone: the file of a network is needed whenever that is trained or asked: %w", err)
	}
	sum := sha256.Sum256(raw)
	b.Sum = hex.EncodeToString(sum[:])
	content, err := b.features()
	if err != nil {
		return err
	}
	if err := b.m.describeCut(content); err != nil {
		return err
	}
	if b.m.batch > 0 {
		return fmt.Errorf("input %q: it takes %d pictures at once, want any number; export it with a free first dimension", b.m.input, b.m.batch)
	}
	if err := b.sort(content.Graph); err != nil {
		return err
	}
	if err := rewriteForTraining(content); err != nil {
		return err
	}
	return b.m.parse(content)
}

// features reads the file up to its features.
func (b *Backbone) features() (*onnxfile.Model, error) {
	content, err := read(b.how.File)
	if err != nil {
		return nil, err
	}
	value := b.how.Features
	if value == "" {
		if n := len(content.Graph.Outputs); n != 1 {
			return nil, fmt.Errorf("got outputs %q, want one, or the name of the value with the features", valueNames(content.Graph.Outputs))
		}
		value = content.Graph.Outputs[0].Name
	}
	if err := cut(content.Graph, []string{value}); err != nil {
		return nil, fmt.Errorf("features: %w", err)
	}
	content.Graph.Inputs = takes(content.Graph) // older files list weights there, too
	needed, _ := needs(content.Graph, value)
	content.Graph.Initializers = slices.DeleteFunc(content.Graph.Initializers, func(t *onnxfile.Tensor) bool { return !needed[t.Name] })
	content.Graph.Known = nil
	return content, nil
}

// sort tells the weights that are trained from those that stay, and makes constants of all other initializers.
func (b *Backbone) sort(g *onnxfile.Graph) error {
	stay, err := b.stay(g)
	if err != nil {
		return err
	}
	var constants []*onnxfile.Node
	g.Initializers = slices.DeleteFunc(g.Initializers, func(t *onnxfile.Tensor) bool {
		if isWeight(t) {
			b.weights[variableName(t.Name)] = t
			b.trained[variableName(t.Name)] = !stay[t.Name]
			return false
		}
		constants = append(constants, &onnxfile.Node{Op: "Constant", Outputs: []string{t.Name}, Attributes: []*onnxfile.Attribute{onnxfile.TensorAttribute("value", t)}})
		return true
	})
	g.Nodes = append(constants, g.Nodes...)
	for _, n := range constants {
		if t := n.Attributes[0].T; len(t.External) > 0 {
			return fmt.Errorf("%q: got numbers of type %d in another file, want float32 there alone", t.Name, t.Type)
		}
	}
	for _, trained := range b.trained {
		if trained {
			return nil
		}
	}
	if b.how.Trained != recipe.HeadOnly {
		return fmt.Errorf("trained: got %q, and none of %d weights come after it alone, want %q, or a value before them", b.how.Trained, len(b.weights), recipe.HeadOnly)
	}
	return nil
}

func isWeight(t *onnxfile.Tensor) bool { return t.Type == onnxfile.Float && len(t.Dims) > 0 }

// stay are the initializers that training leaves as they are.
func (b *Backbone) stay(g *onnxfile.Graph) (map[string]bool, error) {
	stay := map[string]bool{}
	switch b.how.Trained {
	case recipe.HeadOnly:
		for _, t := range g.Initializers {
			stay[t.Name] = true
		}
		return stay, nil
	case recipe.Everything:
	default:
		var err error
		if stay, err = needs(g, b.how.Trained); err != nil {
			return nil, fmt.Errorf("trained: %w; or %q, or %q", err, recipe.HeadOnly, recipe.Everything)
		}
	}
	const statistics = 3 // from this input on
	for _, n := range g.Nodes {
		if n.Op == "BatchNormalization" && len(n.Inputs) > statistics {
			for _, in := range n.Inputs[statistics:] {
				stay[in] = true
			}
		}
	}
	return stay, nil
}

// variableName is the name that the library which builds graphs gives the variable of an initializer.
func variableName(initializer string) string {
	return strings.ReplaceAll(initializer, model.ScopeSeparator, "|")
}

// Logits builds the network on pictures x [n, size, size, 3] in [0, 1], size being the file's, and returns [n, 1].
func (b *Backbone) Logits(scope *model.Scope, x *Node, dropout float64) *Node {
	n := x.Shape().Dimensions[0]
	if err := b.CheckSize(x.Shape().Dimensions[1]); err != nil {
		panic(err)
	}
	own := scope.At(onnx.ModelScope).WithInitializer(initializer.Zero) // Weights has their values
	for v := range b.m.store.IterVariables() {
		own.VariableWithShape(v.Name(), v.Shape()).SetTrainable(b.trained[v.Name()])
	}
	features := b.m.build(scope, b.m.taken(MulScalar(x, maxPixel)))[0]
	if d := features.Shape().Dimensions; len(d) != 2 || d[0] != n {
		panic(fmt.Errorf("onnx: %s: features %q: got shape %v, want [%d, features]; a value after the pooling has it, Netron shows its name", b.how.File, b.m.output, d, n))
	}
	return architecture.Head(scope, ConvertDType(features, x.DType()), dropout)
}

// String is the name that recipes keep.
func (b *Backbone) String() string { return recipe.ONNXNetwork }

// Size is the width and height of the pictures that the network takes.
func (b *Backbone) Size() int { return b.m.Is.Size }

// CheckSize returns an error unless the network takes pictures of size x size.
func (b *Backbone) CheckSize(size int) error {
	return b.m.checkSize(size)
}

// Weights are the file's own, by the names of their variables in the network's scope. The tensors are the caller's.
func (b *Backbone) Weights() (map[string]*tensors.Tensor, error) {
	all := map[string]*tensors.Tensor{}
	for v := range b.m.store.IterVariables() {
		value, err := v.Value()
		if err == nil {
			value, err = value.LocalClone()
		}
		if err != nil {
			return nil, fmt.Errorf("onnx: %s: weights %s: %w", b.how.File, v.Name(), err)
		}
		all[model.JoinPath(onnx.ModelScope, v.Name())] = value
	}
	return all, nil
}
