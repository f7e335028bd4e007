package lab

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"distillation/kdlib/distill"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/study/paired"
)

// difference asks for a measure of first less second.
func difference(point, measure, first, second string) paired.Contrast {
	return paired.Contrast{Point: point, Measure: measure, First: first, Second: second}
}

// Kinds of students of Unlabelled, beside the classical one, which has the hand labels alone: the teacher's soft labels on the same few
// pictures; on all others beside the hand labels; and those of a teacher that itself knows only the hand labels.
const (
	fewSoft = "soft"
	more    = "unlabelled"
	own     = "own teacher"
)

// handLabels are how many pictures have hand labels.
var handLabels = []int{100, 300, 1000, 3000}

func labelled(n int) string { return fmt.Sprintf("%d labels", n) }

// unlabelled is the paper's own motive: a teacher labels what nobody has labelled by hand.
func unlabelled() Experiment {
	e := Experiment{
		Name:       "unlabelled",
		Claim:      "A teacher makes pictures without labels useful (the paper's introduction).",
		Prediction: "Students of N hand labels and a teacher's predictions on all other training pictures beat students of the N hand labels, the more the smaller N.",
		run:        runUnlabelled,
	}
	for _, n := range handLabels {
		e.Contrasts = append(e.Contrasts, difference(labelled(n), paired.Accuracy, more, paper.Classical))
	}
	for _, second := range []string{fewSoft, own} {
		for _, n := range handLabels {
			e.Contrasts = append(e.Contrasts, difference(labelled(n), paired.Accuracy, second, paper.Classical))
		}
	}
	return e
}

// runUnlabelled lets each seed have N training pictures of its own with hand labels. All students make as many steps as an epoch of
// all pictures has, and the same hand labels of the validation set choose their epoch.
func runUnlabelled(w *work) error {
	how := w.Students
	steps := w.Train() / how.Training.Batch
	for _, n := range handLabels {
		if n > w.Train() {
			return fmt.Errorf("got %d training pictures, want at least %d", w.Train(), n)
		}
		var rows [][]int
		for _, seed := range how.Seeds {
			rows = append(rows, balanced(w.Manifest[:w.Train()], n, seed))
		}
		few := Task{Labels: Same(w.truth, len(how.Seeds)), Rows: rows, Steps: steps}
		taught, err := w.fit(labelled(n), paper.Teacher, withWidth(how, teacherWidth), few, w.Teacher)
		if err != nil {
			return err
		}
		var mixed, byOwn [][]float64
		for s := range rows {
			mixed, byOwn = append(mixed, w.known(w.Teacher, rows[s])), append(byOwn, w.known(taught[s].P(), rows[s]))
		}
		err = w.fitAll(labelled(n), how, w.Teacher, []lesson{
			{paper.Classical, few},
			{fewSoft, Task{Labels: Same(w.known(w.Teacher, nil), len(how.Seeds)), Rows: rows, Steps: steps}},
			{more, Task{Labels: mixed, Steps: steps}},
			{own, Task{Labels: byOwn, Steps: steps}},
		}, false)
		if err != nil {
			return err
		}
	}
	return nil
}

// known are a teacher's predictions on the training pictures, but for those that have hand labels; all others have those.
func (w *work) known(teacher []float64, labelled []int) []float64 {
	labels := slices.Concat(teacher[:w.Train()], w.truth[w.Train():])
	for _, i := range labelled {
		labels[i] = w.truth[i]
	}
	return labels
}

// The teachers of threeStudents.
const (
	sureTeacher     = "a sure teacher"
	doubtingTeacher = "a doubting teacher"
)

// The paper's teacher on its training pictures: of 17,500 so many hard labels differ from the hand labels, and its doubt is unc.
const (
	paperTrain  = 17500
	paperErrors = 3       // accuracy 0.99983
	paperDoubt  = 0.00006 // unc (15)
)

// threeStudents asks whether the paper's three students could differ at all.
func threeStudents() Experiment {
	e := Experiment{
		Name:       "three",
		Claim:      "The paper's three students differ by what they learned from (its tables of 3.2).",
		Prediction: "With a teacher as sure on its training pictures as the paper's, the three students of one seed lie nearer together than three seeds of one student; with a doubting one they do not.",
		run:        runThree,
	}
	for _, point := range []string{sureTeacher, doubtingTeacher} {
		for _, second := range []string{paper.Classical, paper.Hard} {
			e.Contrasts = append(e.Contrasts, difference(point, paired.Accuracy, paper.Soft, second), difference(point, paired.Unc, paper.Soft, second))
		}
		for _, measure := range []string{paired.Accuracy, paired.Unc, paired.BestEpoch} {
			e.Spreads = append(e.Spreads, paired.Contrast{Point: point, Measure: measure})
		}
	}
	return e
}

