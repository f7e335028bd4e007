package audit

import (
	"fmt"
	"math"
	"strings"

	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
)

// Confidence are the findings on section 4.2: how predictions gather at the ends.
func Confidence() []Finding {
	findings := []Finding{outerBins(), innerBins(), mostConfident()}
	for _, model := range students {
		findings = append(findings, surerOnValidation(model))
	}
	for _, model := range []string{paper.Teacher, paper.Soft} {
		for _, split := range splits {
			findings = append(findings, doubtAboutDogs(model, split))
		}
	}
	for _, split := range splits {
		findings = append(findings, errsOnDogs(split))
	}
	return append(findings, sums(), counts())
}

func outerBins() Finding {
	verdict, evidence := paper.Holds, []string{}
	for _, h := range histograms() {
		if h.split == predictions.Train {
			outer := h.outer()
			verdict = paper.All(verdict, outer.above(paper.OuterShare))
			evidence = append(evidence, h.model+" "+fraction(outer.middle()))
		}
	}
	return Finding{"4.2", "on train more than 91% of every model's predictions lie in [0, 0.05) and [0.95, 1]", verdict, strings.Join(evidence, ", ")}
}

func innerBins() Finding {
	verdict, evidence, n := paper.Holds, []string{}, 0
	for _, h := range histograms() {
		if h.split == predictions.Train {
			continue
		}
		for i, f := range h.frequencies[:len(h.frequencies)-1] {
			if i == 0 {
				continue
			}
			n++
			if v := share(f).below(paper.InnerShare); v != paper.Holds {
				verdict = paper.All(verdict, v)
				evidence = append(evidence, fmt.Sprintf("%s, %s, %s: %s", h.split, h.model, h.bin(i), f.Text))
			}
		}
	}
	return Finding{"4.2", "on validation and test every inner bin stays below 0.015", verdict,
		fmt.Sprintf("%d of %d inner bins do not: %s", len(evidence), n, strings.Join(evidence, "; "))}
}

func mostConfident() Finding {
	verdict, evidence := paper.Holds, []string{}
	for _, split := range splits {
		teacher, _ := paper.LookupUncertainty(paper.Teacher, split)
		next := math.Inf(1)
		for _, model := range students {
			row, _ := paper.LookupUncertainty(model, split)
			verdict = paper.All(verdict, of(row.Uncertainty).minus(of(teacher.Uncertainty)).above(0))
			next = min(next, row.Uncertainty.Value)
		}
		evidence = append(evidence, fmt.Sprintf("%s: %s against at least %s", split, teacher.Uncertainty.Text, fraction(next)))
	}
	return Finding{"4.2, 4.3", "the teacher is the most confident: its unc is the lowest on every set", verdict, strings.Join(evidence, "; ")}
}

// surerOnValidation compares how many predictions lie in the two outermost bins: that is how section 4.2 shows confidence.
func surerOnValidation(model string) Finding {
	f := Finding{"4.2", who[model] + " became surer on validation than on test: more predictions lie in [0, 0.05) and [0.95, 1]", paper.Undecided, "its table is missing"}
	validation, known1 := histogramOf(predictions.Validation, model)
	test, known2 := histogramOf(predictions.Test, model)
	if !known1 || !known2 {
		return f
	}
	f.Verdict = validation.outer().minus(test.outer()).above(0)
	f.Evidence = fmt.Sprintf("%s against %s", fraction(validation.outer().middle()), fraction(test.outer().middle()))
	return f
}

// who names the models of claims.
var who = map[string]string{paper.Teacher: "the teacher", paper.Classical: "the classical student", paper.Hard: "the hard student", paper.Soft: "the soft student"}

// doubtAboutDogs compares the predictions in [0.5, 0.95) with those in [0.05, 0.5).
func doubtAboutDogs(model string, split predictions.Split) Finding {
	f := Finding{"4.2", fmt.Sprintf("%s is more in doubt about dogs than about cats on %s", who[model], split), paper.Undecided, "its table is missing"}
	h, known := histogramOf(split, model)
	if !known {
		return f
	}
	cats, dogs := h.doubt()
	f.Verdict = dogs.minus(cats).above(0)
	f.Evidence = fmt.Sprintf("in [0.5, 0.95) %s, in [0.05, 0.5) %s", fraction(dogs.middle()), fraction(cats.middle()))
	return f
}

// errsOnDogs counts the teacher's mistakes by class without having seen one: half of each set's pictures show dogs, so what it calls a
// dog beyond that half is how many more cats it mistakes than dogs. A prediction of 0.5 itself, in the bin above, is a cat; none is printed.
func errsOnDogs(split predictions.Split) Finding {
	f := Finding{"4.2", "the teacher errs more on dogs than on cats on " + string(split), paper.Undecided, "its table is missing"}
	h, known := histogramOf(split, paper.Teacher)
	if !known {
		return f
	}
	const half = 0.5
	bins := len(h.frequencies)
	more := h.between(bins/2, bins).minus(exactly(half))
	f.Verdict = exactly(0).minus(more).above(0)
	f.Evidence = fmt.Sprintf("it calls %s of the pictures dogs, and half are: %+.0f mistaken cats against dogs",
		fraction(half+more.middle()), more.middle()*float64(pictures[split]))
	return f
}

func sums() Finding {
	verdict, off, n := paper.Holds, 0.0, 0
	for _, h := range histograms() {
		verdict = paper.All(verdict, h.sumsToOne())
		off = max(off, math.Abs(h.sum()-1))
		n++
	}
	return Finding{"4.2", "each table of relative frequencies sums to 1 within rounding", verdict,
		fmt.Sprintf("%d tables, the farthest is off by %.5f", n, off)}
}

func counts() Finding {
	var odd []string
	for _, h := range histograms() {
		for _, i := range h.odd() {
			odd = append(odd, fmt.Sprintf("%s, %s, %s: %s", h.split, h.model, h.bin(i), h.frequencies[i].Text))
		}
	}
	verdict := paper.Holds
	if len(odd) > 0 {
		verdict = paper.Fails
	}
	return Finding{"4.2", "every relative frequency is a count of the set's 17500, 3750 or 3750 pictures", verdict,
		fmt.Sprintf("%d are not: %s", len(odd), strings.Join(odd, "; "))}
}
