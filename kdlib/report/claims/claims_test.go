package claims

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report/internal/teststudy"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
)

// behaviour says how a made-up model predicts 4,000 pictures, half of them dogs.
type behaviour struct {
	wrong                  int // on so many pictures, the same ones as any model with fewer errors
	unsureDogs, unsureCats int // of its correct predictions so many lie in three bins from [0.55, 0.6), and from [0.25, 0.3)
}

const madePictures = 4000

func (b behaviour) predictions(split predictions.Split) predictions.Table {
	const sure = 0.99
	rows := make(predictions.Table, madePictures)
	for i := range rows {
		dog := i % 2
		unsure := b.unsureCats
		if dog == 1 {
			unsure = b.unsureDogs
		}
		p := sure
		if fromEnd := (madePictures - 1 - i) / 2; fromEnd < unsure {
			p = 0.55 + 0.1*float64(fromEnd%3) // 0.55, 0.65, 0.75
		}
		if (dog == 0) != (i < b.wrong) {
			p = 1 - p
		}
		rows[i] = predictions.Row{ID: fmt.Sprintf("%s.%d", []string{"cat", "dog"}[dog], i), Split: split, Label: float64(dog), P: p}
	}
	return rows
}

// made is a study of models with known behaviour.
func made(t *testing.T, models map[string]behaviour, bestHard, bestClassical int, slowness float64) *analysis.Study {
	t.Helper()
	r := &analysis.Study{Study: &folder.Study{Dir: t.TempDir(), Recipe: recipe.Paper}}
	r.Recipe.Repetitions, r.Recipe.Seeds = 1, 2
	for model, b := range models {
		for _, split := range folder.Splits {
			teststudy.Write(t, folder.PredictionPath(r.Dir, model, split), b.predictions(split))
		}
		teststudy.Write(t, folder.AugmentedPath(r.Dir, model, 0), b.predictions(predictions.Test))
	}
	for model, best := range map[string]int{"hard": bestHard, "hard-seed2": bestHard, "classical": bestClassical, "classical-seed2": bestClassical + 1} {
		at{t, r}.writeHistory(model, best, 100)
	}
	var calls []folder.Call
	for i := range 50 {
		noise := 1 + 0.001*float64(i%5)
		calls = append(calls, folder.Call{Network: "resnet18", Size: 224, Batch: 1, Number: i, Inference: 0.1 * noise},
			folder.Call{Network: "resnet50", Size: 224, Batch: 1, Number: i, Inference: 0.1 * slowness * noise})
	}
	if err := folder.WriteTiming(filepath.Join(r.Dir, folder.TimingFile), calls); err != nil {
		t.Fatal(err)
	}
	return r
}

// A study in which everything is as the paper says: each part of each claim is reproduced, but for those of which networks that were
// trained once do not tell.
func TestClaimsThatHold(t *testing.T) {
	models := map[string]behaviour{"teacher": {20, 30, 10}, "classical": {70, 45, 45}, "hard": {68, 60, 60}, "soft": {40, 60, 20},
		folder.Repeated("soft", 2): {42, 60, 20}, folder.Repeated("hard", 2): {72, 62, 60}, folder.Repeated("classical", 2): {73, 45, 45}}
	for g := 1; g <= 6; g++ {
		models[folder.Generation("hard", g)] = behaviour{68 + 2*g, 60, 60}
		models[folder.Generation("soft", g)] = behaviour{40 + 2*g, 60 + 30*g, 20 + 5*g}
	}
	r := made(t, models, 47, 86, 4.95)
	for model, b := range models {
		b.unsureDogs, b.unsureCats = b.unsureDogs/2, b.unsureCats/2
		teststudy.Write(t, folder.PredictionPath(r.Dir, model, predictions.Train), b.predictions(predictions.Train))
	}
	erring(t, r, models["teacher"], 1)
	decided(t, r, map[string]reason{
		"the soft student beats the classical one on the test set":                                {paper.DesignCannotTell, "one network of each kind"},
		"the same with augmentation":                                                              {paper.DesignCannotTell, "one network of each kind"},
		"on train the soft student has less than the classical one in every bin from 0.05 to 0.5": {paper.DesignCannotTell, "[0.05, 0.1): stats: pairs: got differences of standard deviation 0"}, // it is empty
	}, paper.Holds)
	if got := r.Models(); !slices.Contains(got, "hard-seed2") || len(got) != len(models) {
		t.Errorf("models: got %q, want those of %v", got, models)
	}
	if teacher, rule, ok := r.LabelSource("hard-seed2"); teacher != "teacher" || rule != (distill.Hard{}) || !ok {
		t.Errorf("hard-seed2: got labels of %q by %v, %v, want the teacher's by (13)", teacher, rule, ok)
	}
}