func runThree(w *work) error {
	sure := Sure(w.Teacher, w.truth, w.Train())
	if err := w.fitAll(sureTeacher, w.Students, sure, w.three(sure), false); err != nil {
		return err
	}
	return w.fitAll(doubtingTeacher, w.Students, w.Teacher, w.three(w.Teacher), false)
}

// Sure is a teacher with the errors and the doubt of the paper's on the training pictures, which stand first: on those where it is
// least right it errs, on all it is as far from certainty as unc (15) says. On all other pictures it is as it was.
func Sure(teacher, truth []float64, train int) []float64 {
	p := slices.Clone(teacher)
	doubt := math.Sqrt(paperDoubt)
	order := places(train)
	slices.SortStableFunc(order, func(a, b int) int {
		switch wrong := math.Abs(teacher[a]-truth[a]) - math.Abs(teacher[b]-truth[b]); {
		case wrong > 0:
			return -1
		case wrong < 0:
			return 1
		}
		return 0
	})
	errs := int(math.Round(paperErrors * float64(train) / paperTrain))
	for rank, i := range order {
		class := truth[i]
		if rank < errs {
			class = 1 - class
		}
		p[i] = class*(1-doubt) + (1-class)*doubt
	}
	return p
}

// The teachers of inheritedDoubt.
const (
	teacherAsIs = "the teacher as it is"
	doubtsDogs  = "a teacher that doubts dogs"
)

// dogTemperature softens a teacher's logits where it predicts a dog.
const dogTemperature = 4

// inheritedDoubt asks whether soft labels hand on which pictures are doubtful.
func inheritedDoubt() Experiment {
	e := Experiment{
		Name:  "doubt",
		Claim: "A student of soft labels inherits its teacher's doubt (the paper's 4.3).",
		Prediction: "Picture by picture, a soft student's doubt follows its teacher's more closely than a classical or a hard one's; of a teacher that doubts dogs, " +
			"the soft student doubts dogs more than cats.",
		run: runDoubt,
	}
	for _, second := range []string{paper.Classical, paper.Hard} {
		e.Contrasts = append(e.Contrasts, difference(teacherAsIs, paired.Correlation, paper.Soft, second), difference(teacherAsIs, paired.Divergence, paper.Soft, second))
	}
	for _, measure := range []string{paired.DogDoubt, paired.Unc, paired.Correlation} {
		e.Contrasts = append(e.Contrasts, difference(doubtsDogs, measure, paper.Soft, paper.Classical))
	}
	return e
}

func runDoubt(w *work) error {
	if err := w.fitAll(teacherAsIs, w.Students, w.Teacher, w.three(w.Teacher), false); err != nil {
		return err
	}
	planted := DoubtsDogs(w.Teacher)
	return w.fitAll(doubtsDogs, w.Students, planted, w.three(planted), true)
}

// DoubtsDogs is a teacher that has become doubtful where it predicts a dog, and whose classes are as they were.
func DoubtsDogs(teacher []float64) []float64 {
	p := slices.Clone(teacher)
	for i, v := range p {
		if v > distill.Threshold {
			p[i] = distill.Soft{Temperature: dogTemperature}.Label(v, 0)
		}
	}
	return p
}

// generations of a chain, as in the paper.
const generations = 6

const chains = "chains"

// recursion repeats the paper's 4.4 at equal training of all generations.
func recursion() Experiment {
	last := func(chain string) string { return folder.Generation(chain, generations) }
	return Experiment{
		Name:       "recursion",
		Claim:      "Students of students lose accuracy and become more doubtful, and unc (15) tells how well they generalize (the paper's 4.4 and 5).",
		Prediction: "Trained alike, chains lose accuracy; if unc told generalization, calibration would follow it: where unc falls, so would ECE.",
		Contrasts: []paired.Contrast{
			difference(chains, paired.Accuracy, last(paper.Soft), paper.Soft), difference(chains, paired.Accuracy, last(paper.Hard), paper.Hard),
			difference(chains, paired.Unc, last(paper.Soft), paper.Soft), difference(chains, paired.Unc, last(paper.Hard), paper.Hard),
			difference(chains, paired.ECE, last(paper.Soft), paper.Soft), difference(chains, paired.ECE, last(paper.Hard), paper.Hard),
			difference(chains, paired.Accuracy, last(paper.Soft), last(paper.Hard)),
		},
		run: runRecursion,
	}
}

