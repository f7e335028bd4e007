package folder_test

import (
	"fmt"
	"testing"

	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// By hand: the teacher takes 2, everything else 1. One node takes the sum, 2 + 5 of demo's models with one generation. With two, classical
// is made beside the teacher, then hard and soft, then hard-1 and soft-1: 4, the longest chain, which no number of nodes shortens.
func TestMakespan(t *testing.T) {
	r := recipe.Demo
	r.Timing = recipe.Timing{}
	plan := (&folder.Study{Dir: "anywhere", Recipe: r}).Plan()
	seconds := func(part string) float64 {
		if part == "teacher" {
			return 2
		}
		return 1
	}
	for nodes, want := range map[int]float64{1: 7, 2: 4, 100: 4} {
		if got := plan.Makespan(nodes, seconds); got != want {
			t.Errorf("%d nodes: got %v, want %v", nodes, got, want)
		}
	}
}

// What a cluster brings for the paper's study with 20 seeds of each student. A student's 100 epochs take 546 training steps of 1.43 s each
// (figures/README.md, "Speed") and 118 batches of the validation set of 0.36 s, 22.9 hours; each step of the
// teacher's 25 epochs takes 2.5 times as long, as at 64x64, together 14 hours.
func ExamplePlan_Makespan() {
	r := recipe.Paper
	r.Seeds, r.Timing = 20, recipe.Timing{}
	plan := (&folder.Study{Recipe: r}).Plan()
	hours := func(part string) float64 {
		if part == "teacher" {
			return 14
		}
		return 22.9
	}
	for _, nodes := range []int{1, 2, 5, 10, 20, 50, 100} {
		fmt.Printf("%d nodes: %.1f days\n", nodes, plan.Makespan(nodes, hours)/24)
	}
	// Output:
	// 1 nodes: 69.3 days
	// 2 nodes: 34.9 days
	// 5 nodes: 14.3 days
	// 10 nodes: 7.6 days
	// 20 nodes: 7.6 days
	// 50 nodes: 7.3 days
	// 100 nodes: 7.3 days
}
