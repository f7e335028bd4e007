package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"distillation/kdlib/distill"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/study/paired"
	"distillation/kdlib/table"
	"distillation/kdlib/train/history"
)

// The files of an experiment's folder.
const (
	SeedsFile       = "seeds.csv"       // a row a student, see paired.Read
	MeansFile       = "means.csv"       // means over the seeds
	DifferencesFile = "differences.csv" // what the contrasts came to
	SpreadFile      = "spread.csv"      // kinds against seeds, of experiments that ask
	LooksFile       = "looks.csv"       // of a run in several looks
	SessionFile     = "session.json"    // command, commit, machine
	StudyDir        = "study"           // the first seed as an ordinary study, of experiments that make one
)

// Record is an experiment's folder while it is written.
type Record struct {
	Dir        string
	Experiment Experiment
	Lab        *Lab
	session    folder.Session
}

// NewRecord begins a folder, which says from then on who works in it.
func NewRecord(dir string, e Experiment, l *Lab) (*Record, error) {
	r := &Record{Dir: dir, Experiment: e, Lab: l, session: study.NewSession()}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	return r, r.note()
}

func (r *Record) note() error { return recipe.WriteJSON(filepath.Join(r.Dir, SessionFile), r.session) }

// Write writes all that the rows say.
func (r *Record) Write(rows paired.Rows, looks []Looked) error {
	if err := rows.Write(filepath.Join(r.Dir, SeedsFile)); err != nil {
		return err
	}
	differences, err := r.Experiment.Compare(rows)
	if err != nil {
		return err
	}
	spreads, err := r.Experiment.Spread(rows)
	if err != nil {
		return err
	}
	tables := map[string]table.Table{MeansFile: rows.MeansTable(""), DifferencesFile: paired.Table("", differences)}
	if len(spreads) > 0 {
		tables[SpreadFile] = paired.SpreadTable("", spreads)
	}
	if len(looks) > 0 {
		tables[LooksFile] = LooksTable(looks)
	}
	for name, t := range tables {
		if err := t.SaveCSV(filepath.Join(r.Dir, name)); err != nil {
			return fmt.Errorf("lab: %w", err)
		}
	}
	now := time.Now().UTC().Truncate(time.Second)
	r.session.Ended = &now
	return r.note()
}

// LooksTable shows looks at growing data, a row each.
func LooksTable(looks []Looked) table.Table {
	t := table.Table{Columns: []table.Column{table.Number("seeds"), table.Number("difference"), table.Number("low"), table.Number("high"), table.Number("p"), table.Number("level"), table.Text("decided")}}
	for _, l := range looks {
		t.Add(fmt.Sprint(l.Seeds), table.Signed(l.Mean, table.Decimals), table.Signed(l.Interval.Low, table.Decimals), table.Signed(l.Interval.High, table.Decimals),
			table.PValue(l.P), table.PValue(l.Level), fmt.Sprint(l.Decided()))
	}
	return t
}

// Keep writes the first seed's students as an ordinary study, which tables, figures and the live page read: classical, hard and soft
// student and the generations that there are.
func (r *Record) Keep(k Kept) error {
	dir := filepath.Join(r.Dir, StudyDir)
	if err := os.MkdirAll(filepath.Join(dir, paper.Teacher), 0o755); err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	if err := recipe.WriteJSON(filepath.Join(dir, folder.StudyFile), r.study(k)); err != nil {
		return err
	}
	if err := r.Lab.Manifest.Write(filepath.Join(dir, folder.ManifestFile)); err != nil {
		return err
	}
	if err := r.teacher(dir, k.Teacher); err != nil {
		return err
	}
	if err := r.keptSession(dir); err != nil {
		return err
	}
	for model, s := range k.Students {
		if err := r.write(dir, model, s.P()); err != nil {
			return err
		}
		if err := s.History.Write(filepath.Join(dir, model, history.File)); err != nil {
			return err
		}
	}
	return nil
}

// keptSession says in a study who made it.
func (r *Record) keptSession(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, folder.SessionsDir), 0o755); err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	now, s := time.Now().UTC().Truncate(time.Second), r.session
	s.Ended = &now
	return recipe.WriteJSON(filepath.Join(dir, folder.SessionsDir, s.Started.Format("20060102T150405Z")+".json"), s)
}

// teacher writes a teacher's predictions, and says that they were given.
func (r *Record) teacher(dir string, p []float64) error {
	if err := r.write(dir, paper.Teacher, p); err != nil {
		return err
	}
	content, err := os.ReadFile(folder.PredictionPath(dir, paper.Teacher, predictions.Train))
	if err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	return recipe.WriteJSON(filepath.Join(dir, paper.Teacher, folder.GivenFile), folder.Source{File: givenFile, Sum: sum(content)})
}

// givenFile is what stands for the file of a teacher's predictions: those on the training pictures, which lie in the study.
var givenFile = filepath.Base(folder.PredictionPath("", paper.Teacher, predictions.Train))

func (r *Record) write(dir, model string, p []float64) error {
	if err := os.MkdirAll(filepath.Join(dir, model), 0o755); err != nil {
		return fmt.Errorf("lab: %w", err)
	}
	for _, split := range folder.Splits {
		if err := predictions.Write(folder.PredictionPath(dir, model, split), r.Lab.Table(p, split)); err != nil {
			return err
		}
	}
	return nil
}

// study is the recipe of the first seed's study.
func (r *Record) study(k Kept) recipe.Study {
	s := recipe.Full
	s.Name = "lab " + r.Experiment.Name
	s.Given = recipe.Given{Predictions: givenFile}
	s.Student, s.Chain = k.Training.Training, recipe.Training{}
	s.Student.Seed = k.Training.Seeds[0]
	s.Generations = 0
	for {
		if _, ok := k.Students[folder.Generation(distill.Soft{}.String(), s.Generations+1)]; !ok {
			break
		}
		s.Generations++
	}
	s.Repetitions, s.Timing = 0, recipe.Timing{}
	s.Notes = slices.Concat([]string{
		fmt.Sprintf("students of the laboratory: a dense layer of %d rectifiers on %d features of each picture", k.Training.Width, r.Lab.Width),
		"the first of several seeds"}, notes[k.Point])
	return s
}

// notes say what is planted at a setting.
var notes = map[string][]string{doubtsDogs: {fmt.Sprintf("the teacher's logits are divided by %d where it predicts a dog", dogTemperature)}}
