package folder_test

import (
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// Who needs whose predictions is the paper's: students the teacher's, each generation those of the one before (section 4.4); smoothing
// needs none.
func TestPlan(t *testing.T) {
	r := recipe.Demo
	r.Seeds, r.Data.GroupDuplicates = 2, true
	r.FurtherRules = []distill.Named{{Rule: distill.Smoothed{Smoothing: 0.1}}}
	plan := (&folder.Study{Dir: "anywhere", Recipe: r}).Plan()
	if !slices.Equal(plan.Sizes, []int{32, 64}) {
		t.Errorf("got the sizes %v, want 32, and 64 at which duplicates are found", plan.Sizes)
	}
	var got []string
	for _, part := range plan.Parts {
		line := part.Name
		if len(part.Needs) > 0 {
			line += " < " + strings.Join(part.Needs, " ")
		}
		got = append(got, line)
		if n := len(part.Makes); part.Name != folder.Timing && n != 5 { // three sets, one repetition, the history
			t.Errorf("%s: makes %q, want 5 files", part.Name, part.Makes)
		}
	}
	want := []string{"teacher", "classical", "hard < teacher/train.csv teacher/validation.csv", "hard-1 < hard/train.csv hard/validation.csv",
		"soft < teacher/train.csv teacher/validation.csv", "soft-1 < soft/train.csv soft/validation.csv", "smoothed", "classical-seed2",
		"hard-seed2 < teacher/train.csv teacher/validation.csv", "soft-seed2 < teacher/train.csv teacher/validation.csv", "smoothed-seed2", "timing"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	r.Timing = recipe.Timing{}
	parts := (&folder.Study{Dir: "anywhere", Recipe: r}).Plan().Parts
	if last := parts[len(parts)-1].Name; last != "smoothed-seed2" {
		t.Errorf("without timing: the last part is %q, want a model", last)
	}
}
