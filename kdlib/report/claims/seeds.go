package claims

import (
	"errors"
	"fmt"
	"slices"

	"distillation/kdlib/paper"
	"distillation/kdlib/stats"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

// seeds are a quantity of two kinds of models, seed by seed.
type seeds struct{ first, second []float64 }

// seedBySeed pairs two kinds of models. The teacher, one network, is the same for each seed.
func (r *study) seedBySeed(first, second string, quantity func(model string) (float64, error)) (seeds, error) {
	over := func(kind string) ([]float64, error) {
		if kind != paper.Teacher {
			return r.OverSeeds(kind, quantity)
		}
		v, err := quantity(kind)
		return slices.Repeat([]float64{v}, r.Recipe.Seeds), err
	}
	a, err1 := over(first)
	b, err2 := over(second)
	return seeds{a, b}, errors.Join(err1, err2)
}

func (s seeds) swapped() seeds { return seeds{s.second, s.first} }

// shift is the mean difference with Student's interval. It is an error if the differences have no spread.
func (s seeds) shift(confidence float64) (shift, error) {
	i, err := stats.PairedT(s.first, s.second, confidence)
	return shift{stat.Mean(s.first, nil) - stat.Mean(s.second, nil), i}, err
}

// isAbove tests "first less second is more than bound" by the paired t-test. Its errors are those of shift.
func (s seeds) isAbove(bound float64) (test, error) {
	moved := make([]float64, len(s.second))
	floats.AddConst(bound, floats.AddTo(moved, moved, s.second))
	p, err := stats.PairedTTest(s.first, moved)
	if err != nil {
		return test{}, err
	}
	detectable, err := s.detectable()
	return test{p, stat.Mean(s.first, nil)-stat.Mean(moved, nil) > 0, detectable, 1}, err
}

// isWithin tests "first and second differ by less than the margin", by two one-sided tests, whose p-value is the second result.
// Its errors are those of shift.
func (s seeds) isWithin(margin float64) (alike test, p float64, err error) {
	if p, err = stats.PairedTOST(s.first, s.second, margin); err != nil {
		return test{}, 0, err
	}
	detectable, err := s.detectable()
	const even = 0.5 // above it the difference lies beyond the margin
	return test{min(p, 1-p), p < even, detectable, 1}, p, err
}

// detectable is the smallest difference that so many seeds would have found.
func (s seeds) detectable() (float64, error) {
	differences := make([]float64, len(s.first))
	floats.SubTo(differences, s.first, s.second)
	effect, err := stats.DetectableEffect(len(differences), stats.SignificanceLevel, stats.DefaultPower)
	return effect * stat.StdDev(differences, nil), err
}

// everyAbove tests over seeds that each of several differences is above 0.
func everyAbove(what string, names []string, all []seeds) (finding, error) {
	var tests []test
	var evidence []string
	for i, s := range all {
		difference, err1 := s.shift(stats.Confidence)
		t, err2 := s.isAbove(0)
		if err := errors.Join(err1, err2); err != nil {
			return open(paper.DesignCannotTell, names[i]+": "+err1.Error()), nil
		}
		tests = append(tests, t)
		evidence = append(evidence, fmt.Sprintf("%s %v", names[i], difference))
	}
	return finding{test: every(tests...), evidence: fmt.Sprintf("%s%s; over %d seeds", what, joined(evidence), len(all[0].first))}, nil
}
