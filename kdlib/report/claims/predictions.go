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

	"gonum.org/v1/gonum/floats"
)

// confidenceClaims are claim 4.
func confidenceClaims() []part {
	return []part{
		{4, "more than half of every model's predictions lie in [0, 0.05) and [0.95, 1] on every set (the paper: they crowd there)",
			"Wilson's interval of the share against a half: these are a tenth of the range", (*study).outerHalf},
		{4, "on train more than 91 % of every model's predictions lie in [0, 0.05) and [0.95, 1]", "Wilson's interval of the share", (*study).concentrated},
		{4, "on validation and test every bin between holds less than 0.015", "Wilson's interval of every share", (*study).innerBins},
		{4, "the teacher is the most confident: its unc is the lowest on every set", "bootstrap interval of each student's unc less the teacher's", (*study).teacherIsSurest},
		{4, "the students are surer on train than on validation and test", "bootstrap interval of each student's unc there less that on train", (*study).surerOnTrain},
		{4, "on train the soft student has less than the classical one in every bin from 0.05 to 0.5",
			"exact sign test of the pictures that only one of the two has in the bin, every bin; of several seeds paired t-tests of the bin's share", (*study).softBelowClassical},
		{4, "the hard student is the least sure on train", "bootstrap interval of its unc less each other model's; of several seeds paired t intervals", (*study).hardIsLeastSure},
	}
}

// count are k of n predictions, with Wilson's interval of their share.
type count struct {
	k, n int
	stats.Interval
}

func newCount(k, n int) (count, error) {
	i, err := stats.Wilson(k, n, stats.Confidence)
	return count{k, n, i}, err
}

func (c count) share() float64 { return float64(c.k) / float64(c.n) }

func (c count) String() string { return fmt.Sprintf("%.3f (%.3f to %.3f)", c.share(), c.Low, c.High) }

// isAbove tests "a share of more than bound".
func (c count) isAbove(bound float64) test {
	return test{stats.ScoreTest(c.k, c.n, bound), c.share() > bound, stats.DetectableShift(stats.ScoreError(c.n, bound)), 1}
}

// isBelow tests "a share of less than bound".
func (c count) isBelow(bound float64) test { return count{k: c.n - c.k, n: c.n}.isAbove(1 - bound) }

// outer counts a model's predictions on a set that lie in the two outermost bins.
func (r *study) outer(model string, split predictions.Split) (count, error) {
	h, err := r.Histogram(model, split, paper.BinWidth)
	if err != nil {
		return count{}, err
	}
	return newCount(h.Counts[0]+h.Counts[len(h.Counts)-1], h.Total)
}

func (r *study) outerHalf() (finding, error) {
	var tests []test
	var evidence []string
	for _, model := range folder.PaperModels {
		var least count
		var where predictions.Split
		for _, split := range folder.Splits {
			outer, err := r.outer(model, split)
			if err != nil {
				return finding{}, err
			}
			tests = append(tests, outer.isAbove(0.5))
			if where == "" || outer.share() < least.share() {
				least, where = outer, split
			}
		}
		evidence = append(evidence, fmt.Sprintf("%s at least %v, on %s", model, least, where))
	}
	return finding{test: every(tests...), evidence: joined(evidence)}, nil
}

func (r *study) concentrated() (finding, error) {
	var tests []test
	var evidence []string
	for _, model := range folder.PaperModels {
		outer, err := r.outer(model, predictions.Train)
		if err != nil {
			return finding{}, err
		}
		tests = append(tests, outer.isAbove(paper.OuterShare))
		evidence = append(evidence, fmt.Sprintf("%s %v", model, outer))
	}
	return finding{test: every(tests...), evidence: joined(evidence)}, nil
}

