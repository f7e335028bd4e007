package chart_test

import (
	"fmt"

	"distillation/kdlib/chart"
	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
)

func ExampleHistograms() {
	ours, err := metrics.NewHistogram([]float64{0.01, 0.03, 0.4, 0.97, 0.99, 1}, paper.BinWidth)
	if err != nil {
		panic(err)
	}
	printed, _ := paper.HistogramOf(predictions.Test, paper.Teacher)
	p, err := chart.Histograms(
		chart.Axes{Title: "Test set (figure 6)", X: "prediction p", Y: "relative frequency", LogY: true},
		[]chart.Series{{Name: "teacher", Y: ours.Frequencies(), Printed: printed}})
	fmt.Println(p.Title.Text, err)
	// Output:
	// Test set (figure 6) <nil>
}

func ExampleLearningCurves() {
	p, err := chart.LearningCurves(chart.Learning{
		Title: "Soft student (figure 5)", Model: "soft", Best: 2,
		Loss:     []chart.Curve{{Name: "train", Y: []float64{0.7, 0.4, 0.2}}, {Name: "validation", Y: []float64{0.7, 0.5, 0.6}}},
		Accuracy: []chart.Curve{{Name: "train", Y: []float64{0.5, 0.8, 0.95}}, {Name: "validation", Y: []float64{0.5, 0.8, 0.79}}},
	})
	fmt.Println(p.Title.Text, err)
	// Output:
	// Soft student (figure 5) <nil>
}

func ExampleLines() {
	p, err := chart.Lines(chart.Axes{Title: "y = x²", X: "x", Y: "y"},
		chart.Curve{Name: "square", X: []float64{-1, 0, 1}, Y: []float64{1, 0, 1}})
	fmt.Println(p.X.Label.Text, err)
	// Output:
	// x <nil>
}

func ExampleBars() {
	p, err := chart.Bars(chart.Axes{Title: "Time for one picture", Y: "seconds"}, []string{paper.ResNet18, paper.ResNet50},
		[]chart.Series{{Name: "this machine", Y: []float64{0.03, 0.12}, Printed: []float64{0.07168, 0.35452}}})
	fmt.Println(p.Y.Label.Text, err)
	// Output:
	// seconds <nil>
}

func ExampleCalibration() {
	_, err := chart.Calibration(chart.Axes{Title: "Predictions", X: "true probability", Y: "prediction"},
		chart.Points{Name: "soft", X: []float64{0.1, 0.5, 0.9}, Y: []float64{0.12, 0.47, 0.93}})
	fmt.Println(err)
	// Output:
	// <nil>
}
