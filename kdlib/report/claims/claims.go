// Package claims puts the paper's six claims to the test by what a study left on disk. Each claim has parts, and each part has
// the test that decides it.
package claims

import (
	"errors"
	"fmt"
	"io/fs"
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
	Verdict  paper.Verdict
	Evidence string // the numbers that the verdict rests on, or why there is none
}

// Outcome is the verdict in the words of a study. A claim that holds is "reproduced". An undecided one is "undecided at this
// size": there are too few pictures, seeds, epochs or generations to tell.
func (c Claim) Outcome() string {
	switch c.Verdict {
	case paper.Holds:
		return "reproduced"
	case paper.Fails:
		return "not reproduced"
	case paper.Undecided:
		return "undecided at this size"
	}
	return string(c.Verdict)
}

// study is the study that claims are held against.
type study struct{ *analysis.Study }

// part is a claim before it is decided.
type part struct {
	number      int
	claim, test string
	decide      func(*study) (paper.Verdict, string, error)
}

// Of decides every part of the claims with those numbers, or of all six, from the study's files. A part whose files are missing
// is not tested. Unreadable files are an error.
func Of(run *analysis.Study, numbers ...int) ([]Claim, error) {
	r := &study{run}
	var claims []Claim
	for _, p := range slices.Concat(speedClaims(), accuracyClaims(), epochClaims(), confidenceClaims(), doubtClaims(), recursionClaims()) {
		if len(numbers) > 0 && !slices.Contains(numbers, p.number) {
			continue
		}
		verdict, evidence, err := p.decide(r)
		if reason, missing := r.missing(err); missing {
			verdict, evidence, err = paper.NotTested, reason, nil
		}
		if err != nil {
			return nil, fmt.Errorf("claims: claim %d: %s: %w", p.number, p.claim, err)
		}
		claims = append(claims, Claim{p.number, p.claim, p.test, verdict, evidence})
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
		Columns: []table.Column{table.Number("claim"), table.Text("part"), table.Text("test"), table.Text("verdict"),
			table.Text("the numbers")},
		Notes: []string{fmt.Sprintf("intervals are of %.0f %%, tests two-sided and of %.0f %%: a part with one test and no truth in it is refuted or reproduced by chance about once in twenty times; "+
			"a part with several, of which all must hold, is refuted by chance more often and reproduced more rarely",
			100*stats.Confidence, 100*stats.SignificanceLevel),
			"what is said of networks is said of these, each trained once; of the labels that they were taught only the mean over seeds speaks"},
	}
	claims, err := Of(run, numbers...)
	if err != nil {
		return t, err
	}
	for _, c := range claims {
		t.Add(fmt.Sprint(c.Number), c.Claim, c.Test, c.Outcome(), c.Evidence)
	}
	return t, nil
}

// below is the verdict on "less than bound".
func below(i stats.Interval, bound float64) paper.Verdict {
	switch {
	case i.High < bound:
		return paper.Holds
	case i.Low >= bound:
		return paper.Fails
	}
	return paper.Undecided
}

// above is the verdict on "more than bound".
func above(i stats.Interval, bound float64) paper.Verdict {
	return below(stats.Interval{Low: -i.High, High: -i.Low}, -bound)
}

// within is the verdict on "from low to high".
func within(i stats.Interval, low, high float64) paper.Verdict {
	return paper.All(above(i, low), below(i, high))
}

// ahead is the verdict on "the first is right more often".
func ahead(t stats.McNemar) paper.Verdict {
	switch {
	case t.P() >= stats.SignificanceLevel:
		return paper.Undecided
	case t.First > t.Second:
		return paper.Holds
	}
	return paper.Fails
}

// fewer is added to the evidence of what holds for as many steps of a chain as there are, but not for the paper's: the chain
// may be shorter, and its first steps do not count where the generation from is the first that is trained as the later ones.
func (r *study) fewer(v paper.Verdict, evidence string, from int) (paper.Verdict, string, error) {
	if from > 0 {
		evidence += fmt.Sprintf("; from generation %d on, the first that is trained as the later ones", from)
	}
	if v != paper.Holds {
		return v, evidence, nil
	}
	if trained := r.Recipe.Generations; trained < paper.Generations {
		return paper.Undecided, fmt.Sprintf("%s; so far: %d of %d generations", evidence, trained, paper.Generations), nil
	}
	if from > 0 {
		return paper.Undecided, fmt.Sprintf("%s; it holds in the %d steps of %d that compare", evidence, r.Recipe.Generations-from, paper.Generations), nil
	}
	return v, evidence, nil
}

func joined(parts []string) string { return strings.Join(parts, "; ") }
