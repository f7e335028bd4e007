package train_test

import (
	"context"
	"fmt"
	"testing"

	"distillation/kdlib/backend"
	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"
)

var (
	trainingSet, validationSet = examples(0, 32), examples(1000, 8) // any dataset.Data, such as that of study.OpenCollection
	folder                     string                               // of the run
)

// A training run is a recipe, data and a folder. The same call goes on with a run that was interrupted.
func ExampleRun_Fit() {
	b, err := backend.New()
	if err != nil {
		panic(err)
	}
	how := recipe.Demo.Student
	how.Network, how.Epochs, how.Batch = smallnet.Name, 2, 16 // any of network.Names()
	run := train.Run{
		Dir: folder, Recipe: how,
		Train: trainingSet, Validation: validationSet,
		Report: train.Report{Epoch: func(e history.Epoch) { fmt.Println("epoch", e.Number, "took", e.Seconds, "s") }},
	}
	past, err := run.Fit(context.Background(), b)
	if err != nil {
		panic(err)
	}
	best, _ := past.Best()
	fmt.Println("the best of", len(past), "epochs was", best.Number)
}

// The network of a run's best epoch predicts.
func ExampleBest() {
	b, err := backend.New()
	if err != nil {
		panic(err)
	}
	student, err := train.Best(b, folder)
	if err != nil {
		panic(err)
	}
	defer student.Finalize()
	predicted, err := student.Predict(context.Background(), validationSet, dataset.PredictOptions{Batch: 8})
	if err != nil {
		panic(err)
	}
	fmt.Println(len(predicted.P), "probabilities of “dog”")
}

// A network can also be used without a folder: its weights are random until a Learner makes steps.
func ExampleNew() {
	b, err := backend.New()
	if err != nil {
		panic(err)
	}
	small, err := network.Named(smallnet.Name)
	if err != nil {
		panic(err)
	}
	m, err := train.New(b, small, train.Start{Size: 8, Seed: 1})
	if err != nil {
		panic(err)
	}
	defer m.Finalize()
	learner, err := train.NewLearner(m, recipe.Demo.Student.Optimizer, 1)
	if err != nil {
		panic(err)
	}
	defer learner.Finalize()
	ctx := context.Background()
	order := dataset.Shuffled(len(trainingSet.Examples), 1, 1)
	err = learner.Pass(ctx, train.Pass{Data: trainingSet, Order: order, Batch: 16}, func(loss float64, right int) { fmt.Println(loss, right) })
	if err != nil {
		panic(err)
	}
}

// The two examples of a run work. What they print depends on the processor.
func TestExamples(t *testing.T) {
	xlatest.Backend(t)
	folder = t.TempDir()
	ExampleRun_Fit()
	ExampleBest()
}
