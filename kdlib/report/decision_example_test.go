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
	// model,threshold,on validation,on test,"on test, 95 %",on test at 0.5,saved
	// teacher,0.3692,0.05500,0.03867,0.01400 to 0.07633,0.07633,+0.03767
	// classical,0.0762,0.57900,0.62233,0.56996 to 0.68268,0.83433,+0.21200
	// hard,0.1633,0.55100,0.61933,0.52992 to 0.71407,0.81367,+0.19433
	// soft,0.1373,0.56867,0.61467,0.52896 to 0.71940,0.79400,+0.17933
}

func ExampleStudy_CostFigure() {
	study := notebook.Must(report.Open(seeds))
	p, err := study.CostFigure(predictions.Test, metrics.Costs{FalsePositive: 1, FalseNegative: 5}, "classical", "soft")
	fmt.Println(p.Title.Text, err)
	// Output:
	// The test set: a cat called dog costs 1, a dog called cat 5; with as many dogs as there are <nil>
}

// The soft student has the lowest unc and the smallest area; less what its accuracy allows, the classical one has the smaller.
func ExampleStudy_RiskCoverageTable() {
	study := notebook.Must(report.Open(seeds))
	show(study.RiskCoverageTable(predictions.Test, distill.Threshold, study.MainModels()...))
	// Output:
	// model,unc (15),risk-coverage area,"area, 95 %",least possible,area less that,accuracy of all,of the surest 0.9,of the surest 0.8,of the surest 0.5
	// teacher,0.00515,0.00056,0.00018 to 0.00117,0.00024,0.00032,0.97833,1.00000,1.00000,1.00000
	// classical,0.05845,0.12219,0.09685 to 0.15329,0.03148,0.09071,0.76000,0.78148,0.81458,0.89333
	// hard,0.05889,0.14132,0.11136 to 0.17499,0.03194,0.10938,0.75833,0.77593,0.79167,0.86000
	// soft,0.05487,0.12112,0.09459 to 0.15151,0.02542,0.09570,0.78333,0.80556,0.82083,0.87333
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
	// model,answers,withheld,coverage,accuracy of the answers,cats called dogs,dogs called cats
	// classical,444,156,0.74000,0.82658,42,35
	// soft,451,149,0.75167,0.83592,40,34
}

// Both ways make predictions mean more of what they say, and (15) larger.
func ExampleStudy_RecalibrationTable() {
	study := notebook.Must(report.Open(seeds))
	show(study.RecalibrationTable(report.CostsShown, metrics.CalibrationWidth, "soft"))
	// Output:
	// model,predictions,temperature,calibration error,Brier score,unc (15),threshold,expected cost
	// soft,as they are,,0.06521,0.16152,0.05487,0.1892,0.64867
	// soft,temperature,1.46963,0.04781,0.15968,0.07772,0.1892,0.61600
	// soft,isotonic,,0.04108,0.16019,0.07028,0.1892,0.61467
}

func ExampleStudy_RecalibrationFigure() {
	study := notebook.Must(report.Open(seeds))
	p, err := study.RecalibrationFigure(metrics.CalibrationWidth, "soft")
	fmt.Println(p.Title.Text, err)
	// Output:
	// Recalibrated on validation, measured on test, bins of 0.1 <nil>
}
