package claims_test

import (
	"fmt"

	"distillation/kdlib/report/claims"
	"distillation/kdlib/study/analysis"
)

// Each part of claim 2 with its verdict by a committed study.
func ExampleOf() {
	study, err := analysis.Open("../../../datasets/results/seeds")
	if err != nil {
		panic(err)
	}
	parts, err := claims.Of(study, 2)
	if err != nil {
		panic(err)
	}
	for _, c := range parts {
		fmt.Printf("%s: %s\n", c.Claim, c.Outcome())
	}
	// Output:
	// the teacher is the most accurate on the test set (not in the paper's words: the others presuppose it): reproduced
	// the classical student loses less than 3 % of accuracy against the teacher (the paper: little): not reproduced
	// the hard student loses less than 3 % of accuracy against the teacher (the paper: little): not reproduced
	// the soft student loses less than 3 % of accuracy against the teacher (the paper: little): not reproduced
	// the soft student beats the classical one on the test set: too little power
	// the same with augmentation: too little power
	// the soft student beats the classical one on the test set, in the mean over seeds: too little power
	// the same with augmentation, in the mean over seeds: too little power
	// all three students give about the same (section 5): too little power
}
