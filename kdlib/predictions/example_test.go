package predictions_test

import (
	"fmt"

	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
)

// A file of predictions is all that metrics, tables and figures need.
func ExampleRead() {
	soft, err := predictions.Read("../../datasets/results/full/soft/test.csv")
	if err != nil {
		panic(err)
	}
	accuracy, err := metrics.AccuracyScore(soft.P(), soft.Labels(), 0.5)
	fmt.Println(len(soft), soft[0].ID, accuracy, err)
	// Output:
	// 3750 cat.2517 0.8744 <nil>
}
