package dataset_test

import (
	"context"
	"fmt"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"

	"github.com/gomlx/gomlx/core/tensors"
)

// A GoMLX dataset of pictures becomes data that trains here. Stream is one; any other of pictures and labels will do.
func ExampleCollect() {
	stream := &dataset.Stream{Label: "pets", Data: brightAndDark(10), Batch: 4}
	data, err := dataset.Collect(stream, 1, 1000)
	fmt.Println(len(data.Examples), data.Pictures.Size(), data.Labels()[:4], err)
	// Output:
	// 10 4 [0 1 0 1] <nil>
}

// A loss that takes the teacher's probability beside the label (recipe.Hinton) has both in its batches.
func ExampleWithTeacher() {
	student, err := dataset.WithTeacher(pets, teacher)
	fmt.Println(student.Labels(), student.Teacher, err)
	// Output:
	// [0 1 0] [0.125 0.5 0.75] <nil>
}

// Anything that turns pictures into numbers can be asked: here the brightness of the first pixel is the logit.
func ExampleData_Predict() {
	brightness := func(pictures *tensors.Tensor) ([]float32, error) {
		pixels := tensors.MustCopyFlatData[float32](pictures)
		logits := make([]float32, pictures.Shape().Dimensions[0])
		for i := range logits {
			logits[i] = pixels[i*len(pixels)/len(logits)]/50 - 3
		}
		return logits, nil
	}
	predicted, err := brightAndDark(4).Predict(context.Background(), dataset.PredictOptions{Batch: 2}, brightness, dataset.FromLogit)
	fmt.Printf("%.2f %.1f %v\n", predicted.P, predicted.Logits, err)
	// Output:
	// [0.07 0.81 0.08 0.82] [-2.5 1.5 -2.5 1.5] <nil>
}

// Batches come shuffled and augmented; the last one is padded.
func ExampleData_Batches() {
	data := brightAndDark(10)
	augmentation := dataset.Augmentation{Augment: images.Augment{Flip: true}, Seed: 1, Pass: 1}
	for batch, err := range data.Batches(context.Background(), dataset.Shuffled(10, 1, 1), 4, augmentation) {
		if err != nil {
			panic(err)
		}
		fmt.Println(batch.Pictures.Shape(), batch.Labels.Shape(), batch.Used)
	}
	// Output:
	// (Float32)[4, 4, 4, 3] (Float32)[4, 1] 4
	// (Float32)[4, 4, 4, 3] (Float32)[4, 1] 4
	// (Float32)[4, 4, 4, 3] (Float32)[4, 1] 2
}
