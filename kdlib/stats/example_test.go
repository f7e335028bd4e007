package stats_test

import (
	"fmt"

	"distillation/kdlib/stats"
)

// Two kinds of students, each trained from the same three seeds.
func ExamplePairedT() {
	hard, soft := []float64{0.758, 0.752, 0.765}, []float64{0.783, 0.781, 0.786}
	i, err := stats.PairedT(soft, hard, stats.Confidence)
	fmt.Printf("%.3f to %.3f %v\n", i.Low, i.High, err)
	// Output:
	// 0.015 to 0.035 <nil>
}

// One model alone is right on 9 pictures, the other alone on 1: 22 of 1,024 throws of ten coins are as uneven.
func ExampleSignTest() {
	fmt.Printf("%.4f = %.4f\n", stats.SignTest(9, 1), 22./1024)
	// Output:
	// 0.0215 = 0.0215
}

// Two accuracies of 960 and 950 in 1,000: without the predictions the p-value is known within bounds only.
func ExampleMcNemarBounds() {
	low, high, err := stats.McNemarBounds(1000, 960, 950)
	fmt.Printf("%.4f to %.4f %v\n", low, high, err)
	// Output:
	// 0.0020 to 0.3428 <nil>
}