// runRecursion lets every seed have chains of its own: a student learns from the one before of the same seed.
func runRecursion(w *work) error {
	how := w.Students
	first := map[string]Student{}
	step := func(model string, labels [][]float64) ([]Student, error) {
		students, err := w.fit(chains, model, how, Task{Labels: labels}, w.Teacher)
		if err == nil {
			first[model] = students[0]
		}
		return students, err
	}
	if _, err := step(paper.Classical, Same(w.truth, len(how.Seeds))); err != nil {
		return err
	}
	for _, rule := range []distill.Rule{distill.Hard{}, distill.Soft{}} {
		labels := Same(Labels(rule, w.Teacher, w.truth), len(how.Seeds))
		for k := range generations + 1 {
			students, err := step(folder.Generation(rule.String(), k), labels)
			if err != nil {
				return err
			}
			labels = nil
			for _, s := range students {
				labels = append(labels, Labels(rule, s.P(), w.truth))
			}
		}
	}
	if w.Keep == nil {
		return nil
	}
	return w.Keep(Kept{chains, w.Teacher, first, how})
}

const constantRate = "constant rate"

// halfTheEpochs asks for the paper's claim on epochs, where no decaying rate decides it.
func halfTheEpochs() Experiment {
	epochs := func(first string) paired.Contrast {
		c := difference(constantRate, paired.BestEpoch, first, paper.Classical)
		c.Ratio, c.Margin = true, 2
		return c
	}
	return Experiment{
		Name:       "epochs",
		Claim:      "Distilled students need half the epochs (the paper's 5).",
		Prediction: "At a constant learning rate the best epoch of hard and soft students comes at half the classical one's number.",
		Contrasts:  []paired.Contrast{epochs(paper.Soft), epochs(paper.Hard)},
		Spreads:    []paired.Contrast{{Point: constantRate, Measure: paired.BestEpoch}},
		run: func(w *work) error {
			return w.fitAll(constantRate, w.Students, w.Teacher, w.three(w.Teacher), false)
		},
	}
}

// wrongShares are shares of hand labels that are wrong.
var wrongShares = []float64{0, 0.1, 0.2, 0.3, 0.4}

func wrong(share float64) string { return fmt.Sprintf("%.0f %% wrong", 100*share) }

// teacherWidth is that of a teacher that the lab trains itself.
const teacherWidth = 128

// wrongLabels asks whether a teacher of wrong hand labels is better than the labels.
func wrongLabels() Experiment {
	e := Experiment{
		Name:       "noise",
		Claim:      "A teacher cleans wrong hand labels: its predictions are better labels than those that it learned from.",
		Prediction: "The more hand labels are wrong, the more its students gain over students of the hand labels.",
		run:        runWrong,
	}
	for _, first := range []string{paper.Soft, paper.Hard} {
		for _, share := range wrongShares {
			e.Contrasts = append(e.Contrasts, difference(wrong(share), paired.Accuracy, first, paper.Classical))
		}
	}
	return e
}

// runWrong changes hand labels of train and validation set, others for each seed, and trains a wider teacher on them.
func runWrong(w *work) error {
	how, n := w.Students, len(w.Students.Seeds)
	teachers := withWidth(how, teacherWidth)
	for _, share := range wrongShares {
		labels := make([][]float64, n)
		for s, seed := range how.Seeds {
			labels[s] = w.withWrong(share, seed)
		}
		taught, err := w.fit(wrong(share), paper.Teacher, teachers, Task{Labels: labels}, w.Teacher)
		if err != nil {
			return err
		}
		hard, soft := make([][]float64, n), make([][]float64, n)
		for s, t := range taught {
			hard[s], soft[s] = Labels(distill.Hard{}, t.P(), labels[s]), Labels(distill.Soft{}, t.P(), labels[s])
		}
		lessons := []lesson{{paper.Classical, Task{Labels: labels}}, {paper.Hard, Task{Labels: hard}}, {paper.Soft, Task{Labels: soft}}}
		if err := w.fitAll(wrong(share), how, w.Teacher, lessons, false); err != nil {
			return err
		}
	}
	return nil
}

// withWrong are the hand labels, of which a share in each of train and validation set is wrong.
func (w *work) withWrong(share float64, seed uint64) []float64 {
	y := slices.Clone(w.truth)
	rng := rand.New(rand.NewPCG(seed, 1))
	for _, split := range []predictions.Split{predictions.Train, predictions.Validation} {
		s := w.sets[split]
		for _, i := range rng.Perm(s.n)[:int(share*float64(s.n))] {
			y[s.from+i] = 1 - y[s.from+i]
		}
	}
	return y
}

