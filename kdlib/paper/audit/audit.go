// Package audit holds the paper against itself: what its text says against its tables, and its tables against each other. Only
// the claims are typed in. The package computes every verdict from the printed numbers of package paper, and takes into account
// that each was rounded for print.
package audit

import (
	"slices"

	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/table"
)

// Finding is a claim of the paper, or a claim that its tables must satisfy, with the verdict and the numbers behind it.
type Finding struct {
	Where    string // section of the paper
	Claim    string
	Verdict  paper.Verdict
	Evidence string
}

// Findings are all findings in the order of the paper's sections.
func Findings() []Finding {
	return slices.Concat(Sizes(), Distillation(), Speed(), Confidence(), Uncertainty(), Recursion())
}

// Table lists findings.
func Table(title string, findings []Finding) table.Table {
	t := table.Table{Title: title, Columns: []table.Column{
		table.Text("section"), table.Text("claim"), table.Text("verdict"), table.Text("the numbers")}}
	for _, f := range findings {
		t.Add(f.Where, f.Claim, string(f.Verdict), f.Evidence)
	}
	return t
}

// CountTable counts the verdicts of findings.
func CountTable(findings []Finding) table.Table {
	t := table.Table{Title: "Verdicts", Columns: []table.Column{table.Text("verdict"), table.Number("findings")}}
	for _, v := range []paper.Verdict{paper.Holds, paper.Fails, paper.Undecided} {
		n := 0
		for _, f := range findings {
			if f.Verdict == v {
				n++
			}
		}
		t.Add(string(v), table.Fixed(float64(n), 0))
	}
	return t
}

var (
	models   = []string{paper.Teacher, paper.Classical, paper.Hard, paper.Soft}
	students = models[1:]
	splits   = []predictions.Split{predictions.Train, predictions.Validation, predictions.Test}
	chains   = []string{paper.Hard, paper.Soft}
)

// pictures is the size of the sets as section 3 states them: 70, 15 and 15 per cent of 25,000.
var pictures = map[predictions.Split]int{predictions.Train: 17500, predictions.Validation: 3750, predictions.Test: 3750}
