package claims

import (
	"errors"
	"fmt"
	"math"
	"os"
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
type decision func(*study) (finding, error)

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

// expect wants a verdict by the part's own p-value, and a part of the evidence.
func (a at) expect(what string, decide decision, want paper.Verdict, evidence string) finding {
	a.t.Helper()
	f, err := decide(&study{a.r})
	if verdict, got := f.decided(f.p); err != nil || verdict != want || !strings.Contains(got, evidence) {
		a.t.Errorf("%s: got %s (%s), %v, want %s (%s)", what, verdict, got, err, want, evidence)
	}
	return f
}

// expectOfNetworks wants a difference that is more than chance, in that direction, and yet says nothing of labels.
func (a at) expectOfNetworks(what string, decide decision, holds bool, evidence string) {
	a.t.Helper()
	if f := a.expect(what, decide, paper.DesignCannotTell, evidence); f.holds != holds || !(f.p < stats.SignificanceLevel) {
		a.t.Errorf("%s: got %v, want one that holds: %v", what, f.test, holds)
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
// to 0.5405; 1,880 0.4546 to 0.4855; 3,720 0.9217 to 0.9375; 3,600 0.8903 to 0.9089; 3,560 0.8799 to 0.8993; 40 0.0074 to 0.0136; 60 0.0117 to 0.0193; 100 0.0206 to
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
	all(a, map[float64]int{0.3: 400}) // p = 0.027 each, times four
	a.expect("91 %", (*study).concentrated, paper.TooLittlePower, "teacher 0.900")
	all(a, map[float64]int{0.3: 440})
	a.expect("91 %", (*study).concentrated, paper.Fails, "teacher 0.890 (0.880 to 0.899)")

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
	a.expect("inner bins", (*study).innerBins, paper.TooLittlePower, "8 of 144 bins hold as much or more, 0 of them with all of their interval; the fullest: test, soft, [0.35, 0.4): 0.015")
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
	a.expect("on dogs", (*study).softGrowsOnDogs, paper.PremiseAbsent, "unc did not grow for certain: -0.00100")
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
	a.expect("on dogs", (*study).softGrowsOnDogs, paper.DesignCannotTell, "the side of dogs has +0.03125 (")
}

// Of 4,000 pictures 20 are 4.5 standard errors, sqrt(20) / 4000 each, and one is what chance does.
func TestLimitsOfLeads(t *testing.T) {
	a := newStudy(t)
	lean := wrong(0)
	for i := range 20 {
		lean[2*i] = 0.4
	}
	a.write("soft", lean)
	a.write("hard", wrong(0))
	if leans, err := (&study{a.r}).softLeansMore(); err != nil || !leans.refuted() {
		t.Errorf("leans: got %v, %v, want it refuted", leans, err)
	}
	a.write("soft", wrong(1))
	a.write("classical", wrong(0))
	a.expect("one behind", (*study).softLeadsAugmented, paper.TooLittlePower, "soft less classical -0.00025")
	a.write("soft", wrong(20))
	a.expectOfNetworks("augmented", (*study).softLeadsAugmented, false, "soft less classical -0.00500")
	a.expectOfNetworks("plain", (*study).softLeads, false, "-0.00500 (p = 1.9e-06): 0 pictures against 20") // 2 / 2^20
	a.write("classical", wrong(40))
	a.expectOfNetworks("augmented", (*study).softLeadsAugmented, true, "soft less classical +0.00500")

	a.write(paper.Teacher, wrong(100))
	for lost, want := range map[int]paper.Verdict{96: paper.Holds, 160: paper.Fails} { // 0.024 and 0.04, give or take 0.006
		a.write("classical", wrong(100+lost))
		a.expect(fmt.Sprint("loses ", lost), func(r *study) (finding, error) { return r.losesLittle("classical") }, want,
			fmt.Sprintf("teacher less student +%.5f", float64(lost)/madePictures))
	}
	a.write("classical", wrong(92))
	a.expect("gains 8", func(r *study) (finding, error) { return r.losesLittle("classical") }, paper.PremiseAbsent, "the teacher is behind")

	for lost, want := range map[int]paper.Verdict{80: paper.Holds, 180: paper.Fails} { // 0.02 and 0.045
		for g := range paper.Generations + 1 {
			a.write(folder.Generation("soft", g), wrong(min(g, 1)*lost))
		}
		a.write("soft-3", wrong(lost+4))
		a.expect(fmt.Sprint("chain loses ", lost), func(r *study) (finding, error) { return r.chainLosesLittle("soft") }, want, "most in generation 3: ")
	}
}

func TestLimitsOverSeeds(t *testing.T) {
	a := newStudy(t)
	a.r.Recipe.Seeds = 2
	accuracies := map[string]float64{"soft": 0.9, "classical": 0.9005, "soft-seed2": 0.901, "classical-seed2": 0.90151}
	decide := func(r *study) (finding, error) {
		return r.softLeadsOverSeeds(func(model string) (float64, error) { return accuracies[model], nil })
	}
	// Differences -0.0005 and -0.00051, t(0.975, 1) = 12.706: -0.000505 give or take 12.706 x 0.000005.
	a.expect("behind", decide, paper.Fails, "soft less classical -0.00050 (-0.00057 to -0.00044) over 2 seeds")
	accuracies["soft"], accuracies["soft-seed2"] = 0.901, 0.90201
	a.expect("ahead", decide, paper.Holds, "over 2 seeds")

	a.r.Recipe.Repetitions = 0
	f, err := (&study{a.r}).softLeadsAugmentedOverSeeds()
	if err != nil || f.verdict != paper.NotTested {
		t.Errorf("several seeds and no repetition: got %+v, %v, want %s", f, err, paper.NotTested)
	}
	if _, err := a.r.AugmentedAccuracy("soft"); err == nil || !strings.Contains(err.Error(), "soft: got 0 repetitions") {
		t.Errorf("no repetition: got error %v, want one that says so", err)
	}
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
			a.expect(p.claim, p.find, want[i], fmt.Sprintf("%.2f (", ratio))
		}
	}
}

