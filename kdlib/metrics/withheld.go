package metrics

import (
	"cmp"
	"math"
	"slices"

	"distillation/kdlib/distill"

	"gonum.org/v1/gonum/integrate"
)

// Answers are the predictions of a model that may say nothing: those that it gives, and how many it withholds.
type Answers struct {
	Confusion
	Withheld int
}

// Withhold counts predictions of which those above low and up to high are withheld: up to low they are "cat", above high "dog".
// At low = high nothing is withheld. It is an error if low is above high or one of them is NaN.
func Withhold(p, y []float64, low, high float64) (Answers, error) {
	if err := checkWithheld(low, high); err != nil {
		return Answers{}, err
	}
	counts, err := Sweep(p, y, []float64{low, high})
	if err != nil {
		return Answers{}, err
	}
	cats, dogs := counts[0], counts[1]
	given := Confusion{TruePositive: dogs.TruePositive, FalsePositive: dogs.FalsePositive, TrueNegative: cats.TrueNegative, FalseNegative: cats.FalseNegative}
	return Answers{given, len(p) - given.N()}, nil
}

// Coverage is the share of predictions that are given, in [0, 1].
func (a Answers) Coverage() float64 { return share(a.N(), a.N()+a.Withheld) }

// Accuracy is that of the predictions that are given (12); NaN if there are none.
func (a Answers) Accuracy() float64 { return float64(a.TruePositive+a.TrueNegative) / float64(a.N()) }

// RiskCoverage is what a model gets wrong that answers only where it doubts least, for every number of answers
// (El-Yaniv and Wiener 2010).
type RiskCoverage struct {
	Coverage []float64 // 1/n, 2/n, ..., 1: the share of answers that are given
	Risk     []float64 // the share of wrong ones among these
}

// NewRiskCoverage orders predictions by their doubt, the summand of (15) at a threshold, the least first. Of predictions with the
// same doubt none is first: the risk there is the mean over all orders. Labels become classes by distill.Threshold.
func NewRiskCoverage(p, y []float64, threshold float64) (RiskCoverage, error) {
	if err := cmp.Or(checkThreshold(threshold), checkPairs(p, y)); err != nil {
		return RiskCoverage{}, err
	}
	type answer struct {
		doubt float64
		wrong int
	}
	answers := make([]answer, len(p))
	for i := range p {
		answers[i].doubt = Doubt(p[i], threshold)
		if distill.Class(p[i], threshold) != distill.Class(y[i], distill.Threshold) {
			answers[i].wrong = 1
		}
	}
	slices.SortStableFunc(answers, func(a, b answer) int { return cmp.Compare(a.doubt, b.doubt) })
	c := RiskCoverage{make([]float64, len(p)), make([]float64, len(p))}
	before := 0 // wrong ones of less doubt
	for from := 0; from < len(answers); {
		to, wrong := from, 0
		for ; to < len(answers) && answers[to].doubt == answers[from].doubt; to++ {
			wrong += answers[to].wrong
		}
		for i := from; i < to; i++ {
			expected := float64(before) + float64(wrong)*float64(i+1-from)/float64(to-from)
			c.Coverage[i], c.Risk[i] = float64(i+1)/float64(len(p)), expected/float64(i+1)
		}
		from, before = to, before+wrong
	}
	return c, nil
}

// At is the risk at the nearest coverage that there is.
func (c RiskCoverage) At(coverage float64) float64 {
	n := len(c.Risk)
	return c.Risk[min(max(int(math.Round(coverage*float64(n))), 1), n)-1]
}

// Area is the area below the curve (AURC), in [0, 1], the smaller the better: by trapezes from 1/n to 1, over the width of that
// (torch-uncertainty's). It falls if a model is right more often, and if it doubts more where it is wrong. NaN for one prediction.
func (c RiskCoverage) Area() float64 { return area(c.Coverage, c.Risk) }

// LeastArea is the area that the best order of the same predictions has: all right ones before all wrong ones. Area less it is
// what doubt does not know (Geifman and others 2019); it compares models of different accuracy.
func (c RiskCoverage) LeastArea() float64 {
	n := len(c.Risk)
	right := n - int(math.Round(c.Risk[n-1]*float64(n)))
	risk := make([]float64, n)
	for i := range risk {
		risk[i] = float64(max(0, i+1-right)) / float64(i+1)
	}
	return area(c.Coverage, risk)
}

// area needs two points, as integrate.Trapezoidal does.
func area(coverage, risk []float64) float64 {
	if len(risk) < 2 {
		return math.NaN()
	}
	return integrate.Trapezoidal(coverage, risk) / (1 - coverage[0])
}
