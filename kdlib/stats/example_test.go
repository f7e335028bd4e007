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

// Three seeds of each kind. No difference is found, and equivalence within 0.01 is: two answers to two questions.
func ExamplePairedTOST() {
	soft, classical := []float64{0.9521, 0.9537, 0.9529}, []float64{0.9530, 0.9524, 0.9533}
	different, err1 := stats.PairedTTest(soft, classical)
	equivalent, err2 := stats.PairedTOST(soft, classical, 0.01)
	fmt.Printf("different: p = %.2f, equivalent: p = %.3f %v %v\n", different, equivalent, err1, err2)
	// Output:
	// different: p = 1.00, equivalent: p = 0.002 <nil> <nil>
}

// What three seeds can see, and how many it takes to see half a standard deviation.
func ExampleDetectableEffect() {
	effect, err1 := stats.DetectableEffect(3, stats.SignificanceLevel, stats.DefaultPower)
	pairs, err2 := stats.PairsNeeded(0.5, stats.SignificanceLevel, stats.DefaultPower)
	fmt.Printf("%.2f standard deviations; %d pairs %v %v\n", effect, pairs, err1, err2)
	// Output:
	// 3.26 standard deviations; 34 pairs <nil> <nil>
}

// Of four tests at 0.05, three stand alone and two after Holm's correction.
func ExampleHolm() {
	adjusted, err := stats.Holm([]float64{0.01, 0.04, 0.06, 0.005})
	fmt.Printf("%.3f %v\n", adjusted, err)
	// Output:
	// [0.030 0.080 0.080 0.020] <nil>
}

// A study that looks after 5, 10, 15 and 20 seeds.
func ExampleOBrienFleming() {
	levels, err := stats.OBrienFleming(4, stats.SignificanceLevel)
	fmt.Printf("%.4f %v\n", levels, err)
	// Output:
	// [0.0001 0.0042 0.0194 0.0429] <nil>
}