// Of two seeds the logarithms of the ratios are d - e and d + e: the standard error is e, and Student's t with one degree of freedom is
// Cauchy's: p = 1 - 2 atan(distance / e) / pi, and the interval of 95 % is 12.706 e to either side.
func TestLimitsOfEpochs(t *testing.T) {
	const epochs = 200
	type best struct{ hard, classical int }
	for _, c := range []struct {
		seeds    []best
		want     paper.Verdict
		evidence string
	}{
		// log(50/100) = -0.6931, log(50/101) = -0.7031: exp(-0.6981 -+ 12.706 x 0.0050); 0.182 and 0.187 off the limits
		{[]best{{50, 100}, {50, 101}}, paper.Holds, "in the mean 0.50 (0.47 to 0.53)"},
		{[]best{{100, 100}, {100, 101}}, paper.Fails, "in the mean 1.00 (0.93 to 1.06)"},
		{[]best{{30, 100}, {30, 101}}, paper.Fails, "in the mean 0.30 (0.28 to 0.32)"},
		{[]best{{50, 100}, {80, 100}}, paper.TooLittlePower, "50 / 100 = 0.50, of 200 and 200 epochs; 80 / 100 = 0.80, of 200 and 200 epochs; in the mean 0.63 (0.03 to 12.53); could have seen "},
		{[]best{{50, 100}, {50, epochs}}, paper.DesignCannotTell, "at the end: training was too short"},
		{[]best{{epochs, 100}, {50, 100}}, paper.DesignCannotTell, "at the end: training was too short"},
		{[]best{{50, 100}, {50, 100}}, paper.DesignCannotTell, "standard deviation"},
		{[]best{{50, 100}}, paper.DesignCannotTell, "one run of each"},
	} {
		a := newStudy(t)
		a.r.Recipe.Seeds = len(c.seeds)
		for i, seed := range c.seeds {
			a.writeHistory(a.r.Seeds("hard")[i], seed.hard, epochs)
			a.writeHistory(a.r.Seeds("classical")[i], seed.classical, epochs)
		}
		a.expect(fmt.Sprint(c.seeds), (*study).halfTheEpochs, c.want, c.evidence)
		for _, falling := range []recipe.Optimizer{{Decay: 0.002}, {Schedule: recipe.Schedule{Name: recipe.Cosine}}} {
			a.r.Recipe.Student.Optimizer = falling
			a.expect(fmt.Sprint(falling, c.seeds), (*study).halfTheEpochs, paper.DesignCannotTell, "epochs; the learning rate falls, and so decides which epoch is best")
		}
	}
}

// writeHistory gives a model so many epochs, of which one is the best.
func (a at) writeHistory(model string, best, epochs int) {
	a.t.Helper()
	var past history.History
	for epoch := 1; epoch <= epochs; epoch++ {
		past = append(past, history.Epoch{Number: epoch, ValidationLoss: math.Abs(float64(epoch - best))})
	}
	dir := filepath.Join(a.r.Dir, model)
	if err := errors.Join(os.MkdirAll(dir, 0o755), past.Write(filepath.Join(dir, history.File))); err != nil {
		a.t.Fatal(err)
	}
}

