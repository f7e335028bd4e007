package claims

import (
	"fmt"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"
)

// confidenceClaims are claim 4.
func confidenceClaims() []part {
	return []part{
		{4, "more than half of every model's predictions lie in [0, 0.05) and [0.95, 1] on every set (the paper: they crowd there)",
			"Wilson's interval of the share against a half: these are a tenth of the range", (*study).outerHalf},
		{4, "on train more than 91 % of every model's predictions lie in [0, 0.05) and [0.95, 1]", "Wilson's interval of the share", (*study).concentrated},
		{4, "on validation and test every bin between holds less than 0.015", "Wilson's interval of every share: the largest decide", (*study).innerBins},
		{4, "the teacher is the most confident: its unc is the lowest on every set", "bootstrap interval of each student's unc less the teacher's", (*study).teacherIsSurest},
	}
}

// outerShare is the share of a model's predictions on a set that lie in the two outermost bins, with Wilson's interval.
func (r *study) outerShare(model string, split predictions.Split) (shift, error) {
	h, err := r.Histogram(model, split, paper.BinWidth)
	if err != nil {
		return shift{}, err
	}
	outer := h.Counts[0] + h.Counts[len(h.Counts)-1]
	i, err := stats.Wilson(outer, h.Total, stats.Confidence)
	return shift{float64(outer) / float64(h.Total), i}, err
}

// share is a shift without its sign.
func share(s shift) string { return fmt.Sprintf("%.3f (%.3f to %.3f)", s.mean, s.Low, s.High) }

func (r *study) outerHalf() (paper.Verdict, string, error) {
	verdict, evidence := paper.Holds, []string{}
	for _, model := range folder.PaperModels {
		var least shift
		var where predictions.Split
		for _, split := range folder.Splits {
			outer, err := r.outerShare(model, split)
			if err != nil {
				return "", "", err
			}
			verdict = paper.All(verdict, above(outer.Interval, 0.5))
			if where == "" || outer.mean < least.mean {
				least, where = outer, split
			}
		}
		evidence = append(evidence, fmt.Sprintf("%s at least %s, on %s", model, share(least), where))
	}
	return verdict, joined(evidence), nil
}

func (r *study) concentrated() (paper.Verdict, string, error) {
	verdict, evidence := paper.Holds, []string{}
	for _, model := range folder.PaperModels {
		outer, err := r.outerShare(model, predictions.Train)
		if err != nil {
			return "", "", err
		}
		verdict = paper.All(verdict, above(outer.Interval, paper.OuterShare))
		evidence = append(evidence, fmt.Sprintf("%s %s", model, share(outer)))
	}
	return verdict, joined(evidence), nil
}

func (r *study) innerBins() (paper.Verdict, string, error) {
	verdict, inner, more, over := paper.Holds, 0, 0, 0
	largest, where := stats.Interval{}, ""
	for _, split := range []predictions.Split{predictions.Validation, predictions.Test} {
		for _, model := range folder.PaperModels {
			h, err := r.Histogram(model, split, paper.BinWidth)
			if err != nil {
				return "", "", err
			}
			for i := 1; i < len(h.Counts)-1; i++ {
				within, err := stats.Wilson(h.Counts[i], h.Total, stats.Confidence)
				if err != nil {
					return "", "", err
				}
				inner++
				if h.Frequency(i) >= paper.InnerShare {
					more++
				}
				v := below(within, paper.InnerShare)
				verdict = paper.All(verdict, v)
				if v == paper.Fails {
					over++
				}
				if within.Low >= largest.Low {
					largest, where = within, fmt.Sprintf("%s, %s, %s: %s", split, model, analysis.BinNames(h)[i], share(shift{h.Frequency(i), within}))
				}
			}
		}
	}
	return verdict, fmt.Sprintf("%d of %d bins hold as much or more, %d of them with all of their interval; the fullest: %s", more, inner, over, where), nil
}

// rowDoubt is the summand of (15) of a prediction.
func rowDoubt(row predictions.Row) float64 { return metrics.Doubt(row.P, distill.Threshold) }

