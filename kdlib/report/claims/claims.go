// Package claims puts the paper's six claims to the test by what a study left on disk. Each claim has parts, and each part has
// the test that decides it.
package claims

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"distillation/kdlib/paper"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"
)

// Claim is a part of one of the paper's six claims that a study can check, with the test that decides it.
type Claim struct {
	Number   int    // 1 to 6
	Claim    string // the part, in words
	Test     string
	Tests    int     // elementary tests behind P; 0 where none decides
	P        float64 // two-sided, of all of them together; NaN where none decides
	Adjusted float64 // P after Holm's correction among the parts of the same number; the verdict follows it
	Verdict  paper.Verdict
	Evidence string // the numbers that the verdict rests on, or why there is none
}

// Outcome is the verdict in the words of a study: a claim that holds is "reproduced".
func (c Claim) Outcome() string {
	switch c.Verdict {
	case paper.Holds:
		return "reproduced"
	case paper.Fails:
		return "not reproduced"
	}
	return string(c.Verdict)
}

// PCells are P and Adjusted as tables show them, empty where no test decides.
func (c Claim) PCells() (p, adjusted string) {
	if math.IsNaN(c.P) {
		return "", ""
	}
	return table.PValue(c.P), table.PValue(c.Adjusted)
}

// study is the study that claims are held against.
type study struct{ *analysis.Study }

// part is a claim before it is decided.
type part struct {
	number      int
	claim, test string
	find        func(*study) (finding, error)
}

// Of decides every part of the claims with those numbers, or of all six, from the study's files. A part whose files are missing
// is not tested. Unreadable files are an error.
func Of(run *analysis.Study, numbers ...int) ([]Claim, error) {
	r := &study{run}
	var claims []Claim
	for _, parts := range [][]part{speedClaims(), accuracyClaims(), epochClaims(), confidenceClaims(), doubtClaims(), recursionClaims()} {
		if len(numbers) > 0 && !slices.Contains(numbers, parts[0].number) {
			continue
		}
		decided, err := r.decide(parts)
		if err != nil {
			return nil, err
		}
		claims = append(claims, decided...)
	}
	return claims, nil
}

// decide decides the parts of a claim together: each of them is a chance to be wrong about the claim.
func (r *study) decide(parts []part) ([]Claim, error) {
	findings := make([]finding, len(parts))
	for i, p := range parts {
		f, err := p.find(r)
		if reason, missing := r.missing(err); missing {
			f, err = open(paper.NotTested, reason), nil
		}
		if err != nil {
			return nil, fmt.Errorf("claims: claim %d: %s: %w", p.number, p.claim, err)
		}
		findings[i] = f
	}
	adjusted, err := adjust(findings)
	if err != nil {
		return nil, fmt.Errorf("claims: claim %d: %w", parts[0].number, err)
	}
	claims := make([]Claim, len(parts))
	for i, f := range findings {
		c := Claim{Number: parts[i].number, Claim: parts[i].claim, Test: parts[i].test, P: math.NaN(), Adjusted: adjusted[i]}
		if f.verdict == "" {
			c.Tests, c.P = f.tests, f.p
		}
		c.Verdict, c.Evidence = f.decided(adjusted[i])
		claims[i] = c
	}
	return claims, nil
}

// missing says whether an error is that of a file that is not there, and which one.
func (r *study) missing(err error) (reason string, ok bool) {
	var at *fs.PathError
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &at) {
		return "", false
	}
	name := at.Path
	if relative, err := filepath.Rel(r.Dir, at.Path); err == nil {
		name = filepath.ToSlash(relative)
	}
	return "the study has no " + name, true
}

// Table lists the claims of those numbers, or all, with their tests, verdicts and numbers.
func Table(run *analysis.Study, numbers ...int) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("The paper's claims, put to the test by the study %q", run.Recipe.Name),
		Columns: []table.Column{table.Number("claim"), table.Text("part"), table.Text("test"), table.Text("verdict"), table.Number("tests"), table.Number("p"),
			table.Number("p adjusted"), table.Text("the numbers")},
		Notes: []string{
			fmt.Sprintf("p is two-sided and of all tests of a part: that all of them hold the largest shows, that one fails the smallest times their number; "+
				"adjusted: by Holm among the parts of a claim; the verdict follows it at %.0f %%; intervals are of %.0f %% and not adjusted", 100*stats.SignificanceLevel, 100*stats.Confidence),
			fmt.Sprintf("%s: chance may explain the numbers; what could have been seen is the smallest distance from the bound that the weakest test of the part alone finds with a power of %.0f %%; "+
				"%s: what the part presupposes is not there; %s: more of such numbers would not answer it", paper.TooLittlePower, 100*stats.DefaultPower, paper.PremiseAbsent, paper.DesignCannotTell),
			"what is said of networks is said of these, each trained once; of the labels that they were taught only the mean over seeds speaks"},
	}
	claims, err := Of(run, numbers...)
	if err != nil {
		return t, err
	}
	for _, c := range claims {
		p, adjusted := c.PCells()
		tests := ""
		if c.Tests > 0 {
			tests = fmt.Sprint(c.Tests)
		}
		t.Add(fmt.Sprint(c.Number), c.Claim, c.Test, c.Outcome(), tests, p, adjusted, c.Evidence)
	}
	return t, nil
}

func joined(parts []string) string { return strings.Join(parts, "; ") }