func (r *study) innerBins() (finding, error) {
	var tests []test
	more, over := 0, 0
	largest, where := stats.Interval{}, ""
	for _, split := range []predictions.Split{predictions.Validation, predictions.Test} {
		for _, model := range folder.PaperModels {
			h, err := r.Histogram(model, split, paper.BinWidth)
			if err != nil {
				return finding{}, err
			}
			for i := 1; i < len(h.Counts)-1; i++ {
				bin, err := newCount(h.Counts[i], h.Total)
				if err != nil {
					return finding{}, err
				}
				tests = append(tests, bin.isBelow(paper.InnerShare))
				if bin.share() >= paper.InnerShare {
					more++
				}
				if bin.Low >= paper.InnerShare {
					over++
				}
				if bin.Low >= largest.Low {
					largest, where = bin.Interval, fmt.Sprintf("%s, %s, %s: %v", split, model, analysis.BinNames(h)[i], bin)
				}
			}
		}
	}
	return finding{test: every(tests...),
		evidence: fmt.Sprintf("%d of %d bins hold as much or more, %d of them with all of their interval; the fullest: %s", more, len(tests), over, where)}, nil
}

// rowDoubt is the summand of (15) of a prediction.
func rowDoubt(row predictions.Row) float64 { return metrics.Doubt(row.P, distill.Threshold) }

func (r *study) teacherIsSurest() (finding, error) {
	var tests []test
	var evidence []string
	var models [][2]string
	for _, student := range folder.Students {
		models = append(models, [2]string{student, paper.Teacher})
	}
	for _, split := range folder.Splits {
		differences, err := r.shifts(split, models, rowDoubt)
		if err != nil {
			return finding{}, err
		}
		least := 0
		for i, d := range differences {
			tests = append(tests, d.isAbove(0))
			if d.mean < differences[least].mean {
				least = i
			}
		}
		evidence = append(evidence, fmt.Sprintf("%s: %s less teacher %v", split, folder.Students[least], differences[least]))
	}
	return finding{test: every(tests...), evidence: "the surest student; " + joined(evidence)}, nil
}

func (r *study) surerOnTrain() (finding, error) {
	var tests []test
	var evidence []string
	everyone := func(predictions.Row) bool { return true }
	for _, student := range folder.Students {
		train, err := r.Predictions(student, predictions.Train)
		if err != nil {
			return finding{}, err
		}
		for _, split := range []predictions.Split{predictions.Validation, predictions.Test} {
			other, err := r.Predictions(student, split)
			if err != nil {
				return finding{}, err
			}
			var more shift
			column := more.between(newGroup(other, rowDoubt, everyone), newGroup(train, rowDoubt, everyone))
			if err := analysis.BootstrapMeans([]analysis.Column{column}); err != nil {
				return finding{}, err
			}
			tests = append(tests, more.isAbove(0))
			evidence = append(evidence, fmt.Sprintf("%s: %s less train %v", student, split, more))
		}
	}
	return finding{test: every(tests...), evidence: joined(evidence)}, nil
}

func (r *study) softBelowClassical() (finding, error) {
	if r.Recipe.Seeds > 1 {
		return r.softBelowClassicalOverSeeds()
	}
	h, err := r.Histogram(paper.Classical, predictions.Train, paper.BinWidth)
	if err != nil {
		return finding{}, err
	}
	pairs, err := r.Pairs(paper.Classical, paper.Soft, predictions.Train)
	if err != nil {
		return finding{}, err
	}
	var tests []test
	fewer, certain, highest, where := 0, 0, 0, ""
	for _, bin := range below(h) {
		t := onlyOne(pairs, h, bin)
		v := ahead(t)
		tests = append(tests, v)
		if v.holds {
			fewer++
		}
		if v.shown() {
			certain++
		}
		if more := t.Second - t.First; where == "" || more > highest {
			highest, where = more, fmt.Sprintf("%s: %+d pictures (p = %s)", analysis.BinNames(h)[bin], more, table.PValue(t.P()))
		}
	}
	return ofNetworks(every(tests...), fmt.Sprintf("less in %d of %d bins, in %d by more than chance; soft less classical at most in %s", fewer, len(tests), certain, where)), nil
}

// below are the bins below one half but for the first.
func below(h metrics.Histogram) (bins []int) {
	for bin := range h.Counts {
		if side(h, bin) < 0 {
			bins = append(bins, bin)
		}
	}
	return bins
}

