package train

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"

	"distillation/kdlib/network/weights"
	"distillation/kdlib/optimizer/adam"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// writeAverage writes the moving average of a run whose last epoch is stored, unless it is there. It is made of the checkpoint alone,
// so that it does not matter whether the process has trained.
func (t *trainer) writeAverage(ctx context.Context) error {
	path := filepath.Join(t.Dir, AverageFile)
	if t.Recipe.Average == 0 {
		return nil
	}
	epoch := strconv.Itoa(len(t.done))
	written, err := weights.Read(path)
	if err == nil && written.Meta[metaEpoch] == epoch {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	from, err := t.origin()
	if err != nil {
		return err
	}
	if err := t.enter(from, len(t.done)); err != nil {
		return err
	}
	if err := t.model.takeAverage(); err != nil {
		return err
	}
	if err := t.measureStatistics(ctx); err != nil {
		return fmt.Errorf("train: %s: statistics of the average: %w", t.Dir, err)
	}
	return t.model.save(path, map[string]string{metaEpoch: epoch})
}

// takeAverage replaces the weights by their moving average.
func (m *Model) takeAverage() error {
	for v := range m.store.IterVariables() {
		if !m.inNetwork(v) || !v.Trainable {
			continue
		}
		average := adam.AverageOf(v, m.store)
		if average == nil {
			return fmt.Errorf("train: %s: got no moving average", v.Path())
		}
		value, err := average.Value()
		if err == nil {
			value, err = value.LocalClone()
		}
		if err == nil {
			err = v.SetValue(value)
		}
		if err != nil {
			return fmt.Errorf("train: %s: %w", v.Path(), err)
		}
	}
	return nil
}

// measureStatistics measures the moving statistics of batch normalization anew for the weights that there are: each becomes the mean
// over the batches of the last epoch, as torch.optim.swa_utils.update_bn has it. Those that training left belong to other weights.
func (t *trainer) measureStatistics(ctx context.Context) error {
	m := t.model
	if m.measure == nil {
		var err error
		if m.measure, err = model.NewExec(m.backend, m.store, m.statistics); err != nil {
			return err
		}
	}
	pictures := shapes.Make(dtypes.Float32, t.Recipe.Batch, m.Size, m.Size, 3)
	if err := m.compile(m.measure, m.program("statistics", pictures), pictures, shapes.Make(dtypes.Float32)); err != nil {
		return err
	}
	batch := 0
	for b, err := range t.examples(len(t.done)).batches(ctx) {
		if err != nil {
			return err
		}
		batch++
		out, err := call(m.measure, b.Pictures, tensors.FromValue(float32(batch)))
		if err != nil {
			return err
		}
		_ = out[0].FinalizeAll() // a number that nobody needs
	}
	return ctx.Err()
}

// statistics builds the graph that takes batch n = 1, 2, ... of pictures [.., size, size, 3] into the means of the statistics that a
// training step would move. A step moves each to momentum old + (1 - momentum) batch's; the momentum is the slope of that. What has a
// slope of 1 counts, as the weight of the averages in GoMLX's norm.BatchNorm does, and goes on counting.
func (m *Model) statistics(scope *model.Scope, x, n *Node) *Node {
	g := x.Graph()
	scope.Store().SetTraining(g, true)
	type statistic struct {
		*model.Variable
		old *Node
	}
	var all []statistic
	for v := range m.store.IterVariables() {
		if m.inNetwork(v) && !v.Trainable && v.DType().IsFloat() {
			all = append(all, statistic{v, v.NodeValue(g)})
		}
	}
	m.Network.Logits(scope.At(weights.Network), DivScalar(x, maxPixel), 0)
	for _, s := range all {
		if !s.ChangedInGraph(g) {
			continue
		}
		moved := s.NodeValue(g)
		momentum := Gradient(ReduceAllSum(moved), s.old)[0]
		batch := Div(Sub(moved, Mul(momentum, s.old)), OneMinus(momentum))
		mean := Add(s.old, Div(Sub(batch, s.old), ConvertDType(n, s.old.DType())))
		s.SetNodeValue(Where(LessThan(momentum, OnesLike(momentum)), mean, moved))
	}
	return n
}
