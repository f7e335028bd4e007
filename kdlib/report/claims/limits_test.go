package claims

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report/internal/teststudy"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"
)

// decision is a part of a claim as study's methods decide it.
type decision func(*study) (paper.Verdict, string, error)

// at is a study of the paper's recipe with the predictions that models are given.
type at struct {
	t *testing.T
	r *analysis.Study
}

func newStudy(t *testing.T) at {
	r := &analysis.Study{Study: &folder.Study{Dir: t.TempDir(), Recipe: recipe.Paper}}
	r.Recipe.Repetitions = 1
	return at{t, r}
}

// write gives a model the same predictions p on every set, of cats and dogs in turns.
func (a at) write(model string, p []float64) {
	a.t.Helper()
	for _, split := range folder.Splits {
		a.writeOn(model, split, p)
	}
}

func (a at) writeOn(model string, split predictions.Split, p []float64) {
	a.t.Helper()
	rows := make(predictions.Table, len(p))
	for i, v := range p {
		rows[i] = predictions.Row{ID: fmt.Sprint(i), Split: split, Label: float64(i % 2), P: v}
	}
	teststudy.Write(a.t, folder.PredictionPath(a.r.Dir, model, split), rows)
	if split == predictions.Test {
		teststudy.Write(a.t, folder.AugmentedPath(a.r.Dir, model, 0), rows)
	}
}

// expect wants a verdict, and a part of the evidence.
func (a at) expect(what string, decide decision, want paper.Verdict, evidence string) {
	a.t.Helper()
	if verdict, got, err := decide(&study{a.r}); err != nil || verdict != want || !strings.Contains(got, evidence) {
		a.t.Errorf("%s: got %s (%s), %v, want %s (%s)", what, verdict, got, err, want, evidence)
	}
}

// doubts are predictions on four pictures, cats and dogs in turns, all right, with that summand of (15) each. Their differences between
// models are the same on every picture, so that an interval has no width.
func doubts(ofCats, ofDogs float64) []float64 {
	cat, dog := math.Sqrt(ofCats), 1-math.Sqrt(ofDogs)
	return []float64{cat, dog, cat, dog}
}

// among are 4,000 predictions: so many of each p, the rest sure.
func among(counts map[float64]int) []float64 {
	p := make([]float64, 0, madePictures)
	for v, n := range counts {
		for range n {
			p = append(p, v)
		}
	}
	for len(p) < madePictures {
		p = append(p, []float64{0.01, 0.99}[len(p)%2])
	}
	return p
}

// wrong are 4,000 predictions of which the first so many are wrong.
func wrong(n int) []float64 {
	p := make([]float64, madePictures)
	for i := range p {
		if p[i] = 0.01; (i%2 == 1) != (i < n) {
			p[i] = 0.99
		}
	}
	return p
}

// Wilson's intervals of k of 4,000, by scipy.stats.binomtest(k, 4000).proportion_ci(method="wilson"): 2,120 0.5145 to 0.5454; 2,100 0.5095
// to 0.5405; 1,880 0.4546 to 0.4855; 3,720 0.9217 to 0.9375; 3,600 0.8903 to 0.9089; 40 0.0074 to 0.0136; 60 0.0117 to 0.0193; 100 0.0206 to
// 0.0303.
func TestLimitsOfShares(t *testing.T) {
	all := func(a at, counts map[float64]int) {
		for _, model := range folder.PaperModels {
			a.write(model, among(counts))
		}
	}
	a := newStudy(t)
	all(a, map[float64]int{0.3: 1880})
	a.writeOn(paper.Teacher, predictions.Test, among(map[float64]int{0.3: 1900}))
	a.expect("outer half", (*study).outerHalf, paper.Holds, "teacher at least 0.525 (0.510 to 0.540), on test; classical at least 0.530")
	all(a, map[float64]int{0.3: 2120})
	a.expect("outer half", (*study).outerHalf, paper.Fails, "teacher at least 0.470")
	all(a, map[float64]int{0.3: 280})
	a.expect("91 %", (*study).concentrated, paper.Holds, "teacher 0.930")
	all(a, map[float64]int{0.3: 400})
	a.expect("91 %", (*study).concentrated, paper.Fails, "teacher 0.900")

	inner := func(at7 int) map[float64]int {
		counts := map[float64]int{}
		for bin := 1; bin <= 18; bin++ {
			counts[(float64(bin)+0.5)/20] = 40
		}
		counts[0.375] = at7
		return counts
	}
	all(a, inner(40))
	a.expect("inner bins", (*study).innerBins, paper.Holds, "0 of 144 bins hold as much or more") // 18 of 4 models on 2 sets
	all(a, inner(60))
	a.expect("inner bins", (*study).innerBins, paper.Undecided, "8 of 144 bins hold as much or more, 0 of them with all of their interval; the fullest: test, soft, [0.35, 0.4): 0.015")
	all(a, inner(100))
	a.expect("inner bins", (*study).innerBins, paper.Fails, "8 of them with all of their interval; the fullest: test, soft, [0.35, 0.4): 0.025")
}

