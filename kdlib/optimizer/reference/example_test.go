package reference_test

import (
	"fmt"

	"distillation/kdlib/optimizer/reference"
)

// The paper's text corrects the bias twice: its first step is a third of Keras's.
func ExampleLiteral() {
	keras := reference.Keras{LearningRate: 1}
	literal := reference.Literal{LearningRate: 1, K1: reference.K1, K2: reference.K2}
	slope := func(float64) float64 { return 1 }
	for _, o := range []reference.Optimizer{keras, literal} {
		fmt.Printf("%.3f\n", reference.Moves(reference.Path(o, 0, 3, slope)))
	}
	// Output:
	// [1.000 1.000 1.000]
	// [0.316 0.235 0.202]
}

// Without decay the step size begins below the learning rate and tends to it.
func ExampleStepSizes() {
	steps := []float64{1, 12, 100, 10000}
	fmt.Printf("%.3f\n", reference.StepSizes(steps, 1, 0))
	fmt.Printf("%.3f with decay\n", reference.StepSizes(steps, 1, 0.01))
	// Output:
	// [0.316 0.152 0.309 1.000]
	// [0.316 0.137 0.155 0.010] with decay
}

func ExampleFactors1() {
	fmt.Printf("%.2f\n", reference.Factors1([]float64{1, 2, 9, 10}, reference.K1))
	// Output:
	// [10.00 5.26 1.63 1.00]
}
