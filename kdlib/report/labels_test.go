package report

import (
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/predictions"
	"distillation/kdlib/report/internal/teststudy"
	"distillation/kdlib/study/analysis"
)

// By hand: of cat.0, cat.1, cat.2 and dog.0 the hard student gets cat.2 and dog.0 wrong; its unc is (0.04 + 0.16 + 0.16 + 0.09)/4,
// without cat.2 (0.04 + 0.16 + 0.09)/3. Wilson's intervals are his formula's, by a pocket calculator.
func TestWithoutTable(t *testing.T) {
	run := &Study{&analysis.Study{Study: teststudy.Small(t)}}
	got, err := run.WithoutTable([]string{"cat.2"}, "hard")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"hard", "0.50000", "0.15004 to 0.84996", "0.66667", "0.20766 to 0.93851", "0.11250", "0.09667"}
	if !slices.Equal(got.Rows[0], want) || got.Title != "The test set of 4 pictures, and without 1 of them" {
		t.Errorf("%s: got %q, want %q", got.Title, got.Rows[0], want)
	}
	for want, ids := range map[string][]string{
		"none of the 2 pictures to leave out is in the test set": {"cat.7", "dog.7"},
		"all of its pictures are left out":                       {"cat.0", "cat.1", "cat.2", "dog.0"},
	} {
		if _, err := run.WithoutTable(ids, "hard"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %q", ids, err, want)
		}
	}
}

// The teacher of the small study contradicts no label, so nobody can be said to follow it: the share is left empty.
func TestFollowTable(t *testing.T) {
	run := &Study{&analysis.Study{Study: teststudy.Small(t)}}
	got, err := run.FollowTable(predictions.Train, "hard", "soft")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"contradicts the label", "hard", "0", "0", "0", "", "0.00000 to 1.00000"}, {"contradicts the label", "soft", "0", "0", "0", "", "0.00000 to 1.00000"},
		{"doubts it", "hard", "0", "0", "0", "", "0.00000 to 1.00000"}, {"doubts it", "soft", "0", "0", "0", "", "0.00000 to 1.00000"},
	}
	if !slices.EqualFunc(got.Rows, want, slices.Equal) || len(got.Notes) != 2 {
		t.Errorf("got %q with the notes %q, want %q", got.Rows, got.Notes, want)
	}
}

// The classical student's 0.9 on cat.0 is as sure as its predictions on dogs are on average, but alone; the claims of the paper that
// change are told with both numbers.
func TestLabelIssuesTable(t *testing.T) {
	run := &Study{&analysis.Study{Study: teststudy.Small(t)}}
	got, err := run.LabelIssuesTable(predictions.Validation, "hard")
	if err != nil {
		t.Fatal(err)
	}
	// thresholds by hand: 0.6 for cats, 0.3 for dogs; 0.6 of cat.2 counts as a dog, 0.7 of dog.0 as a cat alone
	if len(got.Rows) != 1 || !slices.Equal(got.Rows[0], []string{"cat.2", "0", "0.40000", "1", "0.60000"}) {
		t.Errorf("got %q", got.Rows)
	}
	if _, err := run.LabelIssuesTable(predictions.Train, "hard"); err == nil || !strings.Contains(err.Error(), "learned from these labels") {
		t.Errorf("train set: error %v", err)
	}
}
