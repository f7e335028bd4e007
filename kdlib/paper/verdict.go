package paper

import "slices"

// Verdict is what numbers say about a claim of the paper: its own printed numbers, or those of a study.
type Verdict string

// The verdicts. Undecided is also the verdict on what would depend on rounding, or on chance.
const (
	Holds     Verdict = "holds"
	Fails     Verdict = "does not hold"
	Undecided Verdict = "cannot be decided"
	NotTested Verdict = "not tested" // the numbers that it takes are not there
)

// All is the verdict on a claim of several parts. One part that fails makes the claim fail.
func All(parts ...Verdict) Verdict {
	for _, v := range []Verdict{Fails, Undecided} {
		if slices.Contains(parts, v) {
			return v
		}
	}
	return Holds
}
