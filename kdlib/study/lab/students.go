package lab

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train/history"

	"github.com/gomlx/gomlx/core/tensors"
)

// Students are networks of one kind, one for each seed: a dense layer of Width rectifiers on the features and one output, the logit.
type Students struct {
	Width int
	// Training says how they learn: optimizer, epochs, batch and answer (the best epoch, or recipe.LastEpoch). Network is Dense(Width);
	// what is about pictures plays no part.
	Training recipe.Training
	Seeds    []uint64 // of the first weights and the order of the pictures
}

// Dense is the name of a student's network.
func Dense(width int) string { return fmt.Sprintf("dense-%d", width) }

// Usual are the students of the experiments: 32 units, Adam at a constant rate of 0.001, Keras's default, and 40 epochs in batches of
// 128, which take half the time of the paper's 32. Nothing of it is tuned.
func Usual(seeds []uint64) Students {
	const width = 32
	return Students{Width: width, Seeds: seeds, Training: recipe.Training{
		Network:   Dense(width),
		Optimizer: recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1e-3},
		Epochs:    40, Batch: 128, Seed: seeds[0],
	}}
}

// Seeds are n seeds from first on.
func Seeds(first uint64, n int) []uint64 {
	seeds := make([]uint64, n)
	for i := range seeds {
		seeds[i] = first + uint64(i)
	}
	return seeds
}

// Validate returns every fault of the students.
func (s Students) Validate() error {
	errs := []error{s.Training.Validate()}
	if s.Width < 1 || s.Training.Network != Dense(s.Width) {
		errs = append(errs, fmt.Errorf("width: got %d of the network %q, want at least 1 and its name %q", s.Width, s.Training.Network, Dense(max(1, s.Width))))
	}
	if len(s.Seeds) == 0 {
		errs = append(errs, errors.New("seeds: got none, want at least one"))
	}
	if s.Training.Answer == recipe.AverageWeights || s.Training.Average != 0 || s.Training.Dropout != 0 || s.Training.Loss != (recipe.Loss{}) {
		errs = append(errs, errors.New("average, dropout, loss: got some, want none of students in the lab"))
	}
	return errors.Join(errs...)
}

// Task is what students learn.
type Task struct {
	// Labels are, for each seed, a label in [0, 1] for every picture of the manifest; those of the validation set choose the best
	// epoch. Seeds may share one slice.
	Labels [][]float64
	// Rows are, for each seed, the places of the training pictures that it sees, as many of each; nil: all.
	Rows [][]int
	// Steps of an epoch, however few the pictures are; 0: each picture once, but for the rest that fills no batch.
	Steps int
	// Copies of each picture that stand behind it, copy k of one of n rows at k n places; whenever the picture's turn comes one of them is
	// seen in its stead, which the seed draws. 0: the picture itself is seen.
	Copies int
}

// Student is one that was trained.
type Student struct {
	Seed    uint64
	History history.History // its seconds are a share of the time of all seeds
	Epoch   int             // whose weights predict
	Logits  []float64       // on every picture of the manifest
}

// P are the student's predictions, the probability of "dog" of every picture.
func (s Student) P() []float64 {
	p := make([]float64, len(s.Logits))
	for i, z := range s.Logits {
		p[i], _ = dataset.Probability(float32(z)) // they are finite: Fit has seen to it
	}
	return p
}

// Same gives every seed the same labels.
func Same(labels []float64, seeds int) [][]float64 { return slices.Repeat([][]float64{labels}, seeds) }

// Labels are what a rule makes of a teacher's predictions and the ground truth.
func Labels(rule distill.Rule, p, truth []float64) []float64 {
	y := make([]float64, len(p))
	for i := range y {
		y[i] = rule.Label(p[i], truth[i])
	}
	return y
}