func (r *study) teacherIsSurest() (paper.Verdict, string, error) {
	verdict, evidence := paper.Holds, []string{}
	var models [][2]string
	for _, student := range folder.Students {
		models = append(models, [2]string{student, paper.Teacher})
	}
	for _, split := range folder.Splits {
		differences, err := r.shifts(split, models, rowDoubt)
		if err != nil {
			return "", "", err
		}
		least := 0
		for i, d := range differences {
			verdict = paper.All(verdict, above(d.Interval, 0))
			if d.mean < differences[least].mean {
				least = i
			}
		}
		evidence = append(evidence, fmt.Sprintf("%s: %s less teacher %v", split, folder.Students[least], differences[least]))
	}
	return verdict, "the surest student; " + joined(evidence), nil
}

// doubtClaims are claim 5. What the teacher does not show, no student can have from it.
func doubtClaims() []part {
	const test = "exact sign test of the predictions in [0.5, 0.95) against those in [0.05, 0.5), 5 %, on every set"
	return []part{
		{5, "the teacher is more in doubt about dogs than about cats", test,
			func(r *study) (paper.Verdict, string, error) { return r.doubtsDogs(paper.Teacher) }},
		{5, "so is the soft student: it inherits that", test + "; undecided unless the teacher shows it", (*study).softInheritsDoubt},
		{5, "the hard student does not visibly", test + "; undecided unless the teacher and the soft student show it, and the soft one more of it: " +
			"bootstrap interval of the difference", (*study).hardDoesNotDoubtDogs},
	}
}

func (r *study) softInheritsDoubt() (paper.Verdict, string, error) {
	verdict, evidence, err := r.doubtsDogs(paper.Soft)
	if err != nil {
		return "", "", err
	}
	return r.ifTeacherDoubtsDogs(verdict, evidence)
}

// ifTeacherDoubtsDogs leaves a verdict on inheritance open where there is nothing to inherit.
func (r *study) ifTeacherDoubtsDogs(v paper.Verdict, evidence string) (paper.Verdict, string, error) {
	teacher, _, err := r.doubtsDogs(paper.Teacher)
	if err != nil {
		return "", "", err
	}
	if teacher != paper.Holds {
		return paper.Undecided, evidence + "; the teacher does not show it for certain", nil
	}
	return v, evidence, nil
}

// doubtsDogs decides on every set whether more unsure predictions lie on the side of dogs.
func (r *study) doubtsDogs(model string) (paper.Verdict, string, error) {
	verdict, evidence := paper.Holds, []string{}
	for _, split := range folder.Splits {
		v, text, err := r.doubtedClass(model, split)
		if err != nil {
			return "", "", err
		}
		verdict = paper.All(verdict, v)
		evidence = append(evidence, text)
	}
	return verdict, joined(evidence), nil
}

func (r *study) doubtedClass(model string, split predictions.Split) (paper.Verdict, string, error) {
	h, err := r.Histogram(model, split, paper.BinWidth)
	if err != nil {
		return "", "", err
	}
	cats, dogs := doubtByClass(h)
	t := stats.McNemar{First: dogs, Second: cats}
	last := len(h.Counts) - 1
	return ahead(t), fmt.Sprintf("%s %d against %d (p = %s), of %d and %d predictions", split, dogs, cats, table.PValue(t.P()), dogs+h.Counts[last], cats+h.Counts[0]), nil
}

// doubtByClass counts the predictions between the outermost bins: below one half and from it on.
func doubtByClass(h metrics.Histogram) (cats, dogs int) {
	for i, n := range h.Counts {
		switch side(h, i) {
		case -1:
			cats += n
		case 1:
			dogs += n
		}
	}
	return cats, dogs
}

// side is -1 for a bin below one half, 1 for one from it on, and 0 for the two outermost ones.
func side(h metrics.Histogram, bin int) int {
	switch last := len(h.Counts) - 1; {
	case bin == 0 || bin == last:
		return 0
	case bin < len(h.Counts)/2:
		return -1
	}
	return 1
}

func (r *study) hardDoesNotDoubtDogs() (paper.Verdict, string, error) {
	verdict, evidence := paper.Holds, []string{}
	for _, split := range folder.Splits {
		v, text, err := r.doubtedClass(paper.Hard, split)
		if err != nil {
			return "", "", err
		}
		if v == paper.Holds { // that there is more doubt about dogs
			verdict = paper.Fails
		}
		evidence = append(evidence, text)
	}
	if verdict == paper.Holds {
		soft, _, err := r.doubtsDogs(paper.Soft)
		if err != nil {
			return "", "", err
		}
		lean := paper.Undecided
		if soft == paper.Holds {
			if lean, err = r.softLeansMore(); err != nil {
				return "", "", err
			}
		}
		if lean != paper.Holds {
			verdict = paper.Undecided
			evidence = append(evidence, "the soft student does not show it for certain, or not more of it")
		}
	}
	return r.ifTeacherDoubtsDogs(verdict, joined(evidence))
}