// A study in which nothing is: each part fails, but those that ask for what is not there.
func TestClaimsThatFail(t *testing.T) {
	models := map[string]behaviour{"teacher": {100, 900, 1300}, "classical": {300, 45, 45}, "hard": {50, 200, 40}, "soft": {400, 20, 600},
		folder.Repeated("soft", 2): {404, 20, 600}, folder.Repeated("hard", 2): {50, 206, 40}, folder.Repeated("classical", 2): {302, 45, 45}}
	for g := 1; g <= 6; g++ {
		models[folder.Generation("hard", g)] = behaviour{50 + 150*g, 200 + 100*g, 40}
		models[folder.Generation("soft", g)] = behaviour{400 + 150*g, 20, 600 - 50*g}
	}
	r := made(t, models, 90, 50, 0.9)
	for _, student := range folder.Students {
		for _, model := range r.Seeds(student) {
			b := models[model]
			b.unsureDogs, b.unsureCats = 2*b.unsureDogs, 2*b.unsureCats
			teststudy.Write(t, folder.PredictionPath(r.Dir, model, predictions.Train), b.predictions(predictions.Train))
		}
	}
	erring(t, r, models["teacher"], 0)
	decided(t, r, map[string]reason{
		"the hard student loses less than 3 % of accuracy against the teacher (the paper: little)": {paper.PremiseAbsent, "the teacher is behind"},
		"the soft student beats the classical one on the test set":                                 {paper.DesignCannotTell, "one network of each kind"},
		"the same with augmentation": {paper.DesignCannotTell, "one network of each kind"},
		"on train the soft student has less than the classical one in every bin from 0.05 to 0.5": {paper.DesignCannotTell, "[0.05, 0.1): stats: pairs: got differences of standard deviation 0"},
		"mostly on [0.5, 1]":                       {paper.PremiseAbsent, "unc did not grow for certain"},
		"so is the soft student: it inherits that": {paper.PremiseAbsent, "the teacher does not show it"},
		"the hard student does not visibly":        {paper.PremiseAbsent, "the teacher does not show it"},
	}, paper.Fails)
}

// erring writes the predictions of a teacher all of whose errors on validation and test are on pictures of one class.
func erring(t *testing.T, r *analysis.Study, b behaviour, class int) {
	t.Helper()
	for _, split := range []predictions.Split{predictions.Validation, predictions.Test} {
		rows := behaviour{0, b.unsureDogs, b.unsureCats}.predictions(split)
		for i := range 2 * b.wrong {
			if i%2 == class {
				rows[i].P = 1 - rows[i].P
			}
		}
		teststudy.Write(t, folder.PredictionPath(r.Dir, paper.Teacher, split), rows)
	}
}

