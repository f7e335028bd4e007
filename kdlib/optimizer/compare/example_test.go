package compare_test

import (
	"fmt"

	"distillation/kdlib/backend"
	"distillation/kdlib/notebook"
	"distillation/kdlib/optimizer/compare"
)

// Three optimizers on the same gradients: how long is the literal Adam's ninth step beside Keras's?
func ExampleWalk() {
	b, err := backend.New()
	if err != nil {
		panic(err)
	}
	walks, err := compare.Walk(b, 1e-3, 10)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.3f\n", walks.Ratio(compare.Literal, compare.Large, 9))
	notebook.Show(walks.StepsFigure(compare.Large))
}
