package metrics_test

import (
	"fmt"

	"distillation/kdlib/metrics"
)

// A certain prediction that is wrong costs everything; a soft label makes certainty costly as well.
func ExampleCrossEntropy() {
	fmt.Printf("%.3f %.3f %v\n", metrics.CrossEntropy(0.9, 1), metrics.CrossEntropy(0.9, 0.9), metrics.CrossEntropy(1, 0))
	// Output:
	// 0.105 0.325 100
}

func ExampleSummarize() {
	p, y := []float64{0.1, 0.4, 0.6, 0.9}, []float64{0, 1, 1, 1}
	s, err := metrics.Summarize(p, y, 0.5)
	fmt.Printf("%d pictures: accuracy %.2f, loss %.3f, unc %.3f, %v\n", s.N, s.Accuracy, s.Loss, s.Uncertainty, err)
	// Output:
	// 4 pictures: accuracy 0.75, loss 0.409, unc 0.085, <nil>
}

// Lowering the threshold finds more dogs and calls more cats dogs.
func ExampleSweep() {
	p, y := []float64{0.1, 0.4, 0.45, 0.9}, []float64{0, 0, 1, 1}
	counts, err := metrics.Sweep(p, y, []float64{0.3, 0.42, 0.5})
	if err != nil {
		panic(err)
	}
	for _, c := range counts {
		fmt.Printf("recall %.1f, false positive rate %.1f\n", metrics.Recall.Of(c), metrics.FalsePositiveRate.Of(c))
	}
	// Output:
	// recall 1.0, false positive rate 0.5
	// recall 1.0, false positive rate 0.0
	// recall 0.5, false positive rate 0.0
}

func ExampleAUC() {
	roc, err := metrics.ROC([]float64{0.1, 0.6, 0.4, 0.9}, []float64{0, 0, 1, 1})
	if err != nil {
		panic(err)
	}
	fmt.Println(metrics.AUC(roc)) // three of four pairs of a cat and a dog are in order
	// Output:
	// 0.75
}

// Two bins: how often pictures are dogs where the model says about 0.2 and about 0.8.
func ExampleCalibrationCurve() {
	bins, err := metrics.CalibrationCurve([]float64{0.2, 0.2, 0.8, 0.8}, []float64{0, 0, 0, 1}, 0.5)
	if err != nil {
		panic(err)
	}
	for _, b := range bins {
		fmt.Printf("%d predictions: say %.1f, are dogs in %.1f\n", b.Count, b.MeanP, b.Dogs)
	}
	// Output:
	// 2 predictions: say 0.2, are dogs in 0.0
	// 2 predictions: say 0.8, are dogs in 0.5
}

// A model that is always certain and half the time wrong.
func ExampleOverconfidence() {
	fmt.Println(metrics.Overconfidence([]float64{1, 1, 0, 0}, []float64{1, 0, 0, 1}))
	// Output:
	// 0.5 <nil>
}