func TestSides(t *testing.T) {
	h, err := metrics.NewHistogram([]float64{0.5}, paper.BinWidth)
	if err != nil {
		t.Fatal(err)
	}
	for bin, want := range map[int]int{0: 0, 1: -1, 9: -1, 10: 1, 18: 1, 19: 0} { // [0.45, 0.5) is a cat's, [0.5, 0.55) a dog's
		if got := side(h, bin); got != want {
			t.Errorf("bin %d: got %d, want %d", bin, got, want)
		}
	}
}

func TestLimitsOfDoubt(t *testing.T) {
	a := newStudy(t)
	a.write(paper.Teacher, doubts(0.01, 0.01))
	for student, doubt := range map[string]float64{"classical": 0.012, "hard": 0.011, "soft": 0.013} {
		a.write(student, doubts(doubt, doubt))
	}
	a.expect("the surest", (*study).teacherIsSurest, paper.Holds, "train: hard less teacher +0.00100 (+0.00100 to +0.00100)")
	a.write("hard", doubts(0.009, 0.009))
	a.expect("the surest", (*study).teacherIsSurest, paper.Fails, "train: hard less teacher -0.00100")

	chain := func(name string, of ...float64) {
		for g, doubt := range of {
			a.write(folder.Generation(name, g), doubts(doubt, doubt))
		}
	}
	chain("hard", 0.010, 0.011, 0.009, 0.010, 0.012, 0.010, 0.0115)
	a.expect("near", (*study).hardStaysNear, paper.Holds, "test: hard less generation 4 -0.00200")
	for _, far := range []float64{0.014, 0.006} {
		chain("hard", 0.010, 0.011, 0.009, 0.010, 0.012, 0.010, far)
		a.expect("near", (*study).hardStaysNear, paper.Fails, "test: hard less generation 6")
	}
	chain("soft", 0.010, 0.012, 0.013, 0.016, 0.018, 0.020, 0.022)
	a.expect("grows", (*study).softGrows, paper.Holds, "test: least in generation 2 +0.00100")
	chain("soft", 0.010, 0.012, 0.0115, 0.014, 0.016, 0.018, 0.020)
	a.expect("grows", (*study).softGrows, paper.Fails, "test: least in generation 2 -0.00050")

	a.write("soft-6", doubts(0.009, 0.009))
	a.expect("on dogs", (*study).softGrowsOnDogs, paper.Undecided, "unc did not grow for certain: -0.00100")
	a.write("soft-6", doubts(0.021, 0.020)) // (0.010 - 0.011) / 2
	a.expect("on dogs", (*study).softGrowsOnDogs, paper.Fails, "the side of dogs has -0.00050 (-0.00050 to -0.00050) more")
	// A prediction grows alike on both sides, from 1/64 to 1/16; (300 - 100) / 16 / 400 is the gain of the side of dogs.
	sides := func(cats, dogs int, cat, dog float64) (p []float64) {
		for i := range cats + dogs {
			p = append(p, []float64{cat, dog}[min(i/cats, 1)])
		}
		return p
	}
	a.write("soft", sides(200, 200, 0.125, 0.875))
	a.write("soft-6", sides(100, 300, 0.25, 0.75))
	a.expect("on dogs", (*study).softGrowsOnDogs, paper.Undecided, "the side of dogs has +0.03125 (")
}

// One picture of 4,000 behind is not ahead, and is not within 0.002 of being so.
func TestLimitsOfLeads(t *testing.T) {
	a := newStudy(t)
	lean := wrong(0)
	lean[0] = 0.4
	a.write("soft", lean)
	a.write("hard", wrong(0))
	a.expect("leans", func(r *study) (paper.Verdict, string, error) { v, err := r.softLeansMore(); return v, "", err }, paper.Fails, "")
	a.write("soft", wrong(1))
	a.write("classical", wrong(0))
	a.expect("augmented", (*study).softLeadsAugmented, paper.Fails, "soft less classical -0.00025")
	a.write("classical", wrong(20))
	a.expect("augmented", (*study).softLeadsAugmented, paper.Holds, "soft less classical +0.00475")

	a.write(paper.Teacher, wrong(100))
	for lost, want := range map[int]paper.Verdict{96: paper.Holds, 160: paper.Fails} { // 0.024 and 0.04, give or take 0.006
		a.write("classical", wrong(100+lost))
		a.expect(fmt.Sprint("loses ", lost), func(r *study) (paper.Verdict, string, error) { return r.losesLittle("classical") }, want,
			fmt.Sprintf("teacher less student +%.5f", float64(lost)/madePictures))
	}
	a.write("classical", wrong(92))
	a.expect("gains 8", func(r *study) (paper.Verdict, string, error) { return r.losesLittle("classical") }, paper.Undecided, "the teacher is behind")

	for lost, want := range map[int]paper.Verdict{80: paper.Holds, 180: paper.Fails} { // 0.02 and 0.045
		for g := range paper.Generations + 1 {
			a.write(folder.Generation("soft", g), wrong(min(g, 1)*lost))
		}
		a.write("soft-3", wrong(lost+4))
		a.expect(fmt.Sprint("chain loses ", lost), func(r *study) (paper.Verdict, string, error) { return r.chainLosesLittle("soft") }, want, "most in generation 3: ")
	}
}

