package study_test

import (
	"context"
	"fmt"

	"distillation/kdlib/backend"
	"distillation/kdlib/network"
	"distillation/kdlib/notebook"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
)

var _ = network.Register("my teacher", func(scope *model.Scope, x *graph.Node, dropout float64) *graph.Node {
	x = activation.Relu(layers.Convolution(scope.In("conv1"), x).Channels(16).KernelSize(3).Strides(2).PadSame().Done())
	x = activation.Relu(layers.Convolution(scope.In("conv2"), x).Channels(32).KernelSize(3).Strides(2).PadSame().Done())
	x = activation.Relu(layers.Convolution(scope.In("conv3"), x).Channels(64).KernelSize(3).Strides(2).PadSame().Done())
	x = layers.DropoutStatic(scope, graph.Reshape(x, x.Shape().Dimensions[0], -1), dropout)
	return layers.Dense(scope.In("head"), x, true, 1)
})

var _ = network.Register("my student", func(scope *model.Scope, x *graph.Node, dropout float64) *graph.Node {
	x = activation.Relu(layers.Convolution(scope.In("conv1"), x).Channels(8).KernelSize(3).Strides(2).PadSame().Done())
	x = activation.Relu(layers.Convolution(scope.In("conv2"), x).Channels(8).KernelSize(3).Strides(2).PadSame().Done())
	return layers.Dense(scope.In("head"), graph.Reshape(x, x.Shape().Dimensions[0], -1), true, 1)
})

// A teacher and a student of one's own are Go functions (above). The study keeps the best epoch of each network, goes on after
// an interruption and leaves predictions on disk, of which package report makes tables, figures and the live page.
func ExampleStudy_ownNetworks() {
	how := recipe.Demo
	how.Name, how.Generations = "own networks", 0
	how.Teacher.Network, how.Teacher.Epochs, how.Teacher.Batch = "my teacher", 12, 16
	how.Student.Network, how.Student.Epochs, how.Student.Batch = "my student", 12, 16
	how.Notes = []string{"drawn faces, networks of our own"}
	own := study.Study{Recipe: how, Pictures: "mine", Dir: "networks", CacheDir: "cache", Report: notebook.NewProgress()}
	b, err := backend.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := own.Run(context.Background(), b); err != nil {
		fmt.Println(err)
	}
}
