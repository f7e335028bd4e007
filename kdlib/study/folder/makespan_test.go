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

// Each model of the preset demo takes an hour; the chains hard and soft have one generation each.
func ExamplePlan_Makespan() {
	plan := (&folder.Study{Recipe: recipe.Demo}).Plan()
	hour := func(part string) float64 {
		if part == folder.Timing {
			return 0
		}
		return 1
	}
	for _, nodes := range []int{1, 2, 3} {
		fmt.Printf("%d nodes: %.0f hours\n", nodes, plan.Makespan(nodes, hour))
	}
	// Output:
	// 1 nodes: 6 hours
	// 2 nodes: 3 hours
	// 3 nodes: 3 hours
}