// What becomes of a teacher's doubt about dogs (claim 5).
func TestInheritedDoubt(t *testing.T) {
	aboutDogs, more, aboutCats, even := behaviour{40, 60, 20}, behaviour{40, 90, 20}, behaviour{40, 20, 60}, behaviour{40, 40, 40}
	for name, test := range map[string]struct {
		teacher, soft, hard behaviour
		wantSoft, wantHard  paper.Verdict
	}{
		"as in the paper":             {aboutDogs, aboutDogs, even, paper.Holds, paper.Holds},
		"the hard one too":            {aboutDogs, aboutDogs, aboutDogs, paper.Holds, paper.Fails},
		"the soft one the other way":  {aboutDogs, aboutCats, even, paper.Fails, paper.TooLittlePower},
		"nobody but the teacher":      {aboutDogs, even, even, paper.TooLittlePower, paper.TooLittlePower},
		"not the teacher":             {even, aboutDogs, even, paper.PremiseAbsent, paper.PremiseAbsent},
		"not the teacher, but hard":   {even, aboutDogs, aboutDogs, paper.PremiseAbsent, paper.PremiseAbsent},
		"the hard one nearly as much": {aboutDogs, behaviour{40, 60, 35}, behaviour{40, 59, 35}, paper.Holds, paper.TooLittlePower}, // p = 0.013, times three 0.04, and 0.017 on each set, times three 0.05: a picture apart
		"the hard one, the soft more": {aboutDogs, more, aboutDogs, paper.Holds, paper.Fails},
	} {
		r := made(t, map[string]behaviour{"teacher": test.teacher, "classical": even, "soft": test.soft, "hard": test.hard}, 1, 1, 1)
		for i, want := range []paper.Verdict{test.wantSoft, test.wantHard} {
			claims, err := Of(r, 5)
			if err != nil {
				t.Fatal(err)
			}
			if c := claims[i+1]; c.Verdict != want {
				t.Errorf("%s: %s: got %q (%s), want %q", name, c.Claim, c.Verdict, c.Evidence, want)
			}
		}
	}
}

// A repetition moves a picture alike for all models, so the models meet on it; which repetition was best for each does not count.
func TestAugmentedAlike(t *testing.T) {
	r := &analysis.Study{Study: teststudy.Small(t)}
	r.Recipe.Repetitions = 2
	rows := func(p ...float64) predictions.Table {
		var rows predictions.Table
		for i, v := range p {
			rows = append(rows, predictions.Row{ID: fmt.Sprint(i), Split: predictions.Test, Label: float64(i % 2), P: v})
		}
		return rows
	}
	teststudy.Write(t, folder.AugmentedPath(r.Dir, "soft", 0), rows(0.1, 0.9, 0.1, 0.9))                                  // four right
	teststudy.Write(t, folder.AugmentedPath(r.Dir, "classical", 0), rows(0.1, 0.9, 0.9, 0.9))                             // three
	teststudy.Write(t, folder.AugmentedPath(r.Dir, "soft", 1), rows(0.9, 0.1, 0.1, 0.9))                                  // two
	teststudy.Write(t, folder.AugmentedPath(r.Dir, "classical", 1), rows(0.9, 0.9, 0.9, 0.9))                             // two
	at{t, r}.expect("four pictures", (*study).softLeadsAugmented, paper.TooLittlePower, "soft less classical +0.12500 (") // (1/4 + 0/4) / 2
	at{t, r}.expect("four pictures", (*study).softLeadsAugmented, paper.TooLittlePower, "in the mean of 2 repetitions; could have seen ")
}

// Doubt that grows on the side of dogs because more predictions lie there, each no more in doubt, is not what the paper says.
func TestDoubtPerPrediction(t *testing.T) {
	const surely, unsure = 0.99, 0.7 // unc of a prediction "dog": 0.0001 and 0.09; of 0.3 as well
	r := &analysis.Study{Study: teststudy.Small(t)}
	r.Recipe.Generations, r.Recipe.Chain = 6, recipe.Training{}
	rows := func(surelyDogs, unsureDogs, surelyCats, unsureCats int) predictions.Table {
		var rows predictions.Table
		for _, group := range []struct {
			n int
			p float64
		}{{surelyDogs, surely}, {unsureDogs, unsure}, {surelyCats, 1 - surely}, {unsureCats, 1 - unsure}} {
			for range group.n {
				rows = append(rows, predictions.Row{ID: fmt.Sprint(len(rows)), Split: predictions.Test, Label: float64(len(rows) % 2), P: group.p})
			}
		}
		return rows
	}
	teststudy.Write(t, folder.PredictionPath(r.Dir, "soft", predictions.Test), rows(720, 80, 720, 80))
	teststudy.Write(t, folder.PredictionPath(r.Dir, "soft-6", predictions.Test), rows(960, 240, 240, 160)) // dogs: 80 of 800 unsure, then 240 of 1200; cats: 80 of 800, then 160 of 400
	// Of the tenth, fifth and two fifths: (1 x 0.09 + 9 x 0.0001) / 10 = 0.00909; (2 x 0.09 + 8 x 0.0001) / 10 = 0.01808; (4 x 0.09 + 6 x 0.0001) / 10 = 0.03606
	at{t, r}.expect("more predictions", (*study).softGrowsOnDogs, paper.DesignCannotTell, "for a prediction there unc grew by +0.00899, for one on the other side by +0.02697")
	at{t, r}.expect("more predictions", (*study).softGrowsOnDogs, paper.DesignCannotTell, "more predictions lie there, not more doubtful ones")
}

