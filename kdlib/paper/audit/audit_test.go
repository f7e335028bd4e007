package audit

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
)

func ExampleTable() {
	if err := Table("Section 4.1", Speed()[:1]).WriteText(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// Section 4.1
	//
	// section  claim                                              verdict  the numbers
	// -------  -------------------------------------------------  -------  -------------------------
	// 4.1      ResNet-18 is almost 5 times faster than ResNet-50  holds    0.35452 / 0.07168 = 4.946
}

// What does not simply hold, read off the paper's tables by hand. Everything else must hold.
var exceptions = []struct {
	claim, evidence string // parts
	verdict         paper.Verdict
}{
	{"accuracies on train are measured", "2 of 16 can be shares of 17500; most, 15, of 17468 = 545 × 32 + 28", paper.Fails},
	{"accuracies on validation are measured", "0 of 14 can be shares of 3750; most, 14, of 3718 = 116 × 32 + 6", paper.Fails},
	{"students lose little", "classical -0.01173, hard -0.01893, soft -0.01013", paper.Undecided}, // 0.96160, 0.95440, 0.96320 less 0.97333
	// scipy.stats.binomtest(0, 6).pvalue and binomtest(138, 282).pvalue: 3612 and 3606 right, 138 wrong
	{"without augmentation, by more than chance", "between 0.031 and 0.77", paper.Undecided},
	// binomtest(0, 2).pvalue and binomtest(186, 374).pvalue: 3564 and 3562 right, 186 wrong; 2 of 4 tosses' ends
	{"with augmentation, by more than chance", "between 0.5 and 0.96", paper.Fails},
	{"every inner bin stays below 0.015", "1 of 126 inner bins do not: validation, hard, [0.9, 0.95): 0.01787", paper.Fails}, // 7 tables of 18
	{"the teacher is more in doubt about dogs than about cats on test", "0.01521, in [0.05, 0.5) 0.01866", paper.Fails},
	{"the soft student is more in doubt about dogs than about cats on test", "missing", paper.Undecided},
	{"every relative frequency is a count", "3 are not: train, classical, [0, 0.05): 0.47222; train, hard, [0, 0.05): 0.46382; train, hard, [0.4, 0.45): 0.00268", paper.Fails},
	{"the soft student's unc on test lies within", "missing", paper.Undecided},
	{"are on the ground truth", "4 of 4 are those of section 3.2", paper.Fails},
	// scipy: m (L - m) with L = -log(1e-7): (0.28316 - 0.12143) / sqrt(4.48382 / 3718 + 1.94248 / 3750) = 3.895
	{"both on the teacher's labels, are of pictures drawn alike", "0.28316 against 0.12143: +0.16173, at least 3.9 standard errors, however the losses spread from 0 to 16.1", paper.Fails},
	// 0.44907 + 0.44027, 0.44587 + 0.44853
	{"the hard student became surer on validation than on test", "0.88934 against 0.89440", paper.Fails},
	{"the soft student became surer on validation than on test", "missing", paper.Undecided},
	// 0.005 - 0.0021 = 0.0029, but 0.005 has three decimals: 0.0045 to 0.0055
	{"unc stays within 0.003 of the hard student's on train", "0.00290 from 0.005", paper.Undecided},
	{"mostly on [0.5, 1]", "no table", paper.Undecided},
	// sums of the upper ten bins, by hand: 0.50006 of 17,500, 0.50292 and 0.50108 of 3,750
	{"errs more on dogs than on cats on train", "+1 mistaken cats", paper.Fails},
	{"errs more on dogs than on cats on validation", "+11 mistaken cats", paper.Fails},
	{"errs more on dogs than on cats on test", "+4 mistaken cats", paper.Fails},
}

func TestFindings(t *testing.T) {
	met := 0
	for _, f := range Findings() {
		want, evidence := paper.Holds, ""
		for _, e := range exceptions {
			if strings.Contains(f.Claim, e.claim) {
				want, evidence = e.verdict, e.evidence
				met++
			}
		}
		if f.Verdict != want || !strings.Contains(f.Evidence, evidence) {
			t.Errorf("%s: %s: got %q (%s), want %q (%s)", f.Where, f.Claim, f.Verdict, f.Evidence, want, evidence)
		}
	}
	if met != len(exceptions) {
		t.Errorf("exceptions: %d claims met, want each of %d once", met, len(exceptions))
	}
}

// Numbers of findings that hold, by hand.
func TestEvidence(t *testing.T) {
	for claim, want := range map[string]string{
		"almost 5 times faster":               "4.946",                // 0.35452 / 0.07168
		"test without augmentation":           "+0.00160, 6 pictures", // 0.96320 - 0.96160; 0.0016 * 3750
		"test with augmentation":              "+0.00053, 2 pictures", // 0.95040 - 0.94987
		"half the classical one's epochs":     "47 / 86 = 0.55",       // 0.5465
		"ResNet-50: seconds a picture":        "0.354521",             // 1329.45384 / 3750
		"more than 91%":                       "hard 0.91639",         // 0.46382 + 0.45257
		"the most confident":                  "test: 0.00197 against at least 0.00403",
		"lowers the hard chain's":             "generation 6: 0.01920", // 0.95440 - 0.93520
		"lowers the soft chain's":             "generation 5: 0.01813", // 0.96320 - 0.94507
		"soft chain's test accuracy":          "+0.00880, +0.00560",    // 0.96320 - 0.95440, 0.96320 - 0.95760
		"of the hard student's on validation": "generation 5: 0.00192", // 0.00866 - 0.00674
		"sums to 1":                           "off by 0.00002",        // train, classical: 0.99998
		"lies within the bounds that its":     "all of 11",
		"the classical student became surer":  "0.93360 against 0.93200", // 0.45387 + 0.47973, 0.45120 + 0.48080
	} {
		found := false
		for _, f := range Findings() {
			if strings.Contains(f.Claim, claim) && strings.Contains(f.Evidence, want) {
				found = true
			}
		}
		if !found {
			t.Errorf("no finding on %q says %q", claim, want)
		}
	}
}

func TestAll(t *testing.T) {
	for _, c := range []struct {
		parts []paper.Verdict
		want  paper.Verdict
	}{
		{nil, paper.Holds},
		{[]paper.Verdict{paper.Holds, paper.Holds}, paper.Holds},
		{[]paper.Verdict{paper.Holds, paper.Undecided}, paper.Undecided},
		{[]paper.Verdict{paper.Undecided, paper.Fails, paper.Holds}, paper.Fails},
	} {
		if got := paper.All(c.parts...); got != c.want {
			t.Errorf("All(%v) = %v, want %v", c.parts, got, c.want)
		}
	}
}

func TestCountTable(t *testing.T) {
	tab := CountTable([]Finding{{Verdict: paper.Fails}, {Verdict: paper.Holds}, {Verdict: paper.Fails}})
	if got, want := fmt.Sprint(tab.Rows), "[[holds 1] [does not hold 2] [cannot be decided 0]]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// 0.005 may have been anything from 0.0045 to 0.0055.
func TestSpan(t *testing.T) {
	a := of(paper.Printed{Text: "0.005", Value: 0.005})
	for _, c := range []struct {
		name      string
		got, want paper.Verdict
	}{
		{"above what is below it", a.above(0.0044), paper.Holds},
		{"above its lower end", a.above(0.0045), paper.Undecided},
		{"above its middle", a.above(0.005), paper.Undecided},
		{"above its upper end", a.above(0.0055), paper.Fails},
		{"below what is above it", a.below(0.0056), paper.Holds},
		{"below its middle", a.below(0.005), paper.Undecided},
		{"below its lower end", a.below(0.0045), paper.Fails},
		{"meets what touches it", a.meets(exactly(0.0055)), paper.Holds},
		{"meets what is near it", a.meets(exactly(0.0056)), paper.Fails},
		{"its square of a difference", a.minus(exactly(0.0056)).size().above(0), paper.Holds},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
	if got := a.minus(exactly(0.005)).size(); got.low != 0 || got.high < 0.0005-1e-9 {
		t.Errorf("distance from its middle: got %v, want 0 to 0.0005", got)
	}
}

func TestSetsAreThePapers(t *testing.T) {
	if got := pictures[predictions.Train] + pictures[predictions.Validation] + pictures[predictions.Test]; got != 25000 {
		t.Errorf("pictures: got %d, want all of 25,000", got)
	}
}
