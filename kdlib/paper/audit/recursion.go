package audit

import (
	"fmt"
	"math"
	"strings"

	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
)

// Recursion are the findings on section 4.4.
func Recursion() []Finding {
	findings := []Finding{}
	for _, chain := range chains {
		findings = append(findings, losesLittle(chain))
	}
	findings = append(findings, softAboveHard())
	for _, split := range splits {
		findings = append(findings, hardStaysNear(split))
	}
	for _, split := range splits {
		findings = append(findings, softGrows(split))
	}
	return append(findings, Finding{"4.4", "in the soft chain unc grows mostly on [0.5, 1]", paper.Undecided,
		"figure 9 shows the generations' frequencies, but no table prints them"})
}

func losesLittle(chain string) Finding {
	first, _ := paper.LookupRecursive(chain, 0, predictions.Test)
	verdict, most, at := paper.Holds, math.Inf(-1), 0
	for g := 1; g <= paper.Generations; g++ {
		row, _ := paper.LookupRecursive(chain, g, predictions.Test)
		lost := of(first.Accuracy).minus(of(row.Accuracy))
		verdict = paper.All(verdict, lost.below(paper.RecursionLoss))
		if lost.middle() > most {
			most, at = lost.middle(), g
		}
	}
	return Finding{"4.4", fmt.Sprintf("recursion lowers the %s chain's test accuracy by less than 3%%", chain), verdict,
		fmt.Sprintf("most in generation %d: %s", at, fraction(most))}
}

func softAboveHard() Finding {
	verdict, evidence := paper.Holds, []string{}
	for g := 0; g <= paper.Generations; g++ {
		soft, _ := paper.LookupRecursive(paper.Soft, g, predictions.Test)
		hard, _ := paper.LookupRecursive(paper.Hard, g, predictions.Test)
		lead := of(soft.Accuracy).minus(of(hard.Accuracy))
		verdict = paper.All(verdict, lead.above(0))
		evidence = append(evidence, signed(lead.middle()))
	}
	return Finding{"4.4", "in each generation the soft chain's test accuracy is the higher one", verdict, strings.Join(evidence, ", ")}
}

// hardStaysNear: where the student's unc is printed with three decimals, rounding may decide.
func hardStaysNear(split predictions.Split) Finding {
	student, _ := paper.LookupRecursive(paper.Hard, 0, split)
	verdict, farthest, at := paper.Holds, span{}, 0
	for g := 1; g <= paper.Generations; g++ {
		row, _ := paper.LookupRecursive(paper.Hard, g, split)
		away := of(row.Uncertainty).minus(of(student.Uncertainty)).size()
		verdict = paper.All(verdict, away.below(paper.HardChange))
		if away.middle() > farthest.middle() {
			farthest, at = away, g
		}
	}
	return Finding{"4.4", fmt.Sprintf("in the hard chain unc stays within 0.003 of the hard student's on %s", split), verdict,
		fmt.Sprintf("farthest in generation %d: %s from %s, from %s to %s with rounding", at, fraction(farthest.middle()),
			student.Uncertainty.Text, fraction(farthest.low), fraction(farthest.high))}
}

func softGrows(split predictions.Split) Finding {
	verdict, evidence := paper.Holds, []string{}
	before := exactly(0)
	for g := 0; g <= paper.Generations; g++ {
		row, _ := paper.LookupRecursive(paper.Soft, g, split)
		now := of(row.Uncertainty)
		verdict = paper.All(verdict, now.minus(before).above(0))
		evidence, before = append(evidence, row.Uncertainty.Text), now
	}
	return Finding{"4.4", fmt.Sprintf("in the soft chain unc grows in each generation on %s", split), verdict, strings.Join(evidence, ", ")}
}
