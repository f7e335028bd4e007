package lab

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"distillation/kdlib/distill"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/paired"
)

// Experiment is a question that the lab decides.
type Experiment struct {
	Name       string
	Claim      string            // what is said
	Prediction string            // what follows from it here, and can be seen
	Contrasts  []paired.Contrast // the first one decides for whoever looks several times, see Look
	Spreads    []paired.Contrast // whose point and measure tell kinds from seeds
	Copies     bool              // it asks for Options.Copies
	run        func(*work) error
}

// Experiments are all there are, in the order of the notebook.
func Experiments() []Experiment {
	return []Experiment{unlabelled(), threeStudents(), inheritedDoubt(), recursion(), halfTheEpochs(), wrongLabels(), softening(), capacity(), drawnLabels(), patience()}
}

// Find returns the experiment of a name.
func Find(name string) (Experiment, error) {
	var names []string
	for _, e := range Experiments() {
		if e.Name == name {
			return e, nil
		}
		names = append(names, e.Name)
	}
	return Experiment{}, fmt.Errorf("lab: got the experiment %q, want one of %s", name, strings.Join(names, ", "))
}

// Options say how an experiment is run.
type Options struct {
	Students Students                           // those of Usual in the committed results; width and epochs are the experiment's where it asks about them
	Copies   *Copies                            // of training pictures, for experiments that ask for them
	Progress func(what string, done, total int) // epochs of the students under way; may be nil
	Keep     func(Kept) error                   // is given the first seed's students; may be nil
}

// Kept are the students of one seed at a setting, whose predictions make an ordinary study.
type Kept struct {
	Point    string
	Teacher  []float64 // on every picture of the manifest
	Students map[string]Student
	Training Students
}

// Run runs an experiment and measures all students on the test set.
func (e Experiment) Run(ctx context.Context, l *Lab, o Options) (paired.Rows, error) {
	w := &work{Lab: l, Options: o, ctx: ctx, truth: l.Truth()}
	if err := e.run(w); err != nil {
		return nil, fmt.Errorf("lab: %s: %w", e.Name, err)
	}
	return w.rows, nil
}

// Compare answers the experiment's contrasts.
func (e Experiment) Compare(rows paired.Rows) ([]paired.Difference, error) {
	return rows.Compare(e.Contrasts)
}

// Spread answers what the kinds of one seed and the seeds of one kind differ by.
func (e Experiment) Spread(rows paired.Rows) (all []paired.Spread, err error) {
	for _, asked := range e.Spreads {
		s, err := rows.Spread(asked.Point, asked.Measure)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// Looked is one of several looks at growing data.
type Looked struct {
	paired.Difference         // of the first contrast, with all seeds so far
	Level             float64 // at which P counts at this look
}

// Decided says whether the look has found a difference.
func (l Looked) Decided() bool { return l.P < l.Level }

// Look runs an experiment with more and more seeds, in so many looks at most, until its first contrast is decided at
// stats.SignificanceLevel as a whole, by the levels of O'Brien and Fleming. Each look adds as many seeds as o.Students has.
func (e Experiment) Look(ctx context.Context, l *Lab, o Options, looks int) (all []Looked, rows paired.Rows, err error) {
	levels, err := stats.OBrienFleming(looks, stats.SignificanceLevel)
	if err != nil {
		return nil, nil, err
	}
	n := uint64(len(o.Students.Seeds))
	for k, level := range levels {
		more := o
		more.Students.Seeds = slices.Clone(o.Students.Seeds)
		for i := range more.Students.Seeds {
			more.Students.Seeds[i] += uint64(k) * n
		}
		if k > 0 {
			more.Keep = nil
		}
		found, err := e.Run(ctx, l, more)
		if err != nil {
			return all, rows, err
		}
		rows = append(rows, found...)
		d, err := rows.Compare(e.Contrasts[:1])
		if err != nil {
			return all, rows, err
		}
		all = append(all, Looked{d[0], level})
		if all[k].Decided() {
			break
		}
	}
	return all, rows, nil
}

// work is an experiment under way.
type work struct {
	*Lab
	Options
	ctx   context.Context
	truth []float64
	rows  paired.Rows
}

// fit trains a kind of students and adds their rows at a setting. Each is measured beside the teacher's predictions.
func (w *work) fit(point, model string, how Students, task Task, teacher []float64) ([]Student, error) {
	students, err := w.train(point+": "+model, how, task)
	if err != nil {
		return nil, err
	}
	rows, err := w.Measure(point, model, students, teacher)
	if err != nil {
		return nil, err
	}
	w.rows = append(w.rows, rows...)
	return students, nil
}

// Measure measures students on the test set beside a teacher's predictions on all pictures: a row each, of a kind at a setting.
func (l *Lab) Measure(point, model string, students []Student, teacher []float64) (rows paired.Rows, err error) {
	reference := l.Table(teacher, predictions.Test)
	for _, s := range students {
		values, err := paired.Measure(l.Table(s.P(), predictions.Test), reference, s.Epoch)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: seed %d: %w", point, model, s.Seed, err)
		}
		rows = append(rows, paired.Row{Point: point, Model: model, Seed: s.Seed, Values: values})
	}
	return rows, nil
}

// train trains a kind of students.
func (w *work) train(what string, how Students, task Task) ([]Student, error) {
	return w.Fit(w.ctx, how, task, func(done, total int) {
		if w.Progress != nil {
			w.Progress(what, done, total)
		}
	})
}

// lesson is a kind of students and the labels of each seed.
type lesson struct {
	model string
	task  Task
}

// fitAll trains several kinds at a setting and hands the first seed's students to Keep if they make a study.
func (w *work) fitAll(point string, how Students, teacher []float64, lessons []lesson, keep bool) error {
	first := map[string]Student{}
	for _, l := range lessons {
		students, err := w.fit(point, l.model, how, l.task, teacher)
		if err != nil {
			return err
		}
		first[l.model] = students[0]
	}
	if !keep || w.Keep == nil {
		return nil
	}
	return w.Keep(Kept{point, teacher, first, how})
}

// three are the paper's students, of a teacher whom all seeds share.
func (w *work) three(teacher []float64) []lesson {
	n := len(w.Students.Seeds)
	return []lesson{
		{paper.Classical, Task{Labels: Same(w.truth, n)}},
		{paper.Hard, Task{Labels: Same(Labels(distill.Hard{}, teacher, w.truth), n)}},
		{paper.Soft, Task{Labels: Same(Labels(distill.Soft{}, teacher, w.truth), n)}},
	}
}