// By hand: (3 - 1) / 10; 2 (1 + 4) / 2^4 = 0.625.
func TestLead(t *testing.T) {
	if got, want := lead(stats.McNemar{First: 3, Second: 1, Both: 4, Neither: 2}), "+0.20000 (p = 0.62)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Differences of two seeds d - e and d + e: the standard error is e, and t(0.95, 1) = 6.3138 (tables). The p-value of the two one-sided
// tests is 1/2 - atan((0.01 - |d|) / e) / pi, Student's t with one degree of freedom being Cauchy's.
func TestLimitsOfAlike(t *testing.T) {
	a := newStudy(t)
	a.r.Recipe.Seeds = 2
	accuracies := map[string]float64{"classical": 0.9, "classical-seed2": 0.9, "hard": 0.9009, "hard-seed2": 0.9011}
	decide := func(r *study) (finding, error) {
		return r.studentsAlike(func(model string) (float64, error) { return accuracies[model], nil })
	}
	for _, c := range []struct {
		soft, second float64
		want         paper.Verdict
		evidence     string
	}{
		// 0.0005 to either side of 0.005: 6.3138 x 0.0005 = 0.00316; 1/2 - atan(10) / pi = 0.032
		{0.8945, 0.8955, paper.Holds, "classical less soft +0.00500 (+0.00184 to +0.00816), p = 0.032"},
		{0.8915, 0.8925, paper.TooLittlePower, "classical less soft +0.00800 (+0.00484 to +0.01116), p = 0.078"}, // 1/2 - atan(4) / pi
		{0.8795, 0.8805, paper.Fails, "classical less soft +0.02000 (+0.01684 to +0.02316), p = 0.98"},
		{0.9, 0.9, paper.DesignCannotTell, "standard deviation"},
	} {
		accuracies["soft"], accuracies["soft-seed2"] = c.soft, c.second
		a.expect(fmt.Sprint("soft ", c.soft), decide, c.want, c.evidence)
	}
}

// A student on train and elsewhere: its pictures are others, so all of them have the same doubt here, and the interval no width.
func TestLimitsOnTrain(t *testing.T) {
	a := newStudy(t)
	for model, doubt := range map[string]float64{"teacher": 0.001, "classical": 0.009, "hard": 0.010, "soft": 0.008} {
		a.write(model, doubts(doubt, doubt))
		for _, split := range []predictions.Split{predictions.Validation, predictions.Test} {
			a.writeOn(model, split, doubts(doubt+0.001, doubt+0.002)) // 0.0015 more in the mean
		}
	}
	a.expect("surer on train", (*study).surerOnTrain, paper.Holds, "hard: validation less train +0.00150 (+0.00150 to +0.00150)")
	a.expectOfNetworks("the least sure", (*study).hardIsLeastSure, true, "hard less teacher +0.00900 (+0.00900 to +0.00900); classical +0.00100 (")
	a.writeOn("soft", predictions.Train, doubts(0.012, 0.012))
	a.expect("surer on train", (*study).surerOnTrain, paper.Fails, "soft: test less train -0.00250")
	a.expectOfNetworks("the least sure", (*study).hardIsLeastSure, false, "soft -0.00200")
}

// Two seeds: differences d - e and d + e have the standard error e, and p = 1 - 2 atan(d / e) / pi.
func TestLimitsOnTrainOverSeeds(t *testing.T) {
	a := newStudy(t)
	a.r.Recipe.Seeds = 2
	for model, doubt := range map[string]float64{"teacher": 0.001, "hard": 0.0100, "hard-seed2": 0.0102, "classical": 0.0080, "classical-seed2": 0.0081, "soft": 0.0070, "soft-seed2": 0.0071} {
		a.writeOn(model, predictions.Train, doubts(doubt, doubt))
	}
	// hard less classical 0.0020 and 0.0021: 0.00205 -+ 12.706 x 0.00005, and the largest p is the teacher's: atan(91)
	f := a.expect("the least sure", (*study).hardIsLeastSure, paper.Holds, "classical +0.00205 (+0.00141 to +0.00269); soft +0.00305 (+0.00241 to +0.00369); over 2 seeds")
	if want := 1 - 2*math.Atan(0.00205/0.00005)/math.Pi; math.Abs(f.p-want) > 1e-8 || f.tests != 3 {
		t.Errorf("p: got %v of %d tests, want %v of 3", f.p, f.tests, want)
	}
	a.writeOn("soft", predictions.Train, doubts(0.0202, 0.0202))
	a.writeOn("soft-seed2", predictions.Train, doubts(0.0203, 0.0203))
	a.expect("the least sure", (*study).hardIsLeastSure, paper.Fails, "soft -0.01015 (")
	a.expect("bins", (*study).softBelowClassical, paper.DesignCannotTell, "[0.05, 0.1): stats: pairs: got differences of standard deviation 0")

	// Of each bin the classical students have 100 and 102 pictures of 4,000, the soft ones none.
	for model, each := range map[string]int{"classical": 100, "classical-seed2": 102, "soft": 0, "soft-seed2": 0} {
		a.writeOn(model, predictions.Train, inBins(each))
	}
	a.expect("bins", (*study).softBelowClassical, paper.Holds, "classical less soft: [0.05, 0.1) +0.02525 (+0.02207 to +0.02843)") // 101 -+ 12.706 of 4,000
}

// inBins are 4,000 predictions, so many of them in each bin from 0.05 to 0.5.
func inBins(each int) []float64 {
	counts := map[float64]int{}
	for bin := 1; bin <= 9; bin++ {
		counts[(float64(bin)+0.5)/20] = each
	}
	return among(counts)
}

// Of each bin from 0.05 to 0.5 the classical student has ten pictures, the soft one four others: 14 tosses, of which at most four are
// heads, have p = 2 x 1471 / 16384 = 0.18; of ten and none p = 2 / 1024.
func TestLimitsOfBins(t *testing.T) {
	a := newStudy(t)
	bins := func(from, each int) []float64 {
		p := make([]float64, madePictures)
		for i := range p {
			p[i] = 0.01
		}
		for bin := 1; bin <= 9; bin++ {
			for k := range each {
				p[from+100*bin+k] = (float64(bin) + 0.5) / 20
			}
		}
		return p
	}
	a.write("classical", bins(0, 10))
	a.write("soft", bins(0, 0))
	a.expectOfNetworks("bins", (*study).softBelowClassical, true, "less in 9 of 9 bins, in 9 by more than chance; soft less classical at most in [0.05, 0.1): -10 pictures (p = 0.002)")
	a.write("soft", bins(50, 4))
	a.expect("bins", (*study).softBelowClassical, paper.TooLittlePower, "less in 9 of 9 bins, in 0 by more than chance; soft less classical at most in [0.05, 0.1): -6 pictures (p = 0.18)")
	soft := bins(50, 0)
	for k := range 30 {
		soft[3000+k] = 0.475
	}
	a.write("soft", soft)
	a.expectOfNetworks("bins", (*study).softBelowClassical, false, "less in 8 of 9 bins, in 8 by more than chance; soft less classical at most in [0.45, 0.5): +20 pictures")
}

// Of 2,000 dogs and 2,000 cats: 20 / 2000 = 0.01.
func TestLimitsOfErrors(t *testing.T) {
	a := newStudy(t)
	for class, want := range map[int]paper.Verdict{1: paper.Holds, 0: paper.Fails} {
		erring(t, a.r, behaviour{wrong: 20}, class)
		a.expect(fmt.Sprint("errors of class ", class), (*study).teacherErrsOnDogs, want, map[int]string{1: "test: dogs less cats +0.01000 (", 0: "0 errors against 20"}[class])
	}
	a.write(paper.Teacher, wrong(40)) // 20 of each
	a.expect("errors of both", (*study).teacherErrsOnDogs, paper.TooLittlePower, "dogs less cats 0.00000 (")
}

// 20, 40 and 80 more errors of 4,000: 0.005, the margin itself, and 0.02. The other generations have 2 more: 0.0005.
func TestLimitsOfRecursion(t *testing.T) {
	a := newStudy(t)
	a.r.Recipe.Chain = recipe.Training{}
	for _, chain := range []string{"hard", "soft"} {
		for g := range paper.Generations + 1 {
			a.writeOn(folder.Generation(chain, g), predictions.Test, wrong(100+min(g, 1)*2))
		}
	}
	for lost, want := range map[int]paper.Verdict{20: paper.Holds, 40: paper.TooLittlePower, 80: paper.Fails} {
		a.writeOn("soft-4", predictions.Test, wrong(100+lost))
		a.expect(fmt.Sprint("loses ", lost), (*study).recursionIsAsGood, want, fmt.Sprintf("hard: most in generation 1: +0.00050 (0.00000 to +0.00125); soft: most in generation 4: +%.5f", float64(lost)/madePictures))
	}
	a.r.Recipe.Chain = a.r.Recipe.Student
	a.r.Recipe.Chain.Epochs--
	a.expect("trained otherwise", (*study).recursionIsAsGood, paper.DesignCannotTell, "the students were trained otherwise")
}
