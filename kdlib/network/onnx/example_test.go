package onnx_test

import (
	"context"
	"fmt"

	"distillation/kdlib/backend"
	"distillation/kdlib/dataset"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/recipe"
)

// A classifier from another library predicts on pictures of this one.
func ExampleOpen() {
	b, err := backend.New()
	if err != nil {
		panic(err)
	}
	stranger, err := onnx.Open(b, recipe.ONNX{File: "stranger.onnx", Size: 224, Values: recipe.ImageNet, Output: recipe.Logit})
	if err != nil {
		panic(err)
	}
	defer stranger.Finalize()
	var data dataset.Data // such as study.Collection.GroundTruth returns
	p, err := stranger.Predict(context.Background(), data, dataset.PredictOptions{Batch: 32})
	fmt.Println(p, err)
}
