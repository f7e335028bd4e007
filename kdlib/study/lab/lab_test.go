package lab

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/study/paired"

	"gonum.org/v1/gonum/stat"
)

// drawn are pictures of two features: the first tells a dog in most, the second nothing. The teacher knows as much as can be known.
func drawn(train, other int) (images.Manifest, *Features, []float64) {
	rng := rand.New(rand.NewPCG(3, 4))
	f := &Features{Width: 2}
	var m images.Manifest
	var teacher []float64
	for i := range train + 2*other {
		split := predictions.Train
		if i >= train {
			split = folder.Splits[1+(i-train)/other]
		}
		label := i % 2
		x := rng.NormFloat64() + 2*float64(label) - 1
		f.Values = append(f.Values, float32(x), float32(rng.NormFloat64()))
		m = append(m, images.Entry{ID: fmt.Sprintf("%s.%d", []string{"cat", "dog"}[label], i), Split: split, Label: label})
		teacher = append(teacher, 1/(1+math.Exp(-2*x))) // two normal distributions a distance of 2 apart
	}
	f.Meta = map[string]string{metaManifest: manifestSum(m)}
	return m, f, teacher
}

func small(t *testing.T, train, other int) *Lab {
	t.Helper()
	m, f, teacher := drawn(train, other)
	l, err := New(xlatest.Backend(t), m, f, teacher)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// shared are pictures that several tests use, so that they share compiled programs.
var shared = sync.OnceValue(func() *Lab {
	m, f, teacher := drawn(1000, 500)
	l, err := New(nil, m, f, teacher)
	if err != nil {
		panic(err)
	}
	return l
})

func usual(t *testing.T) *Lab {
	l := shared()
	l.backend = xlatest.Backend(t)
	return l
}

func quick(seeds ...uint64) Students {
	how := Usual(seeds)
	how.Training.Epochs, how.Training.Batch, how.Training.Optimizer.LearningRate = 2, 16, 0.01
	return withWidth(how, 4)
}

// A student of one seed is the same whoever trains beside it, and has nothing of them.
func TestSeedsDoNotMix(t *testing.T) {
	l := usual(t)
	labels := Labels(distill.Soft{}, l.Teacher, l.Truth())
	other := slices.Clone(labels)
	for i := range other {
		other[i] = 1 - other[i]
	}
	alone, err := l.Fit(t.Context(), quick(5), Task{Labels: Same(labels, 1)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	epochs := 0
	beside, err := l.Fit(t.Context(), quick(4, 5, 6), Task{Labels: [][]float64{other, labels, other}}, func(done, total int) { epochs += 10*done + total })
	if err != nil {
		t.Fatal(err)
	}
	for i, z := range alone[0].Logits {
		if got := beside[1].Logits[i]; math.Abs(got-z) > 1e-6 { // sums in another order
			t.Fatalf("picture %d: got the logit %v beside others, %v alone", i, got, z)
		}
	}
	if reflect.DeepEqual(beside[0].Logits, beside[2].Logits) || beside[0].Seed != 4 || epochs != 10+2+20+2 {
		t.Errorf("two seeds are the same, or epochs were told wrong: %d", epochs)
	}
	clear(l.known) // or they would not be trained again
	again, err := l.Fit(t.Context(), quick(4, 5, 6), Task{Labels: [][]float64{other, labels, other}}, nil)
	if err != nil || !reflect.DeepEqual(again[1].Logits, beside[1].Logits) {
		t.Errorf("the same again: other logits, %v", err)
	}
	known, err := l.Fit(t.Context(), quick(4, 5, 6), Task{Labels: [][]float64{other, labels, other}}, nil)
	if err != nil || &known[0].Logits[0] != &again[0].Logits[0] {
		t.Errorf("what was trained was trained again, %v", err)
	}
}

// The best epoch's weights predict: those whose validation the history says.
func TestBestEpochPredicts(t *testing.T) {
	l := usual(t)
	how := quick(1, 2, 3)
	how.Training.Epochs = 6
	for answer, last := range map[string]bool{"": false, recipe.LastEpoch: true} {
		how.Training.Answer = answer
		students, err := l.Fit(t.Context(), how, Task{Labels: Same(l.Truth(), 3)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range students {
			want, _ := s.History.Best()
			if last {
				want = s.History[len(s.History)-1]
			}
			if s.Epoch != want.Number || len(s.History) != 6 {
				t.Errorf("seed %d: got epoch %d of %d, want %d", s.Seed, s.Epoch, len(s.History), want.Number)
			}
			p, y := l.Table(s.P(), predictions.Validation).P(), l.Table(s.P(), predictions.Validation).Labels()
			accuracy, err := metrics.AccuracyScore(p, y, distill.Threshold)
			if err != nil || math.Abs(accuracy-want.ValidationAccuracy) > 1e-12 {
				t.Errorf("seed %d: its predictions have accuracy %v, %v, its history %v", s.Seed, accuracy, err, want.ValidationAccuracy)
			}
			loss, err := metrics.LogLoss(p, y)
			if err != nil || math.Abs(loss-want.ValidationLoss) > 1e-5 { // six digits of p
				t.Errorf("seed %d: its predictions have loss %v, %v, its history %v", s.Seed, loss, err, want.ValidationLoss)
			}
		}
	}
}

// What can be known of these pictures is that of 100 the share Phi(1) is right: 0.84.
func TestStudentsFindWhatThereIs(t *testing.T) {
	l := usual(t)
	students, err := l.Fit(t.Context(), quick(1), Task{Labels: Same(l.Truth(), 1)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := paired.Measure(l.Table(students[0].P(), predictions.Test), l.Table(l.Teacher, predictions.Test), 1)
	if err != nil || math.Abs(v[0]-0.84) > 0.05 { // three standard errors of 500 pictures
		t.Errorf("got accuracy %v, %v, want about 0.84", v[0], err)
	}
}

func TestOrderOfAnEpoch(t *testing.T) {
	r := &run{Students: quick(1, 2), Task: Task{Rows: [][]int{{3, 5, 7}, {3, 5, 7}}, Steps: 1}}
	a, b := r.order(0, 1), r.order(1, 1)
	if len(a) != 16 || slices.Equal(a, b) || !slices.Equal(a, r.order(0, 1)) || slices.Equal(a, r.order(0, 2)) {
		t.Errorf("orders: got %v and %v, and %v in epoch 2", a, b, r.order(0, 2))
	}
	for pass := range slices.Chunk(a[:15], 3) {
		if slices.Sort(pass); !slices.Equal(pass, []int{3, 5, 7}) {
			t.Errorf("a pass has the pictures %v, want each once", pass)
		}
	}
}

func TestTasksThatDoNotFit(t *testing.T) {
	l := small(t, 64, 32)
	y := l.Truth()
	beyond := slices.Clone(y)
	beyond[3] = 1.5
	wide := quick(1)
	wide.Training.Network = Dense(5)
	averaged := quick(1)
	averaged.Training.Average, averaged.Training.Answer = 0.9, recipe.AverageWeights
	for want, c := range map[string]struct {
		how  Students
		task Task
	}{
		"got them for 2 seeds, want 1":          {quick(1), Task{Labels: Same(y, 2)}},
		"got 5, want one for each of 128":       {quick(1), Task{Labels: Same(y[:5], 1)}},
		"picture dog.3: got 1.5":                {quick(1), Task{Labels: Same(beyond, 1)}},
		"rows: got 1":                           {quick(1), Task{Labels: Same(y, 1), Rows: [][]int{{64}}}},
		"want at least a batch of 16":           {quick(1), Task{Labels: Same(y, 1), Rows: [][]int{{1, 2}}}},
		"rows: got 8 with 8 copies of each":     {quick(1), Task{Labels: Same(y, 1), Rows: [][]int{places(8)}, Copies: 8}},
		"got rows for 2 seeds and 0 steps":      {quick(1), Task{Labels: Same(y, 1), Rows: [][]int{{1}, {2}}}},
		"seeds: got none":                       {Students{Width: 4, Training: quick(1).Training}, Task{Labels: Same(y, 1)}},
		`width: got 4 of the network "dense-5"`: {wide, Task{Labels: Same(y, 1)}},
		"average, dropout, loss: got some":      {averaged, Task{Labels: Same(y, 1)}},
	} {
		if _, err := l.Fit(t.Context(), c.how, c.task, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q in it", err, want)
		}
	}
}

func TestLogitsThatAreNotFinite(t *testing.T) {
	l := usual(t)
	how := quick(9)
	how.Training.Optimizer.LearningRate = 1e38
	if _, err := l.Fit(t.Context(), how, Task{Labels: Same(l.Truth(), 1)}, nil); err == nil || !strings.Contains(err.Error(), "seed 9") || !strings.Contains(err.Error(), "gone astray") {
		t.Errorf("got error %v, want one that names the seed", err)
	}
}

// Features on disk: half precision, and refused beside another split.
func TestFeaturesOnDisk(t *testing.T) {
	m, f, teacher := drawn(32, 16)
	if err := f.standardise(32); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "features.safetensors")
	if err := f.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := ReadFeatures(path)
	if err != nil || got.Width != 2 || !reflect.DeepEqual(got.Meta, f.Meta) {
		t.Fatalf("got %+v, %v", got, err)
	}
	for i, v := range f.Values {
		if e := math.Abs(float64(got.Values[i] - v)); e > 0x1p-11*max(1, math.Abs(float64(v)))+0x1p-24 { // half a unit of 11 bits
			t.Errorf("number %d: got %v, want %v", i, got.Values[i], v)
		}
	}
	record := &Record{Dir: dir, Experiment: recursion(), Lab: &Lab{Manifest: m, sets: map[predictions.Split]set{predictions.Train: {from: 0, n: 32}, predictions.Validation: {from: 32, n: 16}, predictions.Test: {from: 48, n: 16}}}}
	if err := record.Keep(Kept{Teacher: teacher, Training: quick(1)}); err != nil {
		t.Fatal(err)
	}
	study := filepath.Join(dir, StudyDir)
	l, err := Open(xlatest.Backend(t), path, study)
	if err != nil || l.Width != 2 || l.Train() != 32 || l.Teacher[40] != sixDigits(teacher[40]) {
		t.Fatalf("got %+v, %v", l, err)
	}
	defer l.Close()
	m[0].Label = 1 - m[0].Label
	if err := m.Write(filepath.Join(study, folder.ManifestFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(xlatest.Backend(t), path, study); err == nil || !strings.Contains(err.Error(), "got features of the split") {
		t.Errorf("another split: got error %v", err)
	}
	f.Values[1] = float32(math.Inf(1))
	if err := f.Write(path); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFeatures(path); err == nil || !strings.Contains(err.Error(), "picture 0, feature 1") {
		t.Errorf("infinite: got error %v", err)
	}
}

func TestFeaturesAreStandardised(t *testing.T) {
	f := &Features{Width: 2, Values: []float32{1, 10, 3, 10, 5, 40, 9, 0}}
	if err := f.standardise(3); err != nil {
		t.Fatal(err)
	}
	root := math.Sqrt(8. / 3) // of 1, 3, 5
	for i, want := range map[int]float64{0: -2 / root, 2: 0, 4: 2 / root, 6: 6 / root, 1: -math.Sqrt(0.5), 5: math.Sqrt(2), 7: -math.Sqrt(2)} {
		if math.Abs(float64(f.Values[i])-want) > 1e-6 {
			t.Errorf("number %d: got %v, want %v", i, f.Values[i], want)
		}
	}
	flat := &Features{Width: 1, Values: []float32{1, 1, 2}}
	if err := flat.standardise(2); err == nil || !strings.Contains(err.Error(), "feature 0") {
		t.Errorf("a feature that is always the same: got error %v", err)
	}
}

// The paper's teacher errs on 3 of 17,500: ours on 3 of as many, where it is least right, and doubts by (15) as the paper says.
func TestSureTeacher(t *testing.T) {
	teacher, truth := make([]float64, paperTrain+2), make([]float64, paperTrain+2)
	for i := range teacher {
		truth[i] = float64(i % 2)
		teacher[i] = 0.2 + 0.6*truth[i]
	}
	teacher[7], teacher[8], teacher[9], teacher[10] = 0.1, 0.95, 0.05, 0.7 // wrong; the last one least
	p := Sure(teacher, truth, paperTrain)
	accuracy, err1 := metrics.AccuracyScore(p[:paperTrain], truth[:paperTrain], distill.Threshold)
	unc, err2 := metrics.Uncertainty(p[:paperTrain], distill.Threshold)
	if err1 != nil || err2 != nil || math.Abs(accuracy-(1-3./17500)) > 1e-12 || math.Abs(unc-paperDoubt) > 1e-12 {
		t.Errorf("got accuracy %v, %v, unc %v, %v", accuracy, err1, unc, err2)
	}
	if distill.Class(p[10], 0.5) != 0 || distill.Class(p[7], 0.5) != 0 || p[paperTrain] != teacher[paperTrain] {
		t.Errorf("got %v, %v and %v behind the training pictures", p[7], p[10], p[paperTrain])
	}
}

func TestTeacherThatDoubtsDogs(t *testing.T) {
	got := DoubtsDogs([]float64{0.2, 0.5, 16. / 17})
	if want := []float64{0.2, 0.5, 2. / 3}; math.Abs(got[2]-want[2]) > 1e-15 || !slices.Equal(got[:2], want[:2]) { // odds of 16 by a fourth root
		t.Errorf("got %v, want %v", got, want)
	}
}

// By the binomial distribution labels that are means of n draws have the mean q and the variance q (1 - q) / n; the tolerances are four
// standard errors of 20,000 such labels. What stands behind the training pictures stays.
func TestMeansOfDraws(t *testing.T) {
	const train, q = 20000, 0.3
	p := slices.Repeat([]float64{q}, train+1)
	for n, tolerance := range map[int][2]float64{1: {0.013, 0.0052}, 4: {0.0065, 0.0015}} {
		labels := meanOfDraws(p, train, n, 7)
		mean, variance := stat.MeanVariance(labels[:train], nil)
		if math.Abs(mean-q) > tolerance[0] || math.Abs(variance-q*(1-q)/float64(n)) > tolerance[1] || labels[train] != q {
			t.Errorf("%d draws: got mean %v, variance %v, and %v behind them", n, mean, variance, labels[train])
		}
		if i := slices.IndexFunc(labels[:train], func(v float64) bool { return v*float64(n) != math.Trunc(v*float64(n)) }); i >= 0 {
			t.Errorf("%d draws: label %v", n, labels[i])
		}
		if other := meanOfDraws(p, train, n, 8); slices.Equal(labels, other) {
			t.Errorf("%d draws: two seeds have the same labels", n)
		}
	}
}

// copied are two copies of each of n training pictures: the pictures themselves with some noise, and the teacher's answers on it.
func copied(l *Lab, f *Features, n int) *Copies {
	rng := rand.New(rand.NewPCG(5, 6))
	c := &Copies{Of: balanced(l.Manifest[:l.Train()], n, 1), Each: 2, Meta: map[string]string{metaManifest: manifestSum(l.Manifest)}}
	for range c.Each {
		for _, i := range c.Of {
			x := f.Values[2*i] + float32(rng.NormFloat64())
			c.Values, c.Logits = append(c.Values, x, f.Values[2*i+1]), append(c.Logits, 2*x)
		}
	}
	return c
}

// By hand: four pictures and three copies of each; a picture at place i is seen as the copy at i + 4, i + 8 or i + 12, each as often as
// the others. The pictures' order is that of a student without copies.
func TestOrderOfCopies(t *testing.T) {
	const steps = 75 // of 16 pictures: 1,200
	task := Task{Rows: [][]int{{0, 1, 2, 3}}, Steps: steps}
	plain := (&run{Students: quick(1), Task: task}).order(0, 1)
	task.Copies = 3
	r := &run{Students: quick(1), Task: task}
	seen, counts := r.order(0, 1), map[int]int{}
	for at, i := range seen {
		if i%4 != plain[at] {
			t.Fatalf("turn %d: got place %d, want a copy of picture %d", at, i, plain[at])
		}
		counts[i/4]++
	}
	for k := 1; k <= 3; k++ {
		if counts[k] < 335 || counts[k] > 465 || len(counts) != 3 { // 400, four standard errors of 16.3
			t.Errorf("copies were seen %v times, want each about 400 times", counts)
		}
	}
	if !slices.Equal(seen, r.order(0, 1)) || slices.Equal(seen, r.order(0, 2)) {
		t.Error("the copies of an epoch are others the second time, or those of the next epoch")
	}
}

// By hand: the lab of two pictures' copies has the pictures, their first copies, their second copies, and the other sets as they were.
func TestLabOfCopies(t *testing.T) {
	m, f, teacher := drawn(4, 2)
	l, err := New(xlatest.Backend(t), m, f, teacher)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := &Copies{Of: []int{2, 1}, Each: 2, Values: []float32{1, 2, 3, 4, 5, 6, 7, 8}, Logits: []float32{0, float32(math.Log(3)), -float32(math.Log(3)), 0}, Meta: map[string]string{metaManifest: manifestSum(m)}}
	path := filepath.Join(t.TempDir(), "copies.safetensors")
	if err := c.Write(path); err != nil {
		t.Fatal(err)
	}
	read, err := ReadCopies(path)
	if err != nil || !reflect.DeepEqual(read, c) { // small whole numbers lose nothing in half precision
		t.Fatalf("got %+v, %v, want %+v", read, err, c)
	}
	inner, err := read.Lab(l)
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	var ids []string
	for _, e := range inner.Manifest {
		ids = append(ids, e.ID)
	}
	want := []string{"cat.2", "dog.1", "cat.2, copy 1", "dog.1, copy 1", "cat.2, copy 2", "dog.1, copy 2", "cat.4", "dog.5", "cat.6", "dog.7"}
	if !slices.Equal(ids, want) || inner.Train() != 6 || !slices.Equal(inner.Truth()[:6], []float64{0, 1, 0, 1, 0, 1}) {
		t.Errorf("got pictures %q, %d of them to train, labels %v", ids, inner.Train(), inner.Truth())
	}
	features, err := inner.sets[predictions.Train].rows(nil)
	if wanted := slices.Concat(f.Values[4:6], f.Values[2:4], c.Values); err != nil || !slices.Equal(features, wanted) {
		t.Errorf("got features %v, %v, want %v", features, err, wanted)
	}
	for i, p := range slices.Concat([]float64{teacher[2], teacher[1], 0.5, 0.75, 0.25, 0.5}, teacher[4:]) {
		if math.Abs(inner.Teacher[i]-p) > 1e-7 { // of a float32 logit
			t.Errorf("%s: the teacher answers %v, want %v", ids[i], inner.Teacher[i], p)
		}
	}
	answers, err := read.TeacherTable(l) // of the copies 0.5 and 0.25 are cats, 0.75 is a dog; the pictures by their own first feature
	if err != nil || len(answers.Rows) != 2 || answers.Rows[1][1] != "4" || answers.Rows[1][2] != "0.75000" || answers.Rows[0][4] != "0" {
		t.Errorf("got %v, %v", answers.Rows, err)
	}
	test, err := inner.sets[predictions.Test].rows(nil)
	if err != nil || !slices.Equal(test, f.Values[12:]) {
		t.Errorf("got features of the test set %v, %v", test, err)
	}
}

// By hand, of two pictures with the answers 0.2 and 0.9 and of two copies of each: who sees copies learns of each the answer on its picture,
// the one on itself, or the picture's hand label, from the same places.
func TestKindsOfPatience(t *testing.T) {
	l := &Lab{Manifest: make(images.Manifest, 8), Teacher: []float64{0.2, 0.9, 0.3, 0.8, 0.4, 0.7, 0.6, 0.5}, sets: map[predictions.Split]set{predictions.Train: {n: 6}}}
	truth := []float64{0, 1, 0, 1, 0, 1, 1, 0}
	for i, y := range truth {
		l.Manifest[i].Label = int(y)
	}
	how := quick(1, 2)
	how.Training.Batch = 2
	want := map[string]struct {
		labels []float64
		copies int
	}{
		plainPictures: {l.Teacher, 0},
		fixedTeacher:  {[]float64{0.2, 0.9, 0.2, 0.9, 0.2, 0.9, 0.6, 0.5}, 2},
		consistent:    {l.Teacher, 2},
		byHand:        {truth, 2},
	}
	c := &Copies{Of: []int{0, 1}, Each: 2, Logits: make([]float32, 4)}
	tasks := c.Tasks(l, distill.Soft{}, how)
	for model, wanted := range want {
		task := tasks[model]
		for s := range 2 {
			if !slices.Equal(task.Labels[s], wanted.labels) || task.Copies != wanted.copies || task.Steps != 2 || !slices.Equal(task.Rows[s], []int{0, 1}) {
				t.Errorf("%s: got %+v, want %+v in 2 steps", model, task, wanted)
			}
		}
	}
	if hard := c.Tasks(l, distill.Hard{}, how)[fixedTeacher].Labels[0]; len(tasks) != len(want) || !slices.Equal(hard, []float64{0, 1, 0, 1, 0, 1, 1, 0}) { // 0.5 is no dog
		t.Errorf("got %d kinds, want %d; hard labels %v", len(tasks), len(want), hard)
	}
}

func TestCopiesThatDoNotFit(t *testing.T) {
	m, f, teacher := drawn(8, 2)
	l, err := New(xlatest.Backend(t), m, f, teacher)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for want, spoil := range map[string]func(c *Copies){
		"of the split other":              func(c *Copies) { c.Meta = map[string]string{metaManifest: "other"} },
		"want 2 features of each copy":    func(c *Copies) { c.Values = c.Values[:8] },
		"pictures of the 8 in the traini": func(c *Copies) { c.Of[0] = 8 },
		"copy 2: logit: got NaN":          func(c *Copies) { c.Logits[5] = float32(math.NaN()) },
	} {
		c := copied(l, f, 4)
		spoil(c)
		if _, err := c.Lab(l); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q in it", err, want)
		}
	}
	path := filepath.Join(t.TempDir(), "x.safetensors")
	if err := f.Write(path); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadCopies(path); err == nil || !strings.Contains(err.Error(), "kd lab copies") {
		t.Errorf("features instead of copies: got error %v", err)
	}
	c := copied(l, f, 4)
	c.Values[3] = float32(math.Inf(1))
	if err := c.Write(path); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadCopies(path); err == nil || !strings.Contains(err.Error(), "number 3: got +Inf") {
		t.Errorf("infinite: got error %v", err)
	}
	if _, err := patience().Run(t.Context(), l, Options{Students: quick(1)}); err == nil || !strings.Contains(err.Error(), "copies: got none") {
		t.Errorf("no copies: got error %v", err)
	}
}

// By hand: raw values 1, 3, 5 stand for -1, 0, 1, so that 7 is 2; 2 in the place of 0 is on no line.
func TestScales(t *testing.T) {
	scales, err := scalesOf([]float32{1, 10, 3, 20, 5, 40}, []float32{-1, 1, 0, 2, 1, 4}, 2)
	if err != nil || scales[0].of(7) != 2 || math.Abs(float64(scales[1].of(15))-1.5) > 1e-6 {
		t.Errorf("got %+v, %v", scales, err)
	}
	if _, err := scalesOf([]float32{1, 3, 5}, []float32{-1, 2, 1}, 1); err == nil || !strings.Contains(err.Error(), "feature 0") {
		t.Errorf("values that are on no line: got error %v", err)
	}
}

// Every experiment runs to its end, answers each of its contrasts, and makes the same rows again.
func TestExperiments(t *testing.T) {
	m, f, teacher := drawn(3008, 64)
	l, err := New(xlatest.Backend(t), m, f, teacher)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	copies := copied(l, f, 752)
	defer func(all []int) { widths = all }(widths)
	widths = widths[:1]
	how := quick(1, 2)
	how.Training.Epochs, how.Training.Batch = 1, 752
	for _, e := range Experiments() {
		dir := filepath.Join(t.TempDir(), e.Name)
		record, err := NewRecord(dir, e, l)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := e.Run(t.Context(), l, Options{Students: how, Copies: copies, Keep: record.Keep})
		if err != nil {
			t.Fatal(err)
		}
		if err := record.Write(rows, nil); err != nil {
			t.Fatal(err)
		}
		differences, err := e.Compare(rows)
		if err != nil || len(differences) != len(e.Contrasts) || differences[0].Seeds != 2 {
			t.Errorf("%s: got %d differences, %v, want %d", e.Name, len(differences), err, len(e.Contrasts))
		}
		if e.Claim == "" || e.Prediction == "" {
			t.Errorf("%s: no claim or no prediction", e.Name)
		}
		again, err := paired.Read(filepath.Join(dir, SeedsFile))
		if err != nil || len(again) != len(rows) {
			t.Errorf("%s: got %d rows from disk, %v, want %d", e.Name, len(again), err, len(rows))
		}
		if _, err := os.Stat(filepath.Join(dir, StudyDir)); err != nil {
			continue
		}
		study, err := folder.Open(filepath.Join(dir, StudyDir))
		if err != nil {
			t.Fatal(err)
		}
		if source, err := study.GivenSource(); err != nil || source.File != "train.csv" || len(source.Sum) != 64 {
			t.Errorf("%s: the teacher comes from %+v, %v", e.Name, source, err)
		}
		for _, model := range study.Models() {
			if _, err := study.Predictions(model, predictions.Test); err != nil {
				t.Errorf("%s: %v", e.Name, err)
			}
			if _, err := study.History(model); err != nil && model != paper.Teacher {
				t.Errorf("%s: %v", e.Name, err)
			}
		}
	}
	if _, err := Find("x"); err == nil || !strings.Contains(err.Error(), "unlabelled, three, doubt") {
		t.Errorf("got error %v, want one that lists the experiments", err)
	}
}

// A question that the first look decides gets no second one; one that no look decides gets all.
func TestLooks(t *testing.T) {
	l := usual(t)
	offset := 0.0
	e := Experiment{Name: "x", Contrasts: []paired.Contrast{difference("p", paired.Accuracy, "a", "b")}, run: func(w *work) error {
		for _, seed := range w.Students.Seeds {
			for _, model := range []string{"a", "b"} {
				r := paired.Row{Point: "p", Model: model, Seed: seed}
				r.Values[0] = float64(seed%3) / 100
				if model == "a" {
					r.Values[0] = offset + float64(seed%2)/100
				}
				w.rows = append(w.rows, r)
			}
		}
		return nil
	}}
	for want, by := range map[int]float64{1: 1, 3: 0.005} {
		offset = by
		looks, rows, err := e.Look(t.Context(), l, Options{Students: quick(Seeds(1, 6)...)}, 3)
		if err != nil || len(looks) != want || len(rows) != 12*want || looks[want-1].Seeds != 6*want || looks[want-1].Decided() != (want == 1) {
			t.Errorf("offset %v: got %d looks with %d rows, %v, want %d: %+v", by, len(looks), len(rows), err, want, looks)
		}
	}
}
