package analysis_test

import (
	"fmt"

	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
)

// Accuracy on the teacher's labels tells how well a student repeats its teacher, on ground truth how well it predicts.
func ExampleStudy_Score() {
	study, err := analysis.Open("../../../datasets/results/reduced")
	if err != nil {
		panic(err)
	}
	for _, labels := range []string{analysis.TeacherLabels, analysis.GroundTruth} {
		s, err := study.Score("hard", predictions.Validation, labels, 0.5)
		fmt.Printf("%s: %.3f %v\n", labels, s.Accuracy, err)
	}
	// Output:
	// teacher: 0.827 <nil>
	// ground truth: 0.698 <nil>
}

// A student of soft labels cannot have a loss below that of the labels on themselves.
func ExampleStudy_TrainingLabels() {
	study, err := analysis.Open("../../../datasets/results/reduced")
	if err != nil {
		panic(err)
	}
	labels, err := study.TrainingLabels("soft", predictions.Train)
	if err != nil {
		panic(err)
	}
	floor, err := metrics.LogLoss(labels, labels)
	fmt.Printf("%.3f %v\n", floor, err)
	// Output:
	// 0.431 <nil>
}

// The time of one picture, with the call that compiled kept apart.
func ExampleStudy_Latency() {
	study, err := analysis.Open("../../../datasets/results/full")
	if err != nil {
		panic(err)
	}
	small, err := study.Latency("resnet18", 1)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d pictures, median %.4f s\n", small.Images, analysis.Median(small.Inference))
	// Output:
	// 3750 pictures, median 0.0130 s
}

// The threshold was chosen on the validation set: what does it cost on the test set?
func ExamplePrice() {
	p, y := []float64{0.1, 0.2, 0.4, 0.3, 0.8, 0.9}, []float64{0, 0, 0, 1, 1, 1}
	priced, err := analysis.Price(metrics.Costs{FalsePositive: 1, FalseNegative: 6}, p, y, 0.5)
	fmt.Printf("%.2f, between %.2f and %.2f, %v\n", priced.Cost, priced.Interval.Low, priced.Interval.High, err)
	// Output:
	// 1.00, between 0.00 and 3.00, <nil>
}

func ExampleBootstrapRiskArea() {
	p, y := []float64{0.1, 0.2, 0.4, 0.3, 0.8, 0.9}, []float64{0, 0, 0, 1, 1, 1}
	interval, err := analysis.BootstrapRiskArea(p, y, 0.5)
	fmt.Printf("%.3f to %.3f, %v\n", interval.Low, interval.High, err)
	// Output:
	// 0.000 to 0.337, <nil>
}

func ExampleStudy_Recalibrated() {
	study, err := analysis.Open("../../../datasets/results/seeds")
	if err != nil {
		panic(err)
	}
	all, err := study.Recalibrated("soft")
	for _, one := range all {
		fmt.Printf("%s: %.3f\n", one.Name, one.P[0])
	}
	fmt.Println(err)
	// Output:
	// as they are: 0.042
	// temperature: 0.106
	// isotonic: 0.133
	// <nil>
}