// onlyOne counts the pictures that only the first model, or only the second, has in a bin.
func onlyOne(pairs []analysis.Pair, h metrics.Histogram, bin int) (t stats.McNemar) {
	for _, p := range pairs {
		switch first, second := h.Bin(p.P) == bin, h.Bin(p.Other) == bin; {
		case first && second:
			t.Both++
		case first:
			t.First++
		case second:
			t.Second++
		default:
			t.Neither++
		}
	}
	return t
}

func (r *study) softBelowClassicalOverSeeds() (finding, error) {
	h, err := r.Histogram(paper.Classical, predictions.Train, paper.BinWidth)
	if err != nil {
		return finding{}, err
	}
	bins := below(h)
	var bin int
	share := func(model string) (float64, error) {
		of, err := r.Histogram(model, predictions.Train, paper.BinWidth)
		if err != nil {
			return 0, err
		}
		return of.Frequency(bin), nil
	}
	var all []seeds
	var names []string
	for _, bin = range bins {
		s, err := r.seedBySeed(paper.Classical, paper.Soft, share)
		if err != nil {
			return finding{}, err
		}
		all, names = append(all, s), append(names, analysis.BinNames(h)[bin])
	}
	return everyAbove("classical less soft: ", names, all)
}

func (r *study) hardIsLeastSure() (finding, error) {
	var others []string
	var models [][2]string
	for _, model := range folder.PaperModels {
		if model != paper.Hard {
			others, models = append(others, model), append(models, [2]string{paper.Hard, model})
		}
	}
	if r.Recipe.Seeds > 1 {
		return r.hardIsLeastSureOverSeeds(others)
	}
	differences, err := r.shifts(predictions.Train, models, rowDoubt)
	if err != nil {
		return finding{}, err
	}
	var tests []test
	var evidence []string
	for i, d := range differences {
		tests = append(tests, d.isAbove(0))
		evidence = append(evidence, fmt.Sprintf("%s %v", others[i], d))
	}
	return ofNetworks(every(tests...), "hard less "+joined(evidence)), nil
}

func (r *study) hardIsLeastSureOverSeeds(others []string) (finding, error) {
	var all []seeds
	for _, other := range others {
		s, err := r.seedBySeed(paper.Hard, other, func(model string) (float64, error) {
			of, err := r.Score(model, predictions.Train, analysis.GroundTruth, distill.Threshold)
			return of.Uncertainty, err
		})
		if err != nil {
			return finding{}, err
		}
		all = append(all, s)
	}
	return everyAbove("hard less ", others, all)
}

// doubtClaims are claim 5. What the teacher does not show, no student can have from it.
func doubtClaims() []part {
	const how = "exact sign test of the predictions in [0.5, 0.95) against those in [0.05, 0.5), on every set"
	return []part{
		{5, "the teacher is more in doubt about dogs than about cats", how,
			func(r *study) (finding, error) { return r.doubtsDogs(paper.Teacher) }},
		{5, "so is the soft student: it inherits that", how + "; presupposes that the teacher shows it", (*study).softInheritsDoubt},
		{5, "the hard student does not visibly", how + " refutes; that the soft student shows it, and more of it by the bootstrap interval of the difference, confirms; " +
			"presupposes that the teacher shows it", (*study).hardDoesNotDoubtDogs},
		{5, "the teacher errs more on dogs than on cats", "bootstrap interval of its share of errors on dogs less that on cats, on validation and test", (*study).teacherErrsOnDogs},
	}
}

