package distill_test

import (
	"encoding/json"
	"fmt"

	"distillation/kdlib/distill"
)

// A rule by its name, with its options, as a recipe has it.
func ExampleParseRule() {
	rule, err := distill.ParseRule("soft", map[string]float64{"temperature": 2, "alpha": 0.5})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s: %.3f\n", rule, rule.Label(0.9, 1)) // the teacher's 0.9, softened to 0.75, and the ground truth 1
	_, err = distill.ParseRule("soft", map[string]float64{"smoothing": 0.1})
	fmt.Println(err)
	// Output:
	// soft: 0.875
	// distill: rule soft: json: unknown field "smoothing"
}

// Label smoothing needs no teacher.
func ExampleSmoothed() {
	rule := distill.Smoothed{Smoothing: 0.1}
	fmt.Printf("%.2f %.2f %v\n", rule.Label(0, 1), rule.Label(0, 0), rule.NeedsTeacher())
	// Output:
	// 0.95 0.05 false
}

// A prediction of exactly one half is a cat.
func ExampleClass() {
	fmt.Println(distill.Class(0.49, distill.Threshold), distill.Class(0.5, distill.Threshold), distill.Class(0.51, distill.Threshold))
	// Output:
	// 0 0 1
}

func ExampleNamed() {
	text, err := json.Marshal(distill.Named{Rule: distill.Smoothed{Smoothing: 0.1}})
	fmt.Println(string(text), err)
	// Output:
	// {"rule":"smoothed","options":{"smoothing":0.1}} <nil>
}