// withWidth are the same students with hidden layers of another width.
func withWidth(how Students, width int) Students {
	how.Width, how.Training.Network = width, Dense(width)
	return how
}

// softened are the rules of softening, by their settings.
var softened = []struct {
	point string
	rule  distill.Rule
}{
	{"T = 1", distill.Soft{}},
	{"T = 2", distill.Soft{Temperature: 2}},
	{"T = 4", distill.Soft{Temperature: 4}},
	{"T = 8", distill.Soft{Temperature: 8}},
	{"alpha = 0.25", distill.Soft{Alpha: 0.25}},
	{"alpha = 0.5", distill.Soft{Alpha: 0.5}},
	{"alpha = 0.75", distill.Soft{Alpha: 0.75}},
	{"smoothing = 0.05", distill.Smoothed{Smoothing: 0.05}},
	{"smoothing = 0.1", distill.Smoothed{Smoothing: 0.1}},
	{"smoothing = 0.2", distill.Smoothed{Smoothing: 0.2}},
	{"smoothing = 0.4", distill.Smoothed{Smoothing: 0.4}},
}

const groundTruth = "ground truth"

// softening draws temperature, share of the hand label and smoothing as curves.
func softening() Experiment {
	e := Experiment{
		Name:       "softening",
		Claim:      "Temperature, a share of the hand label, or label smoothing make better labels (Hinton and others 2015; Müller and others 2019).",
		Prediction: "Accuracy on the test set has its best value away from the ground truth.",
		run:        runSoftening,
	}
	for _, s := range softened {
		c := difference(s.point, paired.Accuracy, s.rule.String(), paper.Classical)
		c.Against = groundTruth
		e.Contrasts = append(e.Contrasts, c)
	}
	return e
}

func runSoftening(w *work) error {
	n := len(w.Students.Seeds)
	if _, err := w.fit(groundTruth, paper.Classical, w.Students, Task{Labels: Same(w.truth, n)}, w.Teacher); err != nil {
		return err
	}
	for _, s := range softened {
		task := Task{Labels: Same(Labels(s.rule, w.Teacher, w.truth), n)}
		if _, err := w.fit(s.point, s.rule.String(), w.Students, task, w.Teacher); err != nil {
			return err
		}
	}
	return nil
}

// widths of students.
var widths = []int{1, 2, 4, 8, 16, 32, 64, 128}

// capacity asks which size of student gains most from soft labels.
func capacity() Experiment {
	e := Experiment{
		Name:       "capacity",
		Claim:      "The gap between teacher and student decides what distillation brings (Mirzadeh and others 2020).",
		Prediction: "The gain of soft labels over the ground truth changes with the student's width.",
		run:        runCapacity,
	}
	for _, width := range widths {
		e.Contrasts = append(e.Contrasts, difference(Dense(width), paired.Accuracy, paper.Soft, paper.Classical))
	}
	return e
}

func runCapacity(w *work) error {
	for _, width := range widths {
		if err := w.fitAll(Dense(width), withWidth(w.Students, width), w.Teacher, w.three(w.Teacher), false); err != nil {
			return err
		}
	}
	return nil
}

// The labels of drawnLabels: so many classes are drawn from the teacher's probability of a picture, and their mean is its label.
var draws = []int{1, 4, 16}

func meanOf(n int) string { return fmt.Sprintf("mean of %d", n) }

// softTemperature makes the teacher of drawnLabels doubt many pictures.
const softTemperature = 4

const drawnFrom = "T = 4"

// drawnLabels asks what a soft label is to a network with one output. The gradient of the cross-entropy by the logit is p - y. So a class that
// is drawn with the probability q pulls, in the mean, as the soft label q does, and noise of the variance q (1 - q) comes on top.
func drawnLabels() Experiment {
	e := Experiment{
		Name:       "drawn",
		Claim:      "A soft label is a hard label without its noise (Menon and others 2021).",
		Prediction: "Students of labels that are drawn from the teacher's probabilities come near to students of the probabilities themselves, the nearer the more draws a label is the mean of.",
		run:        runDrawn,
	}
	for _, measure := range []string{paired.Divergence, paired.Accuracy, paired.Correlation} {
		for _, n := range draws {
			e.Contrasts = append(e.Contrasts, difference(drawnFrom, measure, meanOf(n), paper.Soft))
		}
	}
	return e
}