// reason is a verdict other than that of the rest, and why.
type reason struct {
	verdict  paper.Verdict
	evidence string // a part
}

// decided checks the verdict on every part; those of others, by their whole text, have a reason for another one.
func decided(t *testing.T, r *analysis.Study, others map[string]reason, want paper.Verdict) {
	t.Helper()
	claims, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	parts, met := map[int]int{}, 0
	for _, c := range claims {
		parts[c.Number]++
		wanted := reason{verdict: want}
		if other, is := others[c.Claim]; is {
			wanted = other
			met++
		}
		if c.Verdict != wanted.verdict || !strings.Contains(c.Evidence, wanted.evidence) {
			t.Errorf("%d: %s: got %q (%s; p = %v, adjusted %v), want %q (%s)", c.Number, c.Claim, c.Verdict, c.Evidence, c.P, c.Adjusted, wanted.verdict, wanted.evidence)
		}
	}
	if got, want := fmt.Sprint(parts), "map[1:2 2:9 3:1 4:7 5:4 6:7]"; got != want || met != len(others) {
		t.Errorf("parts of claims: got %s, %d exceptions, want %s and %d", got, met, want, len(others))
	}
}

// What is not there is said, and no verdict given.
func TestClaimsWithoutData(t *testing.T) {
	r := &analysis.Study{Study: teststudy.Small(t)}
	r.Recipe.Generations = 0
	claims, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	for begin, want := range map[string]struct {
		verdict paper.Verdict
		reason  string
	}{
		"ResNet-18 is faster":                                      {paper.NotTested, "the study has no timing.csv"},
		"the hard student is at its best":                          {paper.NotTested, "the study has no hard/history.csv"},
		"the same with augmentation, in the mean over seeds":       {paper.NotTested, "one seed"},
		"all three students give about the same":                   {paper.NotTested, "one seed"},
		"recursion lowers the hard chain's":                        {paper.NotTested, "no generations"},
		"recursion gives networks as good":                         {paper.NotTested, "no generations"},
		"in the soft chain unc grows on every":                     {paper.NotTested, "no generations"},
		"mostly on [0.5, 1]":                                       {paper.NotTested, "no generations"},
		"at each step the soft chain's test":                       {paper.NotTested, "no generations"},
		"the soft student beats the classical one on the test set": {paper.TooLittlePower, "1 pictures against 1; could have seen 0.99051"}, // soft misses 0.7 on a cat, classical 0.9 on another: 2.80159 sqrt(2) / 4
	} {
		at := slices.IndexFunc(claims, func(c Claim) bool { return strings.HasPrefix(c.Claim, begin) })
		if at < 0 {
			t.Errorf("no claim begins with %q", begin)
			continue
		}
		if c := claims[at]; c.Verdict != want.verdict || !strings.Contains(c.Evidence, want.reason) {
			t.Errorf("%s: got %q (%s), want %q (%s)", c.Claim, c.Verdict, c.Evidence, want.verdict, want.reason)
		}
	}
	some, err := Of(r, 1, 3)
	if err != nil || len(some) != 3 || some[0].Number != 1 || some[2].Number != 3 {
		t.Errorf("claims 1 and 3: got %+v, %v, want two parts and one", some, err)
	}
	if err := os.WriteFile(filepath.Join(r.Dir, "soft", "test.csv"), []byte("id,set,label,p\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Table(r); err == nil || !strings.Contains(err.Error(), "claim 2: ") {
		t.Errorf("a broken file: got error %v, want one that names the claim", err)
	}
}

// What a chain leaves open: fewer generations than the paper's do not confirm, short ones do not refute, and what happens over all of the
// chain is not confirmed by fewer steps.
func TestWhatChainsLeaveOpen(t *testing.T) {
	fewer, short, asPaper := recipe.Reduced, recipe.Paper, recipe.Paper
	fewer.Chain = fewer.Student
	short.Chain = short.Student
	short.Chain.Epochs = 4
	for _, c := range []struct {
		how          recipe.Study
		from         int
		holds        bool
		every, whole string // why steps, and the chain as a whole, stay open
	}{
		{asPaper, 0, true, "", ""},
		{asPaper, 0, false, "", ""},
		{fewer, 0, true, "so far: 2 of 6 generations", "so far: 2 of 6 generations"},
		{fewer, 1, true, "so far: 2 of 6 generations", "so far: 2 of 6 generations"},
		{fewer, 0, false, "", ""},
		{short, 1, true, "", "it holds in the 5 steps of 6 that compare"},
		{short, 1, false, "each generation is one network of 4 epochs, where the student had 100", "each generation is one network of 4 epochs, where the student had 100"},
	} {
		r := &study{&analysis.Study{Study: &folder.Study{Recipe: c.how}}}
		f := finding{test: test{holds: c.holds}, evidence: "numbers"}
		for reason, got := range map[string]finding{c.every: r.along(f, c.from), c.whole + " ": r.asLong(f, c.from)} {
			want := map[bool]paper.Verdict{true: paper.Holds, false: paper.Fails}[c.holds]
			if reason = strings.TrimSpace(reason); reason != "" {
				want = paper.DesignCannotTell
			}
			verdict, evidence := got.decided(0)
			if verdict != want || !strings.Contains(evidence, reason) || strings.Contains(evidence, "from generation 1 on") != (c.from > 0) {
				t.Errorf("%s from %d, %v: got %s (%s), want %s (%s)", c.how.Name, c.from, c.holds, verdict, evidence, want, reason)
			}
		}
	}
}

// Where the student was trained longer than the generations after it, its lead is not the recursion's doing.
func TestGenerationsTrainedAlike(t *testing.T) {
	models := map[string]behaviour{"classical": {40, 40, 40}}
	for _, chain := range []string{"hard", "soft"} {
		models[chain] = behaviour{40, 40, 40}
		for g := 1; g <= 6; g++ {
			models[folder.Generation(chain, g)] = behaviour{400 + 2*g, 40, 40}
		}
	}
	r := made(t, models, 1, 2, 1)
	soft := func(r *study) (finding, error) { return r.chainLosesLittle("soft") }
	at{t, r}.expect("all against the student", soft, paper.Fails, "most in generation 6: +0.09300") // (412 - 40) / 4000
	r.Recipe.Chain = r.Recipe.Student
	r.Recipe.Chain.Epochs = 1
	at{t, r}.expect("against generation 1", soft, paper.DesignCannotTell, "most in generation 6: +0.00250") // 10 / 4000
	at{t, r}.expect("against generation 1", soft, paper.DesignCannotTell,
		"from generation 1 on, the first that is trained as the later ones; it holds in the 5 steps of 6 that compare")
}

// Intervals of 1.96 standard errors to either side, 0.5 each: two-sided p-values are those of tables of the normal distribution, and
// 2.80159 = 1.95996 + 0.84162.
func TestOneTest(t *testing.T) {
	s := shift{1.5, stats.Interval{Low: 1.5 - 1.959963985*0.5, High: 1.5 + 1.959963985*0.5}}
	for _, c := range []struct {
		name  string
		got   test
		holds bool
		p     float64
	}{
		{"above 0", s.isAbove(0), true, 0.002700}, {"above 0.5", s.isAbove(0.5), true, 0.045500}, {"above 1", s.isAbove(1), true, 0.317311},
		{"above 3", s.isAbove(3), false, 0.002700}, {"below 3", s.isBelow(3), true, 0.002700}, {"below 1", s.isBelow(1), false, 0.317311},
		{"within 0 and 3", s.isWithin(0, 3), true, 0.002700}, {"within 0.5 and 3", s.isWithin(0.5, 3), true, 0.045500},
		{"within 3 and 4", s.isWithin(3, 4), false, 2 * 0.002700}, {"not above 3", s.isAbove(3).not(), true, 0.002700},
		{"six heads", ahead(stats.McNemar{First: 6}), true, 0.031250}, {"five tails", ahead(stats.McNemar{Second: 5}), false, 0.062500},
	} {
		if c.got.holds != c.holds || math.Abs(c.got.p-c.p) > 1e-6 {
			t.Errorf("%s: got %+v, want p = %v, holds: %v", c.name, c.got, c.p, c.holds)
		}
	}
	if got, want := s.isAbove(0).detectable, 2.801585*0.5; math.Abs(got-want) > 1e-6 {
		t.Errorf("detectable: got %v, want %v", got, want)
	}
	if got, want := ahead(stats.McNemar{First: 60, Second: 40, Both: 900}).detectable, 2.801585*10/1000; math.Abs(got-want) > 1e-6 {
		t.Errorf("detectable lead: got %v, want %v", got, want)
	}
}

// All hold by the largest p; one fails by the smallest that speaks against, times their number.
func TestEvery(t *testing.T) {
	holds := func(p float64) test { return test{p, true, p, 1} }
	for _, c := range []struct {
		name string
		got  test
		want test
	}{
		{"all hold", every(holds(0.01), holds(0.04), holds(0.02)), test{0.04, true, 0.04, 3}},
		{"one may fail", every(holds(0.01), holds(0.2).not(), holds(0.001)), test{0.2 * 3, false, 0.2, 3}},
		{"two fail", every(holds(0.01).not(), holds(0.02).not()), test{0.02, false, 0.02, 2}},
		{"by no means", every(holds(0.9).not(), holds(0.9).not()), test{1, false, 0.9, 2}},
		{"nested", every(every(holds(0.01), holds(0.02).not()), holds(0.03)), test{0.08, false, 0.03, 3}},
	} {
		if math.Abs(c.got.p-c.want.p) > 1e-15 || c.got.holds != c.want.holds || c.got.detectable != c.want.detectable || c.got.tests != c.want.tests {
			t.Errorf("%s: got %+v, want %+v", c.name, c.got, c.want)
		}
	}
}

// Holm's correction by hand: of 0.01, 0.02 and 0.045 the first is times 3, the second times 2, the last as it is. What has no test counts
// for nothing.
func TestVerdictsFollowAdjusted(t *testing.T) {
	found := func(p float64, holds bool) func(*study) (finding, error) {
		return func(*study) (finding, error) { return finding{test: test{p, holds, 0.25, 2}, evidence: "numbers"}, nil }
	}
	parts := []part{
		{2, "a", "", found(0.045, true)}, {2, "b", "", found(0.01, false)},
		{2, "c", "", func(*study) (finding, error) { return open(paper.PremiseAbsent, "nothing to lose"), nil }},
		{2, "d", "", found(0.02, true)},
	}
	for _, c := range []struct {
		parts []part
		want  string
	}{
		{parts, "a 0.045 0.045 holds numbers; b 0.01 0.03 does not hold numbers; c NaN NaN premise absent nothing to lose; d 0.02 0.04 holds numbers"},
		{append(parts[:3:3], part{2, "e", "", found(0.046, true)}), "a 0.045 0.09 too little power numbers; could have seen 0.25000; b 0.01 0.03 does not hold numbers; " +
			"c NaN NaN premise absent nothing to lose; e 0.046 0.09 too little power numbers; could have seen 0.25000"},
	} {
		decided, err := (&study{}).decide(c.parts)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range decided {
			got = append(got, fmt.Sprintf("%s %.3g %.3g %s %s", d.Claim, d.P, d.Adjusted, d.Verdict, d.Evidence))
		}
		if joined(got) != c.want {
			t.Errorf("got %s\nwant %s", joined(got), c.want)
		}
	}
}
