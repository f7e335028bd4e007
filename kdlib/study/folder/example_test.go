package folder_test

import (
	"fmt"

	"distillation/kdlib/predictions"
	"distillation/kdlib/study/folder"
)

// The example reads a committed study.
func ExampleOpen() {
	study, err := folder.Open("../../../datasets/results/reduced")
	if err != nil {
		panic(err)
	}
	fmt.Println(study.MainModels(), study.Chain("soft"))
	history, err := study.History("soft")
	if err != nil {
		panic(err)
	}
	best, _ := history.Best()
	predicted, err := study.Predictions("soft", predictions.Test)
	fmt.Println(best.Number, "of", len(history), "epochs;", len(predicted), "predictions", err)
	// Output:
	// [teacher classical hard soft] [soft soft-1 soft-2]
	// 4 of 8 epochs; 600 predictions <nil>
}

// Which labels did a model learn from?
func ExampleStudy_LabelSource() {
	study, err := folder.Open("../../../datasets/results/reduced")
	if err != nil {
		panic(err)
	}
	for _, model := range []string{"classical", "hard", "soft-2"} {
		teacher, rule, distilled := study.LabelSource(model)
		fmt.Println(model, teacher, rule, distilled)
	}
	// Output:
	// classical  <nil> false
	// hard teacher hard true
	// soft-2 soft-1 soft true
}
