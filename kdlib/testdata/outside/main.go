// Command outside trains a network of its own on drawn faces, with kdlib from outside of its module.
package main

import (
	"context"
	"log"

	"distillation/kdlib/backend"
	"distillation/kdlib/dataset"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/network"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/train"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
)

var mine = network.Register("mine", func(scope *model.Scope, x *graph.Node, dropout float64) *graph.Node {
	x = layers.Convolution(scope.In("conv"), x).Channels(8).KernelSize(5).Strides(4).PadSame().Done()
	return layers.Dense(scope.In("head"), graph.ReduceMean(activation.Relu(x), 1, 2), true, 1)
})

// quiet is a study.Reporter of which two methods are called here.
type quiet struct{ study.Reporter }

func (quiet) Say(string, ...any)        {}
func (quiet) Progress(string, int, int) {}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	if err := synth.Write(ctx, "faces.tar", synth.Faces{N: 40, Size: 32, Seed: 1}); err != nil {
		return err
	}
	pictures, err := study.OpenCollection(ctx, study.CollectionOptions{Pictures: "faces.tar", CacheDir: "cache", Manifest: "manifest.csv",
		Data: recipe.Data{Size: 32, Seed: 1}, Report: quiet{}})
	if err != nil {
		return err
	}
	defer pictures.Close()
	b, err := backend.New()
	if err != nil {
		return err
	}
	how := recipe.Demo.Student
	how.Network, how.Batch = mine.String(), 8
	training := train.Run{Dir: "run", Recipe: how, Train: pictures.GroundTruth(predictions.Train), Validation: pictures.GroundTruth(predictions.Validation)}
	if _, err := training.Fit(ctx, b); err != nil {
		return err
	}
	best, err := train.Best(b, "run")
	if err != nil {
		return err
	}
	defer best.Finalize()
	return study.Predictor{Pictures: pictures, Model: best}.Write(ctx, predictions.Test, "test.csv", dataset.PredictOptions{Batch: how.Batch})
}
