package paper_test

import (
	"fmt"

	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
)

func ExampleLookupUncertainty() {
	line, ok := paper.LookupUncertainty(paper.Soft, predictions.Test)
	fmt.Println(line.Uncertainty.Text, ok)
	// Output:
	// 0.00403 true
}

func ExampleLookupTime() {
	small, _ := paper.LookupTime(paper.ResNet18)
	large, _ := paper.LookupTime(paper.ResNet50)
	fmt.Printf("%.2f times\n", large.SecondsPerImage.Value/small.SecondsPerImage.Value)
	// Output:
	// 4.95 times
}

func ExampleAll() {
	fmt.Println(paper.All(paper.Holds, paper.Undecided), "-", paper.All(paper.Holds, paper.Undecided, paper.Fails))
	// Output:
	// cannot be decided - does not hold
}