func (r *study) teacherErrsOnDogs() (finding, error) {
	wrong := func(row predictions.Row) float64 { return 1 - right(row) }
	dog := func(row predictions.Row) bool { return distill.Class(row.Label, distill.Threshold) == 1 }
	var tests []test
	var evidence []string
	for _, split := range []predictions.Split{predictions.Validation, predictions.Test} {
		predicted, err := r.Predictions(paper.Teacher, split)
		if err != nil {
			return finding{}, err
		}
		dogs, cats := newGroup(predicted, wrong, dog), newGroup(predicted, wrong, func(row predictions.Row) bool { return !dog(row) })
		if len(dogs.values) == 0 || len(cats.values) == 0 {
			return open(paper.NotTested, fmt.Sprintf("%s has pictures of one class only", split)), nil
		}
		var more shift
		if err := analysis.BootstrapMeans([]analysis.Column{more.between(dogs, cats)}); err != nil {
			return finding{}, err
		}
		tests = append(tests, more.isAbove(0))
		evidence = append(evidence, fmt.Sprintf("%s: dogs less cats %v, %.0f errors against %.0f", split, more, floats.Sum(dogs.values), floats.Sum(cats.values)))
	}
	return finding{test: every(tests...), evidence: joined(evidence)}, nil
}

func (r *study) softInheritsDoubt() (finding, error) {
	f, err := r.doubtsDogs(paper.Soft)
	if err != nil {
		return finding{}, err
	}
	return r.ifTeacherDoubtsDogs(f)
}

// ifTeacherDoubtsDogs leaves a finding on inheritance open where there is nothing to inherit.
func (r *study) ifTeacherDoubtsDogs(f finding) (finding, error) {
	teacher, err := r.doubtsDogs(paper.Teacher)
	if err != nil {
		return finding{}, err
	}
	if !teacher.shown() {
		return f.because(paper.PremiseAbsent, "the teacher does not show it for certain"), nil
	}
	return f, nil
}

// doubtsDogs decides on every set whether more unsure predictions lie on the side of dogs.
func (r *study) doubtsDogs(model string) (finding, error) {
	var tests []test
	var evidence []string
	for _, split := range folder.Splits {
		t, text, err := r.doubtedClass(model, split)
		if err != nil {
			return finding{}, err
		}
		tests = append(tests, t)
		evidence = append(evidence, text)
	}
	return finding{test: every(tests...), evidence: joined(evidence)}, nil
}

