// Package folder is a study's folder on disk: which files it has, which models there are, what each learned from, who ran it.
// It writes and reads these files. Package analysis says what their numbers mean.
//
//	study.json                   the recipe
//	sessions/TIME.json           who ran it, a file a session: command, commit, machine, versions, times, what it trained and finished,
//	                             with checksums
//	sessions.json                the same of older studies, all sessions in one file
//	manifest.csv                 id,set,label: the split
//	manifest-pixels-SIZE.json    SHA-256 of the split and its pixels at a size; of older studies manifest-pixels.json for all sizes
//	classes.json                 of other classes than cats and dogs: the names of the labels 0 and 1
//	MODEL/config.json            how the model was trained, and on pictures of which size
//	MODEL/history.csv            figures 2-5
//	MODEL/SET.csv                id,set,label,p, of a network logit: the model's predictions on a set
//	MODEL/test-augmented-K.csv   the same on the test set, augmented at random, repetition K
//	timing.csv                   section 4.1, a line a call
//	teacher/given.json           the file of a teacher that was given instead of trained
//	start.json, start.log        of a study that package background started: the recipe that it was given, what it said
//
// A given teacher has no config.json and no history.csv. A teacher given by its predictions has no predictions on the augmented
// test set.
//
// Models are teacher, classical, hard, soft, then the generations hard-1, hard-2, ..., soft-1, soft-2, ..., and the students
// from further seeds: classical-seed2, hard-seed2, soft-seed2, ... A recipe's further rules have one student each, with the
// rule's name.
package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/cpu"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train/history"
)

// The files of a study's folder.
const (
	StudyFile    = "study.json"
	SessionsFile = "sessions.json" // of older studies
	SessionsDir  = "sessions"
	ManifestFile = "manifest.csv"
	TimingFile   = "timing.csv"
	GivenFile    = "given.json"
)

// Splits lists the sets in the paper's order.
var Splits = []predictions.Split{predictions.Train, predictions.Validation, predictions.Test}

// Generation names a model of a recursive chain ("hard" or "soft"); number 0 is the student itself.
func Generation(chain string, number int) string {
	if number == 0 {
		return chain
	}
	return fmt.Sprintf("%s-%d", chain, number)
}

// PredictionPath is where a model's predictions on a set are kept.
func PredictionPath(dir, model string, split predictions.Split) string {
	return filepath.Join(dir, model, string(split)+".csv")
}

// AugmentedPath is where the predictions on the augmented test set are kept, repetition 0, 1, ...
func AugmentedPath(dir, model string, repetition int) string {
	return filepath.Join(dir, model, fmt.Sprintf("test-augmented-%d.csv", repetition))
}

// Session is one run of the command on a study, to its end or to an interruption.
type Session struct {
	Command  []string          `json:"command"`
	Commit   string            `json:"commit"`   // of the source; empty when unknown
	Modified bool              `json:"modified"` // the source had changes that are not in the commit
	Started  time.Time         `json:"started"`
	Ended    *time.Time        `json:"ended"`                 // null: interrupted
	Peak     int64             `json:"peak_memory,omitempty"` // most bytes of memory in use until Ended or the last finished model
	Models   []string          `json:"models,omitempty"`      // that it finished, in order, and "timing"; none of sessions older than this field
	Files    map[string]string `json:"files,omitempty"`       // SHA-256 of what it made, by path below the folder, when it was whole
	Epochs   map[string]int    `json:"epochs,omitempty"`      // that it trained of each model; none of sessions older than this field
	Machine  Machine           `json:"machine"`
	Software map[string]string `json:"software"`
}

// Machine is where a session ran.
type Machine struct {
	CPU    string `json:"cpu"`
	ISA    string `json:"isa,omitempty"` // the widest instructions that XLA used, as --xla_cpu_max_isa names them; empty of sessions older than this field
	Cores  int    `json:"cores"`
	System string `json:"system"`
}

