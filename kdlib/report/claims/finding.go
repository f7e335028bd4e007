package claims

import (
	"fmt"
	"math"

	"distillation/kdlib/paper"
	"distillation/kdlib/stats"
	"distillation/kdlib/table"
)

// test is what numbers that chance moves say about a statement.
type test struct {
	p          float64 // two-sided: how likely chance alone moves the numbers as far from the statement's bound
	holds      bool    // the numbers are on the statement's side of the bound
	detectable float64 // the smallest distance from the bound that is found at stats.SignificanceLevel with stats.DefaultPower
	tests      int     // elementary tests that it joins
}

// shown says whether the statement holds by more than chance.
func (t test) shown() bool { return t.holds && t.p < stats.SignificanceLevel }

// refuted says whether the statement fails by more than chance.
func (t test) refuted() bool { return !t.holds && t.p < stats.SignificanceLevel }

// not is the test of the contrary.
func (t test) not() test {
	t.holds = !t.holds
	return t
}

// every tests that all of several statements hold, the intersection-union test of Berger (1982): a statement that does not hold passes
// its own test by chance no more often than the level, and so do all of them together. The largest p-value counts, as it is. That
// one of them fails the smallest of those that speak against shows, times the number of statements: each had the chance to.
func every(tests ...test) test {
	joined := test{holds: true}
	least := math.Inf(1)
	for _, t := range tests {
		joined.tests += t.tests
		joined.detectable = max(joined.detectable, t.detectable)
		joined.p = max(joined.p, t.p)
		if !t.holds {
			joined.holds, least = false, min(least, t.p)
		}
	}
	if !joined.holds {
		joined.p = min(1, float64(len(tests))*least)
	}
	return joined
}

// isAbove tests "more than bound" of an estimate with a bootstrap interval.
func (s shift) isAbove(bound float64) test {
	err := s.StandardError(stats.Confidence)
	return test{stats.ZTest(s.mean-bound, err), s.mean > bound, stats.DetectableShift(err), 1}
}

// isBelow tests "less than bound".
func (s shift) isBelow(bound float64) test { return s.negative().isAbove(-bound) }

// isWithin tests "from low to high".
func (s shift) isWithin(low, high float64) test { return every(s.isAbove(low), s.isBelow(high)) }

func (s shift) negative() shift { return shift{-s.mean, stats.Interval{Low: -s.High, High: -s.Low}} }

// ahead tests "the first is right more often".
func ahead(t stats.McNemar) test {
	return test{t.P(), t.First > t.Second, stats.DetectableShift(math.Sqrt(float64(t.First+t.Second)) / float64(max(1, t.N()))), 1}
}

// finding is what the test of a part found, or why there is none.
type finding struct {
	test
	evidence string
	verdict  paper.Verdict // where no test decides
	ifHolds  string        // why the part, should its test say that it holds, does not follow
	ifFails  string        // the same, should it say that it fails
	unit     string        // of the smallest effect that could have been seen, if it is not that of the evidence
}

// open is a finding without a test.
func open(verdict paper.Verdict, evidence string) finding {
	return finding{verdict: verdict, evidence: evidence}
}

// because adds a reason to what the numbers say.
func (f finding) because(verdict paper.Verdict, reason string) finding {
	return open(verdict, f.evidence+"; "+reason)
}

// decided is the verdict at the adjusted p-value, and the evidence with what it takes to read the verdict.
func (f finding) decided(adjusted float64) (paper.Verdict, string) {
	if f.verdict != "" {
		return f.verdict, f.evidence
	}
	if !(adjusted < stats.SignificanceLevel) {
		return paper.TooLittlePower, fmt.Sprintf("%s; could have seen %s%s", f.evidence, table.Fixed(f.detectable, table.Decimals), f.unit)
	}
	verdict, against := paper.Fails, f.ifFails
	if f.holds {
		verdict, against = paper.Holds, f.ifHolds
	}
	if against != "" {
		return paper.DesignCannotTell, f.evidence + "; " + against
	}
	return verdict, f.evidence
}

// adjust are the findings' p-values after Holm's correction among them; NaN where there is no test.
func adjust(findings []finding) ([]float64, error) {
	var p []float64
	for _, f := range findings {
		if f.verdict == "" {
			p = append(p, f.p)
		}
	}
	corrected, err := stats.Holm(p)
	if err != nil {
		return nil, err
	}
	adjusted := make([]float64, len(findings))
	for i, f := range findings {
		if adjusted[i] = math.NaN(); f.verdict == "" {
			adjusted[i], corrected = corrected[0], corrected[1:]
		}
	}
	return adjusted, nil
}
