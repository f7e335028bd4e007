package audit_test

import (
	"fmt"

	"distillation/kdlib/paper"
	"distillation/kdlib/paper/audit"
	"distillation/kdlib/predictions"
)

// On how many pictures were the validation accuracies measured? The paper says 3,750; they fit 3,718.
func ExampleAccuraciesOf() {
	validation := audit.AccuraciesOf(predictions.Validation)
	fmt.Println(len(validation.Printed), "accuracies:", validation.Fit(3750), "fit 3750,", validation.Fit(3718), "fit 3718")
	fmt.Println(validation.Sizes(4000))
	// Output:
	// 14 accuracies: 0 fit 3750, 14 fit 3718
	// [3718]
}

func ExampleSharesTable() {
	soft, _ := paper.LookupResult(paper.Soft, predictions.Validation, "teacher", "")
	for _, row := range audit.SharesTable(soft.Accuracy, 3750, 3718).Rows {
		fmt.Println(row)
	}
	// Output:
	// [3750 3559 0.94907 0.94917 no]
	// [3718 3529 0.94917 0.94917 yes]
}

func ExampleFindings() {
	verdicts := map[paper.Verdict]int{}
	for _, f := range audit.Findings() {
		verdicts[f.Verdict]++
	}
	fmt.Println(verdicts)
	// Output:
	// map[cannot be decided:7 does not hold:12 holds:25]
}