func (m Machine) String() string {
	parts := []string{m.CPU, m.ISA, fmt.Sprintf("%d cores", m.Cores), m.System}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

// SameKind tells whether two sessions ran on the same kind of machine with the same flags of XLA, as far as both recorded it.
// The same training does not give the same bits on two kinds.
func (s Session) SameKind(other Session) bool {
	a, b := s.Machine, other.Machine
	if a.ISA == "" || b.ISA == "" {
		a.ISA, b.ISA = "", ""
	}
	return a == b && s.Software[cpu.FlagsVariable] == other.Software[cpu.FlagsVariable]
}

// Study is a study's folder, opened for reading.
type Study struct {
	Dir    string
	Recipe recipe.Study

	without map[string]bool // pictures that no predictions have, see LeaveOut
}

// Open opens the folder of a study, finished or not. A file that is there and not whole is an error, see Whole.
func Open(dir string) (*Study, error) {
	study, err := recipe.Read(filepath.Join(dir, StudyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("folder: %s holds no study: it has no %s", dir, StudyFile)
	}
	if err != nil {
		return nil, err
	}
	r := &Study{Dir: dir, Recipe: study}
	if err := r.Whole(); err != nil {
		return nil, err
	}
	return r, nil
}

// Sessions returns the sessions, the first one first. A folder without any is an error.
func (r *Study) Sessions() ([]Session, error) {
	var all []Session
	before := recipe.ReadJSON(filepath.Join(r.Dir, SessionsFile), &all)
	if before != nil && !errors.Is(before, fs.ErrNotExist) {
		return nil, before
	}
	files, err := filepath.Glob(filepath.Join(r.Dir, SessionsDir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("folder: %w", err)
	}
	if len(files) == 0 {
		return all, before
	}
	for _, path := range files {
		var one Session
		if err := recipe.ReadJSON(path, &one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b Session) int { return a.Started.Compare(b.Started) })
	return all, nil
}

// Mixed lists the models that were trained on several kinds of machine, each as by SameKind: of such a one no single machine
// would give the same digits.
func Mixed(sessions []Session) []string {
	on := map[string][]Session{}
	for _, s := range sessions {
		for model := range s.Epochs {
			on[model] = append(on[model], s)
		}
	}
	var mixed []string
	for model, all := range on {
		if slices.ContainsFunc(all, func(s Session) bool { return !s.SameKind(all[0]) }) {
			mixed = append(mixed, model)
		}
	}
	slices.Sort(mixed)
	return mixed
}

// MainModels lists the paper's four models in its order, then the students of the recipe's further rules.
func (r *Study) MainModels() []string {
	models := []string{paper.Teacher, paper.Classical}
	for _, rule := range r.Recipe.Rules() {
		models = append(models, rule.String())
	}
	return models
}

// Chain lists the models of a recursive chain, the student first.
func (r *Study) Chain(chain string) []string {
	names := make([]string, r.Recipe.Generations+1)
	for i := range names {
		names[i] = Generation(chain, i)
	}
	return names
}

// Models lists every model of the study.
func (r *Study) Models() []string {
	models := []string{paper.Teacher, paper.Classical}
	for _, rule := range r.Recipe.Chains() {
		models = append(models, r.Chain(rule.String())...)
	}
	for _, rule := range r.Recipe.FurtherRules {
		models = append(models, rule.String())
	}
	for _, student := range r.MainModels()[1:] {
		models = append(models, r.Seeds(student)[1:]...)
	}
	return models
}

// Predictions reads a model's predictions on a set. It is an error if the file holds predictions on another set.
func (r *Study) Predictions(model string, split predictions.Split) (predictions.Table, error) {
	if err := r.CheckModel(model); err != nil {
		return nil, err
	}
	if _, err := predictions.ParseSplit(string(split)); err != nil {
		return nil, fmt.Errorf("folder: %s: %w", r.Dir, err)
	}
	return r.readSplit(PredictionPath(r.Dir, model, split), split)
}

// CheckModel returns an error that lists the models of the study if this is none of them.
func (r *Study) CheckModel(model string) error {
	if known := r.Models(); !slices.Contains(known, model) {
		return fmt.Errorf("folder: %s: got the model %q, want one of %s", r.Dir, model, strings.Join(known, ", "))
	}
	return nil
}

// Mirrored reads the means of a model's predictions on a set and on its mirror images, where the model's recipe has them.
func (r *Study) Mirrored(model string, split predictions.Split) (predictions.Table, error) {
	predicted, err := predictions.ReadMirrored(PredictionPath(r.Dir, model, split))
	return r.kept(predicted), err
}

// LeaveOut is the study without the predictions on some pictures, such as those whose labels are wrong; what was measured while it
// was trained is as it was. The files are only read. Names that no file has are passed over.
func (r *Study) LeaveOut(ids ...string) *Study {
	left := *r
	left.without = maps.Clone(r.without)
	if left.without == nil {
		left.without = map[string]bool{}
	}
	for _, id := range ids {
		left.without[id] = true
	}
	return &left
}

// kept are the rows of pictures that are not left out.
func (r *Study) kept(rows predictions.Table) predictions.Table {
	if len(r.without) == 0 {
		return rows
	}
	return slices.DeleteFunc(rows, func(row predictions.Row) bool { return r.without[row.ID] })
}

func (r *Study) readSplit(path string, split predictions.Split) (predictions.Table, error) {
	predicted, err := predictions.Read(path)
	if err != nil {
		return nil, err
	}
	for i, row := range predicted {
		if row.Split != split {
			return nil, fmt.Errorf("folder: %s: row %d: got the set %s, want %s", path, i+1, row.Split, split)
		}
	}
	if predicted = r.kept(predicted); len(predicted) == 0 {
		return nil, fmt.Errorf("folder: %s: all of its pictures are left out, want some that stay", path)
	}
	return predicted, nil
}

// Augmented reads a model's predictions on the augmented test set, a table a repetition.
func (r *Study) Augmented(model string) ([]predictions.Table, error) {
	if err := r.CheckModel(model); err != nil {
		return nil, err
	}
	var all []predictions.Table
	for i := range r.Recipe.Repetitions {
		t, err := r.readSplit(AugmentedPath(r.Dir, model, i), predictions.Test)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// History reads a model's training history. A given teacher has none: an error.
func (r *Study) History(model string) (history.History, error) {
	if err := r.CheckModel(model); err != nil {
		return nil, err
	}
	if r.Given(model) {
		return nil, fmt.Errorf("folder: %s: the %s was given, not trained: it has no history", r.Dir, model)
	}
	return history.Read(filepath.Join(r.Dir, model, history.File))
}

// LabelSource returns the model whose predictions a model learned from, and the rule. ok is false for models that learned from
// ground-truth labels.
func (r *Study) LabelSource(model string) (teacher string, rule distill.Rule, ok bool) {
	for _, rule := range r.Recipe.Rules() {
		teacher := paper.Teacher
		if slices.Contains(r.Seeds(rule.String()), model) {
			return teacher, rule, true
		}
		for _, name := range r.Chain(rule.String()) { // of a further rule the student alone is a model
			if name == model {
				return teacher, rule, true
			}
			teacher = name
		}
	}
	return "", nil, false
}

// Complete returns an error that names the first file that the study has not made yet, or that is not whole.
func (r *Study) Complete() error {
	f, err := r.expected()
	if err != nil {
		return err
	}
	for _, model := range r.Models() {
		if err := f.model(model); err != nil {
			return err
		}
	}
	return f.timing() // the last one that a study makes
}

// Repeated names a model that was trained again in the same way from another seed, such as "classical-seed2".
func Repeated(model string, seed uint64) string {
	return model + "-seed" + strconv.FormatUint(seed, 10)
}

// Seeds lists a student and its repetitions from other seeds (see Repeated), in the order of the seeds.
func (r *Study) Seeds(student string) []string {
	names := []string{student}
	for _, seed := range r.Recipe.FurtherSeeds() {
		names = append(names, Repeated(student, seed))
	}
	return names
}

// Kind is the student that a model repeats from another seed, or else the model itself.
func (r *Study) Kind(model string) string {
	for _, student := range r.MainModels()[1:] {
		if slices.Contains(r.Seeds(student), model) {
			return student
		}
	}
	return model
}

// Training returns how a model is trained, except for the seed of a student that was trained again. For a given teacher it is
// the zero value.
func (r *Study) Training(model string) recipe.Training {
	switch {
	case model == paper.Teacher:
		return r.Recipe.Teacher
	case r.IsGeneration(model):
		return r.Recipe.Generation(1)
	}
	return r.Recipe.Student
}

// IsGeneration tells whether a model is of a chain, other than the student that begins it.
func (r *Study) IsGeneration(model string) bool {
	return slices.Contains(slices.Concat(r.Chain(paper.Hard)[1:], r.Chain(paper.Soft)[1:]), model)
}

// Students are the paper's: they learn from ground-truth labels or from the teacher.
var Students = []string{paper.Classical, paper.Hard, paper.Soft}

// PaperModels are the teacher and Students, the models of the paper's claims.
var PaperModels = append([]string{paper.Teacher}, Students...)