func (r *study) doubtedClass(model string, split predictions.Split) (test, string, error) {
	h, err := r.Histogram(model, split, paper.BinWidth)
	if err != nil {
		return test{}, "", err
	}
	cats, dogs := doubtByClass(h)
	t := stats.McNemar{First: dogs, Second: cats, Neither: h.Total - dogs - cats}
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

// hardDoesNotDoubtDogs is refuted by one set on which the hard student shows it. That no test finds it would not confirm the part:
// the soft student must show it, and more of it.
func (r *study) hardDoesNotDoubtDogs() (finding, error) {
	var without []test
	var evidence []string
	for _, split := range folder.Splits {
		t, text, err := r.doubtedClass(paper.Hard, split)
		if err != nil {
			return finding{}, err
		}
		without = append(without, t.not())
		evidence = append(evidence, text)
	}
	f := finding{test: every(without...), evidence: joined(evidence)}
	if f.refuted() {
		return r.ifTeacherDoubtsDogs(f)
	}
	soft, err := r.doubtsDogs(paper.Soft)
	if err != nil {
		return finding{}, err
	}
	f.test = soft.test
	if soft.shown() {
		leans, err := r.softLeansMore()
		if err != nil {
			return finding{}, err
		}
		f.test = every(soft.test, leans)
	}
	if !f.shown() {
		f.p = 1 // nothing refutes the part, and nothing confirms it
		f.evidence += "; the soft student does not show it for certain, or not more of it"
	}
	return r.ifTeacherDoubtsDogs(f)
}

// softLeansMore decides on every set whether the soft student has more unsure predictions on the side of dogs, less those on
// the side of cats, than the hard one. That one of two tests finds something and the other does not would not show it.
func (r *study) softLeansMore() (test, error) {
	var tests []test
	for _, split := range folder.Splits {
		h, err := r.Histogram(paper.Soft, split, paper.BinWidth)
		if err != nil {
			return test{}, err
		}
		more, err := r.shifts(split, [][2]string{{paper.Soft, paper.Hard}}, func(row predictions.Row) float64 { return float64(side(h, h.Bin(row.P))) })
		if err != nil {
			return test{}, err
		}
		tests = append(tests, more[0].isAbove(0))
	}
	return every(tests...), nil
}

// recursionClaims are claim 6.
func recursionClaims() []part {
	var parts []part
	for _, chain := range []string{paper.Hard, paper.Soft} {
		parts = append(parts, part{6, fmt.Sprintf("recursion lowers the %s chain's test accuracy by less than 3 %%", chain),
			"bootstrap interval of the loss since the first generation that compares against 0.03, every generation", func(r *study) (finding, error) { return r.chainLosesLittle(chain) }})
	}
	return append(parts,
		part{6, "recursion gives networks as good as those that the large network taught",
			fmt.Sprintf("bootstrap interval of what each generation loses on the test set against its chain's student, below %v, if that was trained alike", margin), (*study).recursionIsAsGood},
		part{6, "in the hard chain unc stays within 0.003 of the hard student's", "bootstrap interval of the difference from the first generation that compares, every generation and set", (*study).hardStaysNear},
		part{6, "in the soft chain unc grows on every set", "bootstrap interval of the growth from generation to generation that compares, every set", (*study).softGrows},
		part{6, "mostly on [0.5, 1]", "bootstrap interval of the growth there less that on [0, 0.5), the last generation against the first that compares, test set; " +
			"presupposes that unc grew", (*study).softGrowsOnDogs},
		part{6, "at each step the soft chain's test accuracy is higher than the hard one's", "exact McNemar test, every generation", (*study).softStaysAhead})
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

// along is a finding on a chain with what the chain leaves open. from is the first generation that is trained as the later ones.
func (r *study) along(f finding, from int) finding {
	if from > 0 {
		f.evidence += fmt.Sprintf("; from generation %d on, the first that is trained as the later ones", from)
	}
	if trained := r.Recipe.Generations; f.ifHolds == "" && trained < paper.Generations {
		f.ifHolds = fmt.Sprintf("so far: %d of %d generations", trained, paper.Generations)
	}
	if generation, student := r.Recipe.Generation(1).Epochs, r.Recipe.Student.Epochs; generation < student {
		f.ifFails = fmt.Sprintf("each generation is one network of %d epochs, where the student had %d: short training may be why", generation, student)
	}
	return f
}

// asLong is along of a finding on what the chain does as a whole: fewer steps than the paper's do not confirm it.
func (r *study) asLong(f finding, from int) finding {
	if steps := r.Recipe.Generations - from; from > 0 && r.Recipe.Generations >= paper.Generations {
		f.ifHolds = fmt.Sprintf("it holds in the %d steps of %d that compare", steps, paper.Generations)
	}
	return r.along(f, from)
}

func (r *study) chainLosesLittle(chain string) (finding, error) {
	pairs, from := r.toFirst(chain)
	lost, err := r.shifts(predictions.Test, pairs, right)
	if err != nil || len(lost) == 0 {
		return open(paper.NotTested, noGenerations), err
	}
	var tests []test
	most := 0
	for i, l := range lost {
		tests = append(tests, l.isBelow(paper.RecursionLoss))
		if l.mean > lost[most].mean {
			most = i
		}
	}
	return r.asLong(finding{test: every(tests...), evidence: fmt.Sprintf("most in generation %d: %v", from+most+1, lost[most])}, from), nil
}

// recursionIsAsGood holds every generation of both chains against the student that the large network taught.
func (r *study) recursionIsAsGood() (finding, error) {
	if r.Recipe.Generations == 0 {
		return open(paper.NotTested, noGenerations), nil
	}
	var tests []test
	var evidence []string
	for _, chain := range []string{paper.Hard, paper.Soft} {
		var pairs [][2]string
		for _, model := range r.Chain(chain)[1:] {
			pairs = append(pairs, [2]string{chain, model})
		}
		lost, err := r.shifts(predictions.Test, pairs, right)
		if err != nil {
			return finding{}, err
		}
		most := 0
		for i, l := range lost {
			tests = append(tests, l.isBelow(margin))
			if l.mean > lost[most].mean {
				most = i
			}
		}
		evidence = append(evidence, fmt.Sprintf("%s: most in generation %d: %v", chain, most+1, lost[most]))
	}
	f := finding{test: every(tests...), evidence: joined(evidence)}
	if r.Recipe.FirstAlike() > 0 {
		return f.because(paper.DesignCannotTell, "the students were trained otherwise than the generations, which may be why"), nil
	}
	return r.along(f, 0), nil
}

const noGenerations = "the study has no generations"

func (r *study) hardStaysNear() (finding, error) {
	var tests []test
	var evidence []string
	pairs, from := r.toFirst(paper.Hard)
	for _, split := range folder.Splits {
		changes, err := r.shifts(split, pairs, rowDoubt)
		if err != nil || len(changes) == 0 {
			return open(paper.NotTested, noGenerations), err
		}
		farthest := 0
		for i, m := range changes {
			tests = append(tests, m.isWithin(-paper.HardChange, paper.HardChange))
			if max(m.mean, -m.mean) > max(changes[farthest].mean, -changes[farthest].mean) {
				farthest = i
			}
		}
		evidence = append(evidence, fmt.Sprintf("%s: %s less generation %d %v", split, pairs[0][0], from+farthest+1, changes[farthest]))
	}
	return r.asLong(finding{test: every(tests...), evidence: joined(evidence)}, from), nil
}

func (r *study) softGrows() (finding, error) {
	var tests []test
	var evidence []string
	var steps [][2]string
	models, from := r.alike(paper.Soft)
	for i, model := range models[1:] {
		steps = append(steps, [2]string{model, models[i]})
	}
	for _, split := range folder.Splits {
		grown, err := r.shifts(split, steps, rowDoubt)
		if err != nil || len(grown) == 0 {
			return open(paper.NotTested, noGenerations), err
		}
		least := 0
		for i, g := range grown {
			tests = append(tests, g.isAbove(0))
			if g.mean < grown[least].mean {
				least = i
			}
		}
		evidence = append(evidence, fmt.Sprintf("%s: least in generation %d %v", split, from+least+1, grown[least]))
	}
	return r.along(finding{test: every(tests...), evidence: joined(evidence)}, from), nil
}

func (r *study) softGrowsOnDogs() (finding, error) {
	chain, from := r.alike(paper.Soft)
	if len(chain) == 1 {
		return open(paper.NotTested, noGenerations), nil
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
			return finding{}, err
		}
		changes[i] = s[0]
	}
	grown, bySide, called := changes[0], changes[1], changes[2]
	if !grown.isAbove(0).shown() {
		return open(paper.PremiseAbsent, fmt.Sprintf("unc did not grow for certain: %v", grown)), nil
	}
	cats, dogs, err := r.doubtGrowth(chain[0], chain[len(chain)-1])
	if err != nil {
		return finding{}, err
	}
	f := finding{test: bySide.isAbove(0), evidence: fmt.Sprintf("of growth %s, the side of dogs has %v more; the share of all predictions that lie there changed by %s; for a prediction there unc grew by %s, for one on the other side by %s",
		table.Signed(grown.mean, table.Decimals), bySide, table.Signed(called.mean, table.Decimals), table.Signed(dogs, table.Decimals), table.Signed(cats, table.Decimals))}
	if dogs <= cats {
		f.ifHolds = "more predictions lie there, not more doubtful ones"
	}
	return r.along(f, from), nil
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

func (r *study) softStaysAhead() (finding, error) {
	if r.Recipe.Generations == 0 {
		return open(paper.NotTested, noGenerations), nil
	}
	var tests []test
	var evidence []string
	hard := r.Chain(paper.Hard)
	for i, soft := range r.Chain(paper.Soft) {
		pairs, err := r.Pairs(soft, hard[i], predictions.Test)
		if err != nil {
			return finding{}, err
		}
		c := analysis.Compare(pairs, distill.Threshold)
		tests = append(tests, ahead(c))
		evidence = append(evidence, fmt.Sprintf("%d: %s", i, lead(c)))
	}
	return r.along(finding{test: every(tests...), evidence: joined(evidence)}, 0), nil // both chains train a generation alike
}
