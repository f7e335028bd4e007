package onnx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"distillation/kdlib/dataset"
	"distillation/kdlib/network/internal/onnxfile"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Inner is a network from an ONNX file at values inside it: what it has found in a picture before it decides.
type Inner struct{ m *Model }

// OpenInner reads the network of an ONNX file up to inner values, which are named as the outputs of its nodes (a viewer such as
// Netron shows them). The rest of the graph plays no part, so that a network of any number of classes will do. What the file does
// not say of its pictures is says, as in Open; Output has no meaning here.
func OpenInner(backend compute.Backend, is recipe.ONNX, values ...string) (*Inner, error) {
	if is.Output != "" {
		return nil, fmt.Errorf("onnx: %s: output: got %s, want none of values inside the network", is.File, is.Output)
	}
	return openAt(backend, is, func(m *Model) error { return m.openInner(values) })
}

// OpenAnswering is OpenInner of a network that predicts, too: its logit comes behind the inner values, as the last feature. So one look
// at a picture tells both. What the file does not say of its answers is.Output says, as in Open.
func OpenAnswering(backend compute.Backend, is recipe.ONNX, values ...string) (*Inner, error) {
	return openAt(backend, is, func(m *Model) error { return m.openAnswering(values) })
}

func openAt(backend compute.Backend, is recipe.ONNX, open func(m *Model) error) (*Inner, error) {
	if err := is.Validate(); err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	m := &Model{Is: is, store: model.NewStore(), backend: backend}
	if err := m.catchPanic(func() error { return open(m) }); err != nil {
		m.store.Finalize()
		return nil, err
	}
	return &Inner{m}, nil
}

// Is says what the network takes.
func (f *Inner) Is() recipe.ONNX { return f.m.Is }

func (m *Model) openInner(values []string) error {
	content, err := read(m.Is.File)
	if err != nil {
		return err
	}
	if err := cut(content.Graph, values); err != nil {
		return err
	}
	if err := m.describeCut(content); err != nil {
		return err
	}
	return m.compile(content, pooled)
}

func (m *Model) openAnswering(values []string) error {
	content, err := read(m.Is.File)
	if err != nil {
		return err
	}
	if err := m.describe(content, endingOf(content.Graph)); err != nil {
		return err
	}
	if err := m.saysWhat(); err != nil {
		return err
	}
	if err := cut(content.Graph, values, m.output); err != nil {
		return err
	}
	return m.compile(content, func(x *Node, made []*Node) *Node {
		inner, answer := pooled(x, made[:len(values)]), m.logit(ConvertDType(made[len(values)], dtypes.Float32))
		return Concatenate([]*Node{ConvertDType(inner, dtypes.Float32), answer}, 1)
	})
}

// describeCut completes m by what a file that is cut off at inner values says.
func (m *Model) describeCut(content *onnxfile.Model) error {
	if err := m.describeMeta(content); err != nil {
		return err
	}
	inputs := takes(content.Graph)
	if len(inputs) != 1 {
		return fmt.Errorf("got inputs %q, want one", valueNames(inputs))
	}
	m.input, m.output = inputs[0].Name, strings.Join(valueNames(content.Graph.Outputs), ", ")
	return m.describeInput(inputs[0])
}

// cut makes inner values the outputs of a graph, with others behind them, and drops the nodes that they do not need.
func cut(g *onnxfile.Graph, values []string, others ...string) error {
	if len(values) == 0 {
		return errors.New("got the name of no value inside the network, want at least one")
	}
	values = slices.Concat(values, others)
	needed, err := needs(g, values...)
	if err != nil {
		return err
	}
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *onnxfile.Node) bool { return !makes(n, needed) })
	g.Outputs = nil
	for _, name := range values {
		g.Outputs = append(g.Outputs, &onnxfile.Value{Name: name, Type: &onnxfile.Type{Tensor: &onnxfile.TensorType{Type: onnxfile.Float, Shape: &onnxfile.Shape{}}}})
	}
	return nil
}

// needs are the names of all that some values of a graph are made of, with these.
func needs(g *onnxfile.Graph, values ...string) (map[string]bool, error) {
	needed := map[string]bool{}
	for _, name := range values {
		if !slices.ContainsFunc(g.Nodes, func(n *onnxfile.Node) bool { return slices.Contains(n.Outputs, name) }) {
			return nil, fmt.Errorf("value %q: none of its %d nodes makes it, want one such as %s", name, len(g.Nodes), strings.Join(sums(g), ", "))
		}
		needed[name] = true
	}
	for _, n := range slices.Backward(g.Nodes) { // nodes come after what they take
		if makes(n, needed) {
			for _, in := range n.Inputs {
				needed[in] = true
			}
		}
	}
	return needed, nil
}

// makes tells whether a node makes one of some values.
func makes(n *onnxfile.Node, values map[string]bool) bool {
	return slices.ContainsFunc(n.Outputs, func(out string) bool { return out != "" && values[out] })
}

// sums are a few values that may be worth a try: those with which the blocks of most networks end.
func sums(g *onnxfile.Graph) (names []string) {
	const most = 5
	for _, n := range g.Nodes {
		if n.Op == "Add" && len(n.Outputs) > 0 && len(names) < most {
			names = append(names, n.Outputs[0])
		}
	}
	return names
}

// pooled is the mean of each value over its places in the picture, side by side: [n, features].
func pooled(x *Node, made []*Node) *Node {
	n := x.Shape().Dimensions[0]
	var all []*Node
	for i, v := range made {
		d := v.Shape().Dimensions
		switch {
		case len(d) == 4 && d[0] == n && d[2] == d[3]: // [n, channels, side, side]
			v = ReduceMean(v, 2, 3)
		case len(d) == 4 && d[0] == n && d[1] == d[2]: // [n, side, side, channels]
			v = ReduceMean(v, 1, 2)
		case len(d) != 2 || d[0] != n:
			panic(fmt.Errorf("value %d: got shape %v, want [%d, features], or features at the places of a square in the second and third or the last two dimensions", i+1, d, n))
		}
		all = append(all, v)
	}
	return Concatenate(all, 1)
}

// Features returns the inner values of every example, in order, as width numbers each: of a value that has places in the picture,
// [n, channels, side, side] as ONNX's operators have it or [n, side, side, channels], the mean over all of them. Several values lie
// side by side.
func (f *Inner) Features(ctx context.Context, data dataset.Data, how dataset.PredictOptions) (features []float32, width int, err error) {
	if err := f.m.checkSize(data.Pictures.Size()); err != nil {
		return nil, 0, err
	}
	if f.m.batch > 0 {
		how.Batch = f.m.batch
	}
	err = data.Show(ctx, "features", how, func(b *dataset.Batch) error {
		values, err := f.of(b.Pictures)
		if err != nil {
			return err
		}
		width = len(values) / how.Batch
		features = append(features, values[:b.Used*width]...)
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	return features, width, nil
}

// of are the features of a batch.
func (f *Inner) of(pictures *tensors.Tensor) (values []float32, err error) {
	err = f.m.catchPanic(func() error {
		out, err := f.m.forward.Call(pictures)
		if err != nil {
			return err
		}
		defer out[0].MustFinalizeAll()
		values, err = tensors.CopyFlatData[float32](out[0])
		return err
	})
	return values, err
}

// Finalize frees the weights and compiled programs.
func (f *Inner) Finalize() { f.m.Finalize() }
