package train_test

import (
	"path/filepath"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// A training step of the committed teacher's network, 32 pictures of 128x128 that it enlarges to 224x224, by what is trained.
func BenchmarkTeacherStep(b *testing.B) {
	for name, trained := range map[string]string{"head": recipe.HeadOnly, "last": "/_blocks.10/Add_output_0", "all": recipe.Everything} {
		b.Run(name, func(b *testing.B) {
			n, err := onnx.OpenBackbone(recipe.Backbone{ONNX: recipe.ONNX{File: filepath.Join("..", "..", "datasets", "weights", "teacher-efficientnet-lite0.onnx")},
				Features: "/ReduceMean_output_0", Trained: trained})
			if err != nil {
				b.Fatal(err)
			}
			m, err := train.New(xlatest.Backend(b), n, train.Start{Size: n.Size(), Dropout: 0.2, Seed: 1})
			if err != nil {
				b.Fatal(err)
			}
			defer m.Finalize()
			l, err := train.NewLearner(m, recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1e-4}, 1)
			if err != nil {
				b.Fatal(err)
			}
			defer l.Finalize()
			const batch = 32
			pictures := tensors.FromShape(shapes.Make(dtypes.Float32, batch, n.Size(), n.Size(), 3))
			labels := tensors.FromShape(shapes.Make(dtypes.Float32, batch, 1))
			step := func() {
				if _, _, err := l.Step(pictures, labels); err != nil {
					b.Fatal(err)
				}
			}
			step() // compiles
			for b.Loop() {
				step()
			}
		})
	}
}