// softLeansMore decides on every set whether the soft student has more unsure predictions on the side of dogs, less those on
// the side of cats, than the hard one. That one of two tests finds something and the other does not would not show it.
func (r *study) softLeansMore() (paper.Verdict, error) {
	verdict := paper.Holds
	for _, split := range folder.Splits {
		h, err := r.Histogram(paper.Soft, split, paper.BinWidth)
		if err != nil {
			return "", err
		}
		more, err := r.shifts(split, [][2]string{{paper.Soft, paper.Hard}}, func(row predictions.Row) float64 { return float64(side(h, h.Bin(row.P))) })
		if err != nil {
			return "", err
		}
		verdict = paper.All(verdict, above(more[0].Interval, 0))
	}
	return verdict, nil
}

// recursionClaims are claim 6.
func recursionClaims() []part {
	var parts []part
	for _, chain := range []string{paper.Hard, paper.Soft} {
		parts = append(parts, part{6, fmt.Sprintf("recursion lowers the %s chain's test accuracy by less than 3 %%", chain),
			"bootstrap interval of the loss since the first generation that compares against 0.03, every generation", func(r *study) (paper.Verdict, string, error) { return r.chainLosesLittle(chain) }})
	}
	return append(parts,
		part{6, "in the hard chain unc stays within 0.003 of the hard student's", "bootstrap interval of the difference from the first generation that compares, every generation and set", (*study).hardStaysNear},
		part{6, "in the soft chain unc grows on every set", "bootstrap interval of the growth from generation to generation", (*study).softGrows},
		part{6, "mostly on [0.5, 1]", "bootstrap interval of the growth there less that on [0, 0.5), the last generation against the first that compares, test set", (*study).softGrowsOnDogs},
		part{6, "at each step the soft chain's test accuracy is higher than the hard one's", "exact McNemar test, 5 %, every generation", (*study).softStaysAhead})
}

// alike lists the generations of a chain that are trained alike, the first of them is number from.
func (r *study) alike(chain string) (models []string, from int) {
	from = min(r.Recipe.FirstAlike(), r.Recipe.Generations)
	return r.Chain(chain)[from:], from
}

// toFirst pairs each generation of a chain with the one that it is measured against: the student, or the first that is
// trained as the others.
func (r *study) toFirst(chain string) (pairs [][2]string, from int) {
	models, from := r.alike(chain)
	for _, model := range models[1:] {
		pairs = append(pairs, [2]string{models[0], model})
	}
	return pairs, from
}

func (r *study) chainLosesLittle(chain string) (paper.Verdict, string, error) {
	pairs, from := r.toFirst(chain)
	lost, err := r.shifts(predictions.Test, pairs, right)
	if err != nil || len(lost) == 0 {
		return paper.NotTested, noGenerations, err
	}
	verdict, most := paper.Holds, 0
	for i, l := range lost {
		verdict = paper.All(verdict, below(l.Interval, paper.RecursionLoss))
		if l.mean > lost[most].mean {
			most = i
		}
	}
	return r.fewer(verdict, fmt.Sprintf("most in generation %d: %v", from+most+1, lost[most]), from)
}

const noGenerations = "the study has no generations"

func (r *study) hardStaysNear() (paper.Verdict, string, error) {
	verdict, evidence := paper.Holds, []string{}
	pairs, from := r.toFirst(paper.Hard)
	for _, split := range folder.Splits {
		changes, err := r.shifts(split, pairs, rowDoubt)
		if err != nil || len(changes) == 0 {
			return paper.NotTested, noGenerations, err
		}
		farthest := 0
		for i, m := range changes {
			verdict = paper.All(verdict, within(m.Interval, -paper.HardChange, paper.HardChange))
			if max(m.mean, -m.mean) > max(changes[farthest].mean, -changes[farthest].mean) {
				farthest = i
			}
		}
		evidence = append(evidence, fmt.Sprintf("%s: %s less generation %d %v", split, pairs[0][0], from+farthest+1, changes[farthest]))
	}
	return r.fewer(verdict, joined(evidence), from)
}

