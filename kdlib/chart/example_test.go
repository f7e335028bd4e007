package chart_test

import (
	"fmt"
	"math"

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

// A curve of a function, and one of values that are counted from 1.
func ExampleSampled() {
	x := chart.Even(0, 1, 5)
	square := chart.Sampled("square", x, func(x float64) float64 { return x * x })
	fmt.Println(square.X, square.Y)
	// Output:
	// [0 0.25 0.5 0.75 1] [0 0.0625 0.25 0.5625 1]
}

// A thousand values on a logarithmic axis need few points.
func ExamplePicked() {
	losses := make([]float64, 1000)
	for i := range losses {
		losses[i] = 1 / math.Sqrt(float64(i+1))
	}
	curve := chart.Picked("loss", chart.Steps(len(losses)), losses)
	fmt.Println(len(curve.X) < 300, curve.X[0], curve.Y[0], curve.X[len(curve.X)-1])
	// Output:
	// true 1 1 1000
}

func ExampleSquare_Plot() {
	p, err := chart.Square{
		Axes:      chart.Axes{X: "false positive rate", Y: "true positive rate"},
		Reference: chart.Curve{Name: "chance", X: []float64{0, 1}, Y: []float64{0, 1}},
		Curves:    []chart.Curve{{Name: "soft", X: []float64{0, 0, 0.5, 1}, Y: []float64{0, 0.5, 1, 1}}},
		Marks:     []chart.Points{{Name: "soft", X: []float64{0.5}, Y: []float64{1}}}, MarkName: "threshold 0.5",
	}.Plot()
	fmt.Println(p.X.Label.Text, err)
	// Output:
	// false positive rate <nil>
}

func ExampleGraph() {
	nodes := []chart.Node{{Name: "teacher", Note: "done"}, {Name: "soft", Note: "waiting", Needs: []string{"teacher"}, State: 1}}
	p, err := chart.Graph("A study", []string{"done", "waiting"}, nodes)
	fmt.Println(p.Title.Text, err)
	// Output:
	// A study <nil>
}
