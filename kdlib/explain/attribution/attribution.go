// Package attribution makes the maps of package explain: Grad-CAM, of any stage of a network, and occlusion, which needs no gradient
// and checks the other. Both take networks of this library and those of ONNX files.
package attribution

import (
	"context"
	"fmt"
	"slices"

	"distillation/kdlib/dataset"
	"distillation/kdlib/explain"
	"distillation/kdlib/network/feature"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"
)

// Network is what can be explained: *train.Model and *onnx.Model.
type Network interface {
	// Logits are those of pictures, float32 [n, size, size, 3] in [0, 255].
	Logits(pictures *tensors.Tensor) ([]float32, error)
	// OnStage makes a program of pictures that computes what is built of the logits and of a stage.
	OnStage(name string, build feature.Build) (*model.Exec, error)
}

// Method makes maps of pictures, float32 [n, size, size, 3] in [0, 255].
type Method interface {
	Maps(pictures *tensors.Tensor) ([]explain.Map, error)
}

// GradCAM is Grad-CAM (Selvaraju and others 2017) of the one logit z of a network, for both classes at once. With A_k the feature
// maps of a stage, its map is
//
//	sum over k of w_k A_k,  w_k = mean over all places of dz/dA_k
//
// before the rectifier: its positive part is Grad-CAM of z, of class 1, and its negative part that of -z, of class 0. It is made from
// the logit and not from its sigmoid, whose slope vanishes where the network is sure. Where the stage is followed by nothing but an
// average and a dense layer, the map's mean and the dense layer's bias add up to the logit (Zhou and others 2016).
type GradCAM struct {
	network Network
	stage   string
	exec    *model.Exec // nil before the first pictures
}

// NewGradCAM explains a network by a stage, that of its last convolution for "". See the networks' OnStage for the names.
func NewGradCAM(network Network, stage string) *GradCAM {
	return &GradCAM{network: network, stage: stage}
}

// Maps returns a map for each picture, of the places of the stage. Each new shape compiles a program.
func (g *GradCAM) Maps(pictures *tensors.Tensor) ([]explain.Map, error) {
	if g.exec == nil {
		if _, err := g.network.Logits(pictures); err != nil { // an ONNX file's first batch may have to tell what its output is
			return nil, err
		}
		var err error
		if g.exec, err = g.network.OnStage(g.stage, gradCAM); err != nil {
			return nil, err
		}
	}
	var out []*tensors.Tensor
	err := exceptions.TryCatch[error](func() { out = g.exec.MustCall(pictures) })
	if err != nil {
		return nil, fmt.Errorf("attribution: stage %q: %w", g.stage, err)
	}
	defer out[0].MustFinalizeAll()
	values, err := tensors.CopyFlatData[float32](out[0])
	if err != nil {
		return nil, fmt.Errorf("attribution: stage %q: %w", g.stage, err)
	}
	d := out[0].Shape().Dimensions
	return explain.New(values, d[0], d[1], d[2]), nil
}

// Finalize frees the compiled program.
func (g *GradCAM) Finalize() {
	if g.exec != nil {
		g.exec.Finalize()
	}
}

// gradCAM returns [n, rows, columns].
func gradCAM(logits *Node, features feature.Maps) *Node {
	slopes := Gradient(ReduceAllSum(logits), features.Node)[0] // a picture's logit depends on its own features alone
	places := slices.DeleteFunc([]int{1, 2, 3}, func(axis int) bool { return axis == features.ChannelsAxis })
	weights := ReduceAndKeep(slopes, ReduceMean, places...)
	return ConvertDType(ReduceSum(Mul(weights, features.Node), features.ChannelsAxis), dtypes.Float32)
}

// Of returns the maps of all examples, in order, shown in batches.
func Of(ctx context.Context, method Method, data dataset.Data, how dataset.PredictOptions) ([]explain.Map, error) {
	var all []explain.Map
	err := data.Show(ctx, "explanation", how, func(b *dataset.Batch) error {
		maps, err := method.Maps(b.Pictures)
		if err != nil {
			return err
		}
		all = append(all, maps[:b.Used]...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}
