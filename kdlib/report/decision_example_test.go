package report_test

import (
	"fmt"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/notebook"
	"distillation/kdlib/predictions"
	"distillation/kdlib/report"
)

// Missed dogs cost more than cats that are called dogs: thresholds fall.
func ExampleStudy_CostTable() {
	study := notebook.Must(report.Open(seeds))
	show(study.CostTable(report.CostsShown, study.MainModels()...))
	// Output:
}

func ExampleStudy_CostFigure() {
	study := notebook.Must(report.Open(seeds))
	p, err := study.CostFigure(predictions.Test, metrics.Costs{FalsePositive: 1, FalseNegative: 5}, "classical", "soft")
	fmt.Println(p.Title.Text, err)
	// Output:
	// The test set: a cat called dog costs 1, a dog called cat 5; with as many dogs as there are <nil>
}

// The soft student is surest by (15), and it is not the one whose doubt is best placed.
func ExampleStudy_RiskCoverageTable() {
	study := notebook.Must(report.Open(seeds))
	show(study.RiskCoverageTable(predictions.Test, distill.Threshold, study.MainModels()...))
	// Output:
}

func ExampleStudy_RiskCoverageFigure() {
	study := notebook.Must(report.Open(seeds))
	p, err := study.RiskCoverageFigure(predictions.Test, distill.Threshold, "classical", "soft")
	fmt.Println(p.Title.Text, err)
	// Output:
	// The surest answers by (15) on the test set, threshold 0.5 <nil>
}

func ExampleStudy_WithheldTable() {
	study := notebook.Must(report.Open(seeds))
	show(study.WithheldTable(predictions.Test, 0.3, 0.7, "classical", "soft"))
	// Output:
}

// Whatever makes predictions mean what they say makes (15) larger.
func ExampleStudy_RecalibrationTable() {
	study := notebook.Must(report.Open(seeds))
	show(study.RecalibrationTable(report.CostsShown, metrics.CalibrationWidth, "soft"))
	// Output:
}

func ExampleStudy_RecalibrationFigure() {
	study := notebook.Must(report.Open(seeds))
	p, err := study.RecalibrationFigure(metrics.CalibrationWidth, "soft")
	fmt.Println(p.Title.Text, err)
	// Output:
	// Recalibrated on validation, measured on test, bins of 0.1 <nil>
}