// Fit trains students of all seeds at once. Epochs counts epochs that are done; it may be nil. Students that have been trained on the
// same task by this Lab are returned as they were, with their best or their last weights: several experiments ask for the paper's three.
func (l *Lab) Fit(ctx context.Context, how Students, task Task, epochs func(done, total int)) ([]Student, error) {
	if err := how.Validate(); err != nil {
		return nil, fmt.Errorf("lab: students: %w", err)
	}
	if err := l.check(how, &task); err != nil {
		return nil, fmt.Errorf("lab: task: %w", err)
	}
	key := task.key(how)
	if students := l.known[key]; students != nil {
		return students, nil
	}
	p, err := l.program(how)
	if err != nil {
		return nil, err
	}
	r := &run{Lab: l, Students: how, Task: task, program: p, best: make([]history.Epoch, len(how.Seeds))}
	for _, seed := range how.Seeds {
		r.students = append(r.students, Student{Seed: seed})
	}
	if err := r.begin(); err != nil {
		return nil, err
	}
	for epoch := 1; epoch <= how.Training.Epochs; epoch++ {
		if err := r.epoch(ctx, epoch); err != nil {
			return nil, fmt.Errorf("lab: epoch %d: %w", epoch, err)
		}
		if epochs != nil {
			epochs(epoch, how.Training.Epochs)
		}
	}
	both, err := r.answers()
	if err != nil {
		return nil, err
	}
	asked := how.Training.Answer
	for answer, students := range both {
		how.Training.Answer = answer
		l.known[task.key(how)] = students
	}
	return both[asked], nil
}

