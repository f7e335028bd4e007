package adam_test

import (
	"fmt"
	"testing"

	"distillation/kdlib/backend"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/optimizer/adam"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/dataset"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
)

// GoMLX's Trainer learns y = 2x by Keras's Adam. adam.Literal takes its place where the paper's text is meant.
func ExampleKeras() {
	b, err := backend.New()
	if err != nil {
		panic(err)
	}
	points, err := dataset.InMemoryFromData(b, "line", []any{[][]float32{{1}, {2}, {3}, {4}}}, []any{[][]float32{{2}, {4}, {6}, {8}}})
	if err != nil {
		panic(err)
	}
	points.BatchSize(4, true)
	line := func(scope *model.Scope, x *graph.Node) *graph.Node { return layers.Dense(scope, x, true, 1) }
	trainer := train.NewTrainer(b, model.NewStore(), line, loss.MeanSquaredError, adam.Keras{LearningRate: 0.1}, nil, nil)
	metrics, err := train.NewLoop(trainer).RunEpochs(points, 300)
	if err != nil {
		panic(err)
	}
	fmt.Println("loss below 0.01:", tensors.ToScalar[float32](metrics[0]) < 0.01)
}

func TestExample(t *testing.T) {
	xlatest.Backend(t)
	ExampleKeras()
}
