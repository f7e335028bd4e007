package history_test

import (
	"fmt"

	"distillation/kdlib/train/history"
)

// The best epoch has the highest validation accuracy; on a tie the lower loss decides.
func ExampleHistory_Best() {
	past := history.History{
		{Number: 1, ValidationLoss: 0.60, ValidationAccuracy: 0.70},
		{Number: 2, ValidationLoss: 0.50, ValidationAccuracy: 0.80},
		{Number: 3, ValidationLoss: 0.45, ValidationAccuracy: 0.80},
	}
	best, ok := past.Best()
	fmt.Println(best.Number, ok)
	// Output:
	// 3 true
}

// The curves of a run of a committed study.
func ExampleRead() {
	past, err := history.Read("../../../datasets/results/reduced/soft/history.csv")
	if err != nil {
		panic(err)
	}
	accuracy := past.Column(func(e history.Epoch) float64 { return e.ValidationAccuracy })
	fmt.Printf("%.3f\n", accuracy)
	// Output:
	// [0.768 0.662 0.825 0.862 0.738 0.778 0.757 0.848]
}