func (r *study) softGrows() (paper.Verdict, string, error) {
	verdict, evidence := paper.Holds, []string{}
	var steps [][2]string
	models, from := r.alike(paper.Soft)
	for i, model := range models[1:] {
		steps = append(steps, [2]string{model, models[i]})
	}
	for _, split := range folder.Splits {
		grown, err := r.shifts(split, steps, rowDoubt)
		if err != nil || len(grown) == 0 {
			return paper.NotTested, noGenerations, err
		}
		least := 0
		for i, g := range grown {
			verdict = paper.All(verdict, above(g.Interval, 0))
			if g.mean < grown[least].mean {
				least = i
			}
		}
		evidence = append(evidence, fmt.Sprintf("%s: least in generation %d %v", split, from+least+1, grown[least]))
	}
	return r.fewer(verdict, joined(evidence), from)
}

func (r *study) softGrowsOnDogs() (paper.Verdict, string, error) {
	chain, from := r.alike(paper.Soft)
	if len(chain) == 1 {
		return paper.NotTested, noGenerations, nil
	}
	class := func(row predictions.Row) float64 { return float64(distill.Class(row.P, distill.Threshold)) }
	var changes [3]shift
	for i, quantity := range []func(predictions.Row) float64{
		rowDoubt,
		func(row predictions.Row) float64 { return (2*class(row) - 1) * rowDoubt(row) },
		class,
	} {
		s, err := r.shifts(predictions.Test, [][2]string{{chain[len(chain)-1], chain[0]}}, quantity)
		if err != nil {
			return "", "", err
		}
		changes[i] = s[0]
	}
	grown, bySide, called := changes[0], changes[1], changes[2]
	if !grown.Above(0) {
		return paper.Undecided, fmt.Sprintf("unc did not grow for certain: %v", grown), nil
	}
	cats, dogs, err := r.doubtGrowth(chain[0], chain[len(chain)-1])
	if err != nil {
		return "", "", err
	}
	verdict := above(bySide.Interval, 0)
	if verdict == paper.Holds && dogs <= cats { // more predictions lie there, not more doubtful ones
		verdict = paper.Undecided
	}
	return r.fewer(verdict, fmt.Sprintf("of growth %s, the side of dogs has %v more; the share of all predictions that lie there changed by %s; for a prediction there unc grew by %s, for one on the other side by %s",
		table.Signed(grown.mean, table.Decimals), bySide, table.Signed(called.mean, table.Decimals), table.Signed(dogs, table.Decimals), table.Signed(cats, table.Decimals)), from)
}

// doubtGrowth is by how much the mean summand of (15) grew from one model to another on the test set, among the predictions "cat" of
// each and among its predictions "dog". Growth of their sum on a side may come from more predictions there alone.
func (r *study) doubtGrowth(first, last string) (cats, dogs float64, err error) {
	means := func(model string) (of [2]float64, err error) {
		predicted, err := r.Predictions(model, predictions.Test)
		if err != nil {
			return of, err
		}
		var count [2]float64
		for _, row := range predicted {
			class := distill.Class(row.P, distill.Threshold)
			count[class]++
			of[class] += rowDoubt(row)
		}
		for class := range of {
			of[class] /= max(count[class], 1)
		}
		return of, nil
	}
	before, err := means(first)
	if err != nil {
		return 0, 0, err
	}
	after, err := means(last)
	return after[0] - before[0], after[1] - before[1], err
}

func (r *study) softStaysAhead() (paper.Verdict, string, error) {
	if r.Recipe.Generations == 0 {
		return paper.NotTested, noGenerations, nil
	}
	verdict, evidence := paper.Holds, []string{}
	hard := r.Chain(paper.Hard)
	for i, soft := range r.Chain(paper.Soft) {
		pairs, err := r.Pairs(soft, hard[i], predictions.Test)
		if err != nil {
			return "", "", err
		}
		c := analysis.Compare(pairs, distill.Threshold)
		verdict = paper.All(verdict, ahead(c))
		evidence = append(evidence, fmt.Sprintf("%d: %s", i, lead(c)))
	}
	return r.fewer(verdict, joined(evidence), 0) // both chains train a generation alike
}
