package report_test

import (
	"fmt"
	"os"
	"strings"

	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/report"
	"distillation/kdlib/study/analysis"
)

// A file of predictions needs no study; in a notebook's cell notebook.Table shows the table.
func ExampleEvaluationTable() {
	file := strings.NewReader("id,set,label,p\ncat.0,test,0,0.2\ncat.1,test,0,0.7\ndog.0,test,1,0.5\ndog.1,test,1,0.9\n")
	of, err := predictions.Parse(file, "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	measures, err := metrics.Evaluate(analysis.Predicted(of), of.Labels(), 0.5, predictions.CatDog)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := report.EvaluationTable("Four answers", measures).WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Four answers
	//
	// measure                                   value  at threshold
	// --------------------------------------  -------  ------------
	// n                                             4             –
	// accuracy (12)                           0.50000       0.50000
	// balanced accuracy                       0.50000       0.50000
	// loss (2)                                0.55641             –
	// uncertainty (15)                        0.09750       0.50000
	// n of cat                                      2             –
	// precision of cat                        0.50000       0.50000
	// recall of cat                           0.50000       0.50000
	// F1 of cat                               0.50000       0.50000
	// n of dog                                      2             –
	// precision of dog                        0.50000       0.50000
	// recall of dog                           0.50000       0.50000
	// F1 of dog                               0.50000       0.50000
	// area below ROC                          0.75000             –
	// average precision                       0.83333             –
	// area below precision-recall (trapezes)  0.79167             –
	// area below risk-coverage                0.19444       0.50000
	// least possible area below it            0.19444       0.50000
	// Brier score                             0.19750             –
	// calibration error (bins of 0.1)         0.37500             –
	// best accuracy                           0.75000       0.35000
	// best F1                                 0.80000       0.35000
	// best Youden's J                         0.50000       0.35000
}