// key tells tasks of students apart.
func (t Task) key(how Students) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%+v %d %d\n", how, t.Steps, t.Copies)
	for s := range t.Labels {
		_ = binary.Write(h, binary.LittleEndian, t.Labels[s]) // a hash takes all
		for _, i := range t.Rows[s] {
			_ = binary.Write(h, binary.LittleEndian, int64(i))
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// check refuses a task that does not fit, and completes it.
func (l *Lab) check(how Students, task *Task) error {
	seeds := len(how.Seeds)
	if len(task.Labels) != seeds {
		return fmt.Errorf("labels: got them for %d seeds, want %d", len(task.Labels), seeds)
	}
	for s, labels := range task.Labels {
		if len(labels) != len(l.Manifest) {
			return fmt.Errorf("labels of seed %d: got %d, want one for each of %d pictures", how.Seeds[s], len(labels), len(l.Manifest))
		}
		if i := slices.IndexFunc(labels, func(y float64) bool { return !(y >= 0 && y <= 1) }); i >= 0 {
			return fmt.Errorf("labels of seed %d: picture %s: got %v, want in [0, 1]", how.Seeds[s], l.Manifest[i].ID, labels[i])
		}
	}
	if task.Rows == nil {
		task.Rows = slices.Repeat([][]int{places(l.Train())}, seeds)
	}
	if len(task.Rows) != seeds || task.Steps < 0 {
		return fmt.Errorf("rows, steps: got rows for %d seeds and %d steps, want %d and at least 0", len(task.Rows), task.Steps, seeds)
	}
	for _, rows := range task.Rows {
		if len(rows) != len(task.Rows[0]) || len(rows) == 0 || slices.Min(rows) < 0 || task.Copies < 0 || slices.Max(rows)+task.Copies*len(rows) >= l.Train() {
			return fmt.Errorf("rows: got %d with %d copies of each, want as many of each seed, %d, all of them among the %d of the train set", len(rows), task.Copies, len(task.Rows[0]), l.Train())
		}
	}
	if task.Steps == 0 {
		task.Steps = len(task.Rows[0]) / how.Training.Batch
	}
	if task.Steps == 0 {
		return fmt.Errorf("rows: got %d pictures, want at least a batch of %d, or the number of steps", len(task.Rows[0]), how.Training.Batch)
	}
	return nil
}

func places(n int) []int {
	at := make([]int, n)
	for i := range at {
		at[i] = i
	}
	return at
}

// run is a Fit under way.
type run struct {
	*Lab
	Students
	Task
	program  *program
	students []Student
	best     []history.Epoch
	kept     [][]float32 // the weights of each variable that predict, all seeds'
}

// begin sets the first weights, as Keras draws them (Glorot and Bengio 2010), a function of a student's seed alone.
func (r *run) begin() error {
	first := make([][]float32, len(variables))
	for _, seed := range r.Seeds {
		rng := rand.New(rand.NewPCG(seed, 0))
		for i, shape := range r.program.shapes() {
			values := make([]float32, size(shape))
			if len(shape) == 2 {
				limit := math.Sqrt(6 / float64(shape[0]+shape[1]))
				for j := range values {
					values[j] = float32(limit * (2*rng.Float64() - 1))
				}
			}
			first[i] = append(first[i], values...)
		}
	}
	r.kept = make([][]float32, len(first))
	for i := range first {
		r.kept[i] = slices.Clone(first[i])
	}
	return r.program.begin(first, r.Training, r.Steps*r.Training.Epochs)
}

// order are the pictures of an epoch for one seed: whole passes, each shuffled anew, and the beginning of one; or copies in their stead.
func (r *run) order(s, epoch int) []int {
	rows, n := r.Rows[s], r.Steps*r.Training.Batch
	passes := (n + len(rows) - 1) / len(rows)
	order := make([]int, 0, passes*len(rows))
	for pass := range passes {
		for _, i := range dataset.Shuffled(len(rows), r.Seeds[s], (epoch-1)*passes+pass+1) {
			order = append(order, rows[i])
		}
	}
	if r.Copies > 0 {
		rng := rand.New(rand.NewPCG(r.Seeds[s], ^uint64(epoch))) // other numbers than those of the order
		for at := range order[:n] {
			order[at] += (1 + rng.IntN(r.Copies)) * len(rows)
		}
	}
	return order[:n]
}

func (r *run) epoch(ctx context.Context, epoch int) error {
	start := time.Now()
	orders := make([][]int, len(r.Seeds))
	for s := range orders {
		orders[s] = r.order(s, epoch)
	}
	for step := range r.Steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.step(orders, step); err != nil {
			return err
		}
	}
	losses, right, err := r.program.epochSums()
	if err != nil {
		return err
	}
	logits, err := r.program.logits(r.sets[predictions.Validation].features)
	if err != nil {
		return err
	}
	seconds := time.Since(start).Seconds() / float64(len(r.Seeds))
	for s := range r.students {
		n := float64(r.Steps * r.Training.Batch)
		measured := history.Epoch{Number: epoch, TrainLoss: losses[s] / float64(r.Steps), TrainAccuracy: right[s] / n, Seconds: seconds}
		if err := r.validate(&measured, s, logits[s]); err != nil {
			return err
		}
		r.students[s].History = append(r.students[s].History, measured)
	}
	return r.keep()
}

// step learns from a batch of every seed.
func (r *run) step(orders [][]int, step int) error {
	batch := r.Training.Batch
	rows, y := make([]int32, 0, len(orders)*batch), make([]float32, 0, len(orders)*batch)
	for s, order := range orders {
		for _, i := range order[step*batch:][:batch] {
			rows, y = append(rows, int32(i)), append(y, float32(r.Labels[s][i]))
		}
	}
	return r.program.learn(r.sets[predictions.Train].features,
		tensors.FromFlatDataAndDimensions(rows, len(orders), batch), tensors.FromFlatDataAndDimensions(y, len(orders), batch))
}

// validate measures a student on the validation set's labels.
func (r *run) validate(e *history.Epoch, s int, logits []float32) error {
	from := r.sets[predictions.Validation].from
	n := float64(len(logits))
	for i, z := range logits {
		if z-z != 0 {
			return fmt.Errorf("seed %d: picture %s: got the logit %v, want a finite number: the training has gone astray", r.Seeds[s], r.Manifest[from+i].ID, z)
		}
		y := r.Labels[s][from+i]
		e.ValidationLoss += metrics.CrossEntropyOfLogit(float64(z), y) / n
		if (z > 0) == (distill.Class(y, distill.Threshold) == 1) {
			e.ValidationAccuracy += 1 / n
		}
	}
	return nil
}

// keep remembers the weights of the students that have become better.
func (r *run) keep() error {
	var better []int
	for s, student := range r.students {
		if best, _ := student.History.Best(); best.Number == len(student.History) {
			r.students[s].Epoch = best.Number
			better = append(better, s)
		}
	}
	if len(better) == 0 {
		return nil
	}
	now, err := r.program.weights()
	if err != nil {
		return err
	}
	for i, values := range now {
		n := len(values) / len(r.Seeds)
		for _, s := range better {
			copy(r.kept[i][s*n:][:n], values[s*n:])
		}
	}
	return nil
}

// answers are the students by their rules of which weights predict: those of the last epoch, which they have now, and those of the best.
func (r *run) answers() (map[string][]Student, error) {
	last := slices.Clone(r.students)
	for s := range last {
		last[s].Epoch = len(last[s].History)
	}
	if err := r.predict(last); err != nil {
		return nil, err
	}
	if err := r.program.set(r.kept); err != nil {
		return nil, err
	}
	return map[string][]Student{"": r.students, recipe.LastEpoch: last}, r.predict(r.students)
}

// predict asks students, with the weights of the program, about all pictures.
func (r *run) predict(students []Student) error {
	for s := range students {
		students[s].Logits = make([]float64, len(r.Manifest))
	}
	for _, set := range r.sets {
		logits, err := r.program.logits(set.features)
		if err != nil {
			return err
		}
		for s, row := range logits {
			for i, z := range row {
				students[s].Logits[set.from+i] = float64(z)
			}
		}
	}
	return nil
}