// runDrawn draws classes for each seed. The teacher's probabilities on the validation set choose every student's epoch.
func runDrawn(w *work) error {
	how, n := w.Students, len(w.Students.Seeds)
	teacher := Labels(distill.Soft{Temperature: softTemperature}, w.Teacher, w.truth)
	lessons := []lesson{{paper.Soft, Task{Labels: Same(teacher, n)}}}
	for _, d := range draws {
		labels := make([][]float64, n)
		for s, seed := range how.Seeds {
			labels[s] = meanOfDraws(teacher, w.Train(), d, seed)
		}
		lessons = append(lessons, lesson{meanOf(d), Task{Labels: labels}})
	}
	return w.fitAll(drawnFrom, how, teacher, lessons, false)
}

// meanOfDraws are means of n classes that are drawn for each of the first train pictures; all others keep their probability.
func meanOfDraws(p []float64, train, n int, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, uint64(n)))
	labels := slices.Clone(p)
	for i, q := range p[:train] {
		dogs := 0
		for range n {
			if rng.Float64() < q {
				dogs++
			}
		}
		labels[i] = float64(dogs) / float64(n)
	}
	return labels
}

// Kinds of students of patience, see Copies.Tasks.
const (
	plainPictures = "plain pictures"
	fixedTeacher  = "fixed"
	consistent    = "consistent"
	byHand        = "hand labels"
)

// The settings of patience.
const (
	short   = "short"
	middle  = "usual"
	patient = "patient"
	// withoutChoice are the patient ones again, but no epoch is chosen for them: their last weights predict.
	withoutChoice = "patient, last epoch"
)

// patiences are how long students train, in quarters of the usual epochs.
var patiences = []struct {
	point    string
	quarters int
	answer   string
}{{short, 1, ""}, {middle, 4, ""}, {patient, 16, ""}, {withoutChoice, 16, recipe.LastEpoch}}

// patienceMargin is a difference of accuracy that would not matter: the three students of the paper's table are as far apart.
const patienceMargin = 0.005

// patience asks what it brings that teacher and student see the same copy of a picture.
func patience() Experiment {
	e := Experiment{
		Name:  "patience",
		Claim: "A good teacher is patient and consistent: it sees what its student sees, and the student trains for long (Beyer and others 2021).",
		Prediction: "On augmented copies, students of a teacher's answers on the same copies are right more often than students of its answers on the plain pictures, " +
			"and gain when they train longer, which students of plain pictures do not.",
		Copies: true,
		run:    runPatience,
	}
	settings := []string{patient, middle, short, withoutChoice}
	for _, second := range []string{fixedTeacher, plainPictures, byHand} {
		for _, point := range settings {
			c := difference(point, paired.Accuracy, consistent, second)
			c.Margin = patienceMargin
			e.Contrasts = append(e.Contrasts, c)
		}
	}
	for _, model := range []string{consistent, fixedTeacher, plainPictures, byHand} {
		c := difference(patient, paired.Accuracy, model, model)
		c.Against, c.Margin = short, patienceMargin
		e.Contrasts = append(e.Contrasts, c)
	}
	for _, point := range []string{patient, withoutChoice} {
		e.Contrasts = append(e.Contrasts, difference(point, paired.Divergence, consistent, fixedTeacher))
	}
	return e
}

// runPatience lets all kinds see the same pictures in the same order, and the same copies of them. An epoch has as many steps as show as
// many pictures as there are copies.
func runPatience(w *work) error {
	if w.Copies == nil {
		return errors.New("copies: got none, want some in the options")
	}
	l, err := w.Copies.Lab(w.Lab)
	if err != nil {
		return err
	}
	defer l.Close()
	inside := &work{Lab: l, Options: w.Options, ctx: w.ctx, truth: l.Truth()}
	for _, p := range patiences {
		how := w.Students
		how.Training.Epochs, how.Training.Answer = max(1, how.Training.Epochs*p.quarters/4), p.answer
		if err := inside.fitAll(p.point, how, l.Teacher, inside.copied(w.Copies), false); err != nil {
			return err
		}
	}
	w.rows = append(w.rows, inside.rows...)
	return nil
}

// copied are the kinds of students of patience in the lab of some copies.
func (w *work) copied(c *Copies) (lessons []lesson) {
	tasks := c.Tasks(w.Lab, distill.Soft{}, w.Students)
	for _, model := range []string{plainPictures, fixedTeacher, consistent, byHand} {
		lessons = append(lessons, lesson{model, tasks[model]})
	}
	return lessons
}
