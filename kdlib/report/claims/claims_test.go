package claims

import (
	"fmt"
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
	"distillation/kdlib/train/history"
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
	for model, best := range map[string]int{"hard": bestHard, "classical": bestClassical} {
		var past history.History
		for epoch := 1; epoch <= 100; epoch++ {
			e := history.Epoch{Number: epoch, ValidationAccuracy: 0.5, ValidationLoss: 1}
			if epoch == best {
				e.ValidationAccuracy = 0.9
			}
			past = append(past, e)
		}
		if err := past.Write(filepath.Join(r.Dir, model, "history.csv")); err != nil {
			t.Fatal(err)
		}
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

// A study in which everything is as the paper says: each part of each claim is reproduced.
func TestClaimsThatHold(t *testing.T) {
	models := map[string]behaviour{"teacher": {20, 30, 10}, "classical": {70, 45, 45}, "hard": {80, 40, 40}, "soft": {40, 60, 20},
		folder.Repeated("soft", 2): {42, 60, 20}, folder.Repeated("hard", 2): {80, 40, 40}, folder.Repeated("classical", 2): {72, 45, 45}}
	for g := 1; g <= 6; g++ {
		models[folder.Generation("hard", g)] = behaviour{80 + 2*g, 40, 40}
		models[folder.Generation("soft", g)] = behaviour{40 + 2*g, 60 + 30*g, 20 + 5*g}
	}
	r := made(t, models, 47, 86, 4.95)
	decided(t, r, nil, paper.Holds)
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
		folder.Repeated("soft", 2): {404, 20, 60}, folder.Repeated("hard", 2): {50, 200, 40}, folder.Repeated("classical", 2): {302, 45, 45}}
	for g := 1; g <= 6; g++ {
		models[folder.Generation("hard", g)] = behaviour{50 + 150*g, 200 + 100*g, 40}
		models[folder.Generation("soft", g)] = behaviour{400 + 150*g, 20, 600 - 50*g}
	}
	decided(t, made(t, models, 90, 50, 0.9), map[string]string{
		"the hard student loses less": "the teacher is behind",
		"mostly on [0.5, 1]":          "unc did not grow for certain",
		"so is the soft student":      "the teacher does not show it",
		"the hard student does not":   "the teacher does not show it",
	}, paper.Fails)
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
		"the soft one the other way":  {aboutDogs, aboutCats, even, paper.Fails, paper.Undecided},
		"nobody but the teacher":      {aboutDogs, even, even, paper.Undecided, paper.Undecided},
		"not the teacher":             {even, aboutDogs, even, paper.Undecided, paper.Undecided},
		"not the teacher, but hard":   {even, aboutDogs, aboutDogs, paper.Undecided, paper.Undecided},
		"the hard one nearly as much": {aboutDogs, behaviour{40, 60, 39}, behaviour{40, 59, 40}, paper.Holds, paper.Undecided}, // p = 0.044 and 0.07, two pictures apart
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
	teststudy.Write(t, folder.AugmentedPath(r.Dir, "soft", 0), rows(0.1, 0.9, 0.1, 0.9))      // four right
	teststudy.Write(t, folder.AugmentedPath(r.Dir, "classical", 0), rows(0.1, 0.9, 0.9, 0.9)) // three
	teststudy.Write(t, folder.AugmentedPath(r.Dir, "soft", 1), rows(0.9, 0.1, 0.1, 0.9))      // two
	teststudy.Write(t, folder.AugmentedPath(r.Dir, "classical", 1), rows(0.9, 0.9, 0.9, 0.9)) // two
	verdict, evidence, err := (&study{r}).softLeadsAugmented()
	if want := "soft less classical +0.12500 ("; err != nil || verdict != paper.Undecided || !strings.HasPrefix(evidence, want) || // (1/4 + 0/4) / 2
		!strings.HasSuffix(evidence, "in the mean of 2 repetitions") {
		t.Errorf("got %s (%s), %v, want undecided, %q", verdict, evidence, err, want)
	}
}

// A best epoch at the end of a training might have come later.
func TestBestEpochs(t *testing.T) {
	even := behaviour{40, 40, 40}
	for _, c := range []struct {
		hard, classical int // of 100
		want            paper.Verdict
		evidence        string
	}{
		{47, 86, paper.Holds, "47 / 86 = 0.55"}, {80, 90, paper.Fails, "80 / 90"}, {60, 100, paper.Undecided, "the classical one is at its best at the end"},
		{100, 100, paper.Undecided, "the classical one is at its best at the end"}, {100, 99, paper.Fails, "100 / 99"}, // 99 / 100 at least
	} {
		r := made(t, map[string]behaviour{"hard": even, "classical": even}, c.hard, c.classical, 1)
		verdict, evidence, err := (&study{r}).halfTheEpochs()
		if err != nil || verdict != c.want || !strings.Contains(evidence, c.evidence) {
			t.Errorf("%d and %d: got %s (%s), %v, want %s (%s)", c.hard, c.classical, verdict, evidence, err, c.want, c.evidence)
		}
	}
	r := made(t, map[string]behaviour{"hard": even, "classical": even}, 47, 86, 1)
	r.Recipe.Student.Optimizer.Schedule.Name = recipe.Cosine
	if verdict, evidence, err := (&study{r}).halfTheEpochs(); err != nil || verdict != paper.Undecided || !strings.Contains(evidence, "(cosine) ends with the last epoch") {
		t.Errorf("with a schedule: got %s (%s), %v, want undecided", verdict, evidence, err)
	}
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
	teststudy.Write(t, folder.PredictionPath(r.Dir, "soft", predictions.Test), rows(180, 20, 180, 20))
	teststudy.Write(t, folder.PredictionPath(r.Dir, "soft-6", predictions.Test), rows(240, 60, 60, 40)) // dogs: 20 of 200 unsure, then 60 of 300; cats: 20 of 200, then 40 of 100
	verdict, evidence, err := (&study{r}).softGrowsOnDogs()
	// (20 x 0.09 + 180 x 0.0001) / 200 = 0.00909; (60 x 0.09 + 240 x 0.0001) / 300 = 0.01808; (40 x 0.09 + 60 x 0.0001) / 100 = 0.03606
	if want := "for a prediction there unc grew by +0.00899, for one on the other side by +0.02697"; err != nil || verdict != paper.Undecided || !strings.Contains(evidence, want) {
		t.Errorf("got %s (%s), %v, want undecided, %q", verdict, evidence, err, want)
	}
}

// decided checks the verdict on every part; those of undecided have that verdict and a reason.
func decided(t *testing.T, r *analysis.Study, undecided map[string]string, want paper.Verdict) {
	t.Helper()
	claims, err := Of(r)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[int]int{}
	for _, c := range claims {
		parts[c.Number]++
		verdict, evidence := want, ""
		for begin, reason := range undecided {
			if strings.HasPrefix(c.Claim, begin) {
				verdict, evidence = paper.Undecided, reason
			}
		}
		if c.Verdict != verdict || !strings.Contains(c.Evidence, evidence) {
			t.Errorf("%d: %s: got %q (%s), want %q (%s)", c.Number, c.Claim, c.Verdict, c.Evidence, verdict, evidence)
		}
	}
	if got, want := fmt.Sprint(parts), "map[1:2 2:8 3:1 4:4 5:3 6:6]"; got != want {
		t.Errorf("parts of claims: got %s, want %s", got, want)
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
		"recursion lowers the hard chain's":                        {paper.NotTested, "no generations"},
		"in the soft chain unc grows on every":                     {paper.NotTested, "no generations"},
		"mostly on [0.5, 1]":                                       {paper.NotTested, "no generations"},
		"at each step the soft chain's test":                       {paper.NotTested, "no generations"},
		"the soft student beats the classical one on the test set": {paper.Undecided, "1 pictures against 1"}, // soft misses 0.7 on a cat, classical 0.9 on another
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

// Fewer generations than the paper's leave open what holds so far, but not what fails.
func TestFewerGenerations(t *testing.T) {
	r := &analysis.Study{Study: &folder.Study{Recipe: recipe.Reduced}}
	for v, want := range map[paper.Verdict]paper.Verdict{paper.Holds: paper.Undecided, paper.Undecided: paper.Undecided, paper.Fails: paper.Fails} {
		for from := range 2 {
			if got, evidence, _ := (&study{r}).fewer(v, "numbers", from); got != want || (v == paper.Holds) != strings.Contains(evidence, "2 of 6 generations") {
				t.Errorf("%s from %d: got %s (%s), want %s", v, from, got, evidence, want)
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
	verdict, evidence, err := (&study{r}).chainLosesLittle("soft")
	if want := "most in generation 6: +0.09300"; err != nil || verdict != paper.Fails || !strings.HasPrefix(evidence, want) { // (412 - 40) / 4000
		t.Errorf("all against the student: got %s (%s), %v, want %q", verdict, evidence, err, want)
	}
	r.Recipe.Chain = r.Recipe.Student
	r.Recipe.Chain.Epochs = 1
	verdict, evidence, err = (&study{r}).chainLosesLittle("soft")
	if want := "most in generation 6: +0.00250"; err != nil || verdict != paper.Undecided || !strings.HasPrefix(evidence, want) || // 10 / 4000
		!strings.HasSuffix(evidence, "from generation 1 on, the first that is trained as the later ones; it holds in the 5 steps of 6 that compare") {
		t.Errorf("against generation 1: got %s (%s), %v, want %q", verdict, evidence, err, want)
	}
}

func TestVerdicts(t *testing.T) {
	i := stats.Interval{Low: 1, High: 2}
	for _, c := range []struct {
		name      string
		got, want paper.Verdict
	}{
		{"below 3", below(i, 3), paper.Holds}, {"below 2", below(i, 2), paper.Undecided}, {"below 1", below(i, 1), paper.Fails},
		{"above 0", above(i, 0), paper.Holds}, {"above 1", above(i, 1), paper.Undecided}, {"above 2", above(i, 2), paper.Fails},
		{"within 0 and 3", within(i, 0, 3), paper.Holds}, {"within 1.5 and 3", within(i, 1.5, 3), paper.Undecided}, {"within 3 and 4", within(i, 3, 4), paper.Fails},
		{"six heads", ahead(stats.McNemar{First: 6}), paper.Holds}, {"five heads", ahead(stats.McNemar{First: 5}), paper.Undecided},
		{"six tails", ahead(stats.McNemar{Second: 6}), paper.Fails}, {"nothing", paper.All(), paper.Holds},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
}
