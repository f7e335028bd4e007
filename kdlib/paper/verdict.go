package paper

import "slices"

// Verdict is what numbers say about a claim of the paper: its own printed numbers, or those of a study.
type Verdict string

// The verdicts on a claim. Printed numbers leave one undecided where rounding would decide, or a table is missing. A study leaves
// one open for a reason.
const (
	Holds     Verdict = "holds"
	Fails     Verdict = "does not hold"
	Undecided Verdict = "cannot be decided" // by printed numbers

	TooLittlePower   Verdict = "too little power"   // chance may explain the numbers; more pictures or seeds would tell
	PremiseAbsent    Verdict = "premise absent"     // what the claim presupposes is not there
	DesignCannotTell Verdict = "design cannot tell" // numbers of this kind do not answer the claim, however many there are
	NotTested        Verdict = "not tested"         // the numbers that it takes are not there
)

// All is the verdict of printed numbers on a claim of several parts. One part that fails makes the claim fail.
func All(parts ...Verdict) Verdict {
	for _, v := range []Verdict{Fails, Undecided} {
		if slices.Contains(parts, v) {
			return v
		}
	}
	return Holds
}
