package live_test

import (
	"fmt"
	"strings"

	"distillation/kdlib/report/live"
	"distillation/kdlib/study/analysis"
)

// The live page of a study, as a file of its own or as a part of a notebook.
func ExampleNew() {
	study, err := analysis.Open("../../../datasets/results/reduced")
	if err != nil {
		panic(err)
	}
	page, err := live.New(study)
	if err != nil {
		panic(err)
	}
	var document strings.Builder
	err = page.WriteDocument(&document)
	fmt.Println(strings.HasPrefix(document.String(), "<!DOCTYPE html>"), len(page.Fragment("live")) > 10_000, err)
	// Output:
	// true true <nil>
}