func TestLimitsOverSeeds(t *testing.T) {
	a := newStudy(t)
	a.r.Recipe.Seeds = 2
	accuracies := map[string]float64{"soft": 0.9, "classical": 0.9005, "soft-seed2": 0.901, "classical-seed2": 0.90151}
	decide := func(r *study) (paper.Verdict, string, error) {
		return r.softLeadsOverSeeds(func(model string) (float64, error) { return accuracies[model], nil })
	}
	// Differences -0.0005 and -0.00051, t(0.975, 1) = 12.706: -0.000505 give or take 12.706 x 0.000005.
	a.expect("behind", decide, paper.Fails, "soft less classical -0.00050 (-0.00057 to -0.00044) over 2 seeds")
	accuracies["soft"], accuracies["soft-seed2"] = 0.901, 0.90201
	a.expect("ahead", decide, paper.Holds, "over 2 seeds")
}

func TestLimitsOfSpeed(t *testing.T) {
	for ratio, want := range map[float64][2]paper.Verdict{0.9: {paper.Fails, paper.Fails}, 4: {paper.Holds, paper.Fails}, 4.75: {paper.Holds, paper.Holds}, 6: {paper.Holds, paper.Fails}} {
		a := newStudy(t)
		var calls []folder.Call
		for i := range 50 {
			noise := 0.1 * (1 + 0.001*float64(i%5))
			calls = append(calls, folder.Call{Network: recipe.ResNet18, Size: 224, Batch: 1, Number: i, Inference: noise},
				folder.Call{Network: recipe.ResNet50, Size: 224, Batch: 1, Number: i, Inference: ratio * noise})
		}
		if err := folder.WriteTiming(filepath.Join(a.r.Dir, folder.TimingFile), calls); err != nil {
			t.Fatal(err)
		}
		for i, p := range speedClaims() {
			a.expect(p.claim, p.decide, want[i], fmt.Sprintf("%.2f (", ratio))
		}
	}
}

// An epoch more or less, (h - 1) / (c + 1) to (h + 1) / (c - 1), against 0.4 to 0.6.
func TestLimitsOfEpochs(t *testing.T) {
	for _, c := range []struct {
		hard, hardOf, classical int // epochs of 100 for the classical one
		want                    paper.Verdict
		evidence                string
	}{
		{64, 100, 98, paper.Fails, "0.64 to 0.67"}, {35, 100, 98, paper.Fails, "0.34 to 0.37"},
		{59, 100, 98, paper.Undecided, "59 / 98 = 0.60"}, {58, 100, 98, paper.Undecided, "0.58 to 0.61"}, {57, 100, 98, paper.Holds, "0.57 to 0.60"},
		{50, 50, 90, paper.Undecided, "the hard one is at its best at the end"}, {70, 70, 90, paper.Fails, "0.76 to 0.80"},
	} {
		a := newStudy(t)
		for model, run := range map[string][2]int{"hard": {c.hard, c.hardOf}, "classical": {c.classical, 100}} {
			a.write(model, doubts(0.01, 0.01)) // makes the folder
			var past history.History
			for epoch := 1; epoch <= run[1]; epoch++ {
				past = append(past, history.Epoch{Number: epoch, ValidationLoss: math.Abs(float64(epoch - run[0]))})
			}
			if err := past.Write(filepath.Join(a.r.Dir, model, history.File)); err != nil {
				t.Fatal(err)
			}
		}
		a.expect(fmt.Sprint(c.hard, " and ", c.classical), (*study).halfTheEpochs, c.want, c.evidence)
	}
}

// By hand: (3 - 1) / 10; 2 (1 + 4) / 2^4 = 0.625.
func TestLead(t *testing.T) {
	if got, want := lead(stats.McNemar{First: 3, Second: 1, Both: 4, Neither: 2}), "+0.20000 (p = 0.62)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
