// Package study runs a whole experiment of the paper from one recipe: the teacher, the three students, the recursive chains,
// the timing. Package folder reads what it leaves on disk.
package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"distillation/kdlib/bench"
	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/internal/lock"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"

	"github.com/gomlx/compute"
)

// Reporter is told how a study goes.
type Reporter interface {
	Say(format string, args ...any)                         // a line of news
	Progress(what string, done, total int)                  // done of total pictures
	Step(model string, made history.Step)                   // a training step
	Epoch(model string, epochs int, measured history.Epoch) // a stored epoch
}

// quiet is the reporter of those who name none.
type quiet struct{}

func (quiet) Say(string, ...any)               {}
func (quiet) Progress(string, int, int)        {}
func (quiet) Step(string, history.Step)        {}
func (quiet) Epoch(string, int, history.Epoch) {}

func orQuiet(report Reporter) Reporter {
	if report == nil {
		return quiet{}
	}
	return report
}

// Study is an experiment to run or to go on with.
type Study struct {
	Recipe   recipe.Study
	Pictures string   // folder, zip or tar of the pictures
	Dir      string   // of the results
	CacheDir string   // of decoded pictures, shared between studies
	Report   Reporter // nil: none

	// AnyTeacher goes on with a given teacher that is wrong on most training pictures, which is an error otherwise.
	AnyTeacher bool

	// Only is the one model to make, after those whose predictions its labels come from, or folder.Timing; empty: all. Several
	// processes may each make another model of one folder at once.
	Only string
}

// Run brings the study to its end. It keeps what an earlier run of the same recipe, or of one with fewer seeds, has finished.
// Each result is in Dir as soon as it is made. It is an error if another process works in the folder, or if the pictures have
// changed since the first time. Run looks at a given teacher, and at weights to start from, before it trains anything.
func (s Study) Run(ctx context.Context, backend compute.Backend) (err error) {
	s.Report = orQuiet(s.Report)
	if err := s.Recipe.Validate(); err != nil {
		return fmt.Errorf("study: %s: %w", s.Dir, err)
	}
	if parts := append(s.folder().Models(), folder.Timing); s.Only != "" && !slices.Contains(parts, s.Only) {
		return fmt.Errorf("study: only: got %q, want one of %q", s.Only, parts)
	}
	if s.Only == "" { // what each process makes is locked by itself
		held, err := s.hold("")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, held.Release()) }()
	}
	pictures, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer pictures.Close()
	w := &work{Study: s, backend: backend, pool: train.NewPool(backend), pictures: pictures}
	w.pool.Watch = Compiling(s.Report)
	defer w.pool.Close()
	if err := w.checkGiven(); err != nil {
		return err
	}
	if w.session, err = begin(s.Dir); err != nil {
		return err
	}
	pictures.Introduce(s.Report)
	if old := w.session.before(); old != nil {
		s.Report.Say("goes on on another kind of machine or with other flags of XLA, %s after %s: as good, but no single machine would give the same digits",
			machine(), old.Machine)
	}
	if err := w.all(ctx); err != nil {
		return err
	}
	return w.session.end()
}

// folder is the study as its folder has it.
func (s Study) folder() *folder.Study { return &folder.Study{Dir: s.Dir, Recipe: s.Recipe} }

// hold locks the folder of the study, or the one below it of a part.
func (s Study) hold(part string) (*lock.Folder, error) {
	held, err := lock.Take(filepath.Join(s.Dir, part))
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	return held, nil
}

// wanted says whether a model is to be made.
func (s Study) wanted(model string) bool {
	if s.Only == "" {
		return true
	}
	for needed := s.Only; needed != model; {
		teacher, rule, ok := s.folder().LabelSource(needed)
		if !ok || !rule.NeedsTeacher() {
			return false
		}
		needed = teacher
	}
	return true
}

// open opens the pictures. A folder that is another study's is refused first, then wrong weights, before pictures are decoded
// for them; a new folder becomes this study's only when the pictures are there, so that a start on wrong ones leaves nothing,
// and before the split, which nobody else may go on with.
func (s Study) open(ctx context.Context) (*Collection, error) {
	stored, err := s.stored()
	if err != nil {
		return nil, err
	}
	if err := s.checkTrainings(); err != nil {
		return nil, err
	}
	manifest := filepath.Join(s.Dir, folder.ManifestFile)
	c, err := openDecoded(ctx, CollectionOptions{Pictures: s.Pictures, CacheDir: s.CacheDir, Manifest: manifest, Data: s.Recipe.Data, Report: s.Report, Sizes: s.Recipe.EarlySizes()})
	if err != nil {
		return nil, err
	}
	if !stored && !c.isNew {
		s.Report.Say("%s: the split that it has is taken, whatever the recipe's data would draw", manifest)
	}
	err = c.trainable()
	if err == nil && s.Recipe.Timing != (recipe.Timing{}) {
		err = bench.Check(s.Recipe.Timing, len(c.Manifest.Of(predictions.Test))) // it comes last, after all the training
	}
	if err == nil {
		err = os.MkdirAll(s.Dir, 0o755)
	}
	if err == nil && !stored {
		err = recipe.WriteJSON(filepath.Join(s.Dir, folder.StudyFile), s.Recipe)
	}
	if err == nil {
		err = c.keep(manifest)
	}
	if err == nil {
		err = predictions.WriteClasses(s.Dir, c.Source.Classes())
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// checkTrainings refuses networks that there are not, and files of weights that are missing or do not fit their networks. A
// model that is finished needs neither.
func (s Study) checkTrainings() error {
	run := s.folder()
	for _, model := range run.Models() {
		how := run.Training(model)
		if !s.wanted(model) || s.finished(model) || how.IsZero() { // a teacher that is given
			continue
		}
		if err := train.Check(filepath.Join(s.Dir, model), how, s.Recipe.Data.Size); err != nil {
			return fmt.Errorf("study: %s: %w", model, err)
		}
	}
	return nil
}

// stored says whether the folder has this study's recipe already. A folder of another study is refused; one of this study
// with fewer seeds goes on with these.
func (s Study) stored() (bool, error) {
	stored, err := recipe.Read(filepath.Join(s.Dir, folder.StudyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !s.Recipe.Extends(stored) {
		return false, fmt.Errorf("study: %s holds another study: got\n  %+v, want\n  %+v; use another folder or remove it", s.Dir, stored, s.Recipe)
	}
	if s.Recipe.Reductions == nil { // words of an older version are kept as long as they are true
		stored.Reductions = nil
	}
	return reflect.DeepEqual(stored, s.Recipe), nil
}

// work is a study under way.
type work struct {
	Study
	backend  compute.Backend
	pool     *train.Pool
	pictures *Collection
	session  *session
}

// all makes every model: a teacher that is given, whose faults are seen before anything is trained, the classical student, who needs
// no teacher, then a teacher that is trained, the students, and generation after generation of both chains.
func (w *work) all(ctx context.Context) error {
	isGiven := w.Recipe.Given != (recipe.Given{})
	if isGiven {
		if err := w.given(ctx); err != nil {
			return err
		}
	}
	if err := w.model(ctx, paper.Classical, w.Recipe.Student, nil); err != nil {
		return err
	}
	if !isGiven {
		if err := w.model(ctx, paper.Teacher, w.Recipe.Teacher, nil); err != nil {
			return err
		}
	}
	for generation := range w.Recipe.Generations + 1 {
		for _, rule := range w.Recipe.Chains() {
			if err := w.generation(ctx, rule, generation); err != nil {
				return err
			}
		}
	}
	for _, rule := range w.Recipe.FurtherRules {
		if err := w.generation(ctx, rule, 0); err != nil {
			return err
		}
	}
	for _, seed := range w.Recipe.FurtherSeeds() {
		if err := w.again(ctx, seed); err != nil {
			return err
		}
	}
	if w.Only != "" && w.Only != folder.Timing {
		return nil
	}
	return w.timing(ctx)
}

// generation trains one generation of a rule's chain on the labels of the one before; the student, generation 0, on
// the teacher's (section 4.4).
func (w *work) generation(ctx context.Context, rule distill.Rule, k int) error {
	name := folder.Generation(rule.String(), k)
	teacher, rule, _ := w.folder().LabelSource(name)
	return w.model(ctx, name, w.Recipe.Generation(k), &LabelSource{w.Dir, teacher, rule})
}

// again trains the students from another seed.
func (w *work) again(ctx context.Context, seed uint64) error {
	training := w.Recipe.Student
	training.Seed = seed
	if err := w.model(ctx, folder.Repeated(paper.Classical, seed), training, nil); err != nil {
		return err
	}
	for _, rule := range w.Recipe.Rules() {
		if err := w.model(ctx, folder.Repeated(rule.String(), seed), training, &LabelSource{w.Dir, paper.Teacher, rule}); err != nil {
			return err
		}
	}
	return nil
}

// LabelSource says which model's predictions become labels, and by which rule.
type LabelSource struct {
	Dir     string       // the study's folder
	Teacher string       // a model in it
	Rule    distill.Rule // nil: the predictions stand beside ground-truth labels, for a loss that takes both
}

// Path is the file of the teacher's predictions on a set.
func (l LabelSource) Path(split predictions.Split) string {
	return folder.PredictionPath(l.Dir, l.Teacher, split)
}

// model trains one network if it is not finished, and writes its predictions.
func (w *work) model(ctx context.Context, name string, training recipe.Training, from *LabelSource) (err error) {
	if !w.wanted(name) {
		return nil
	}
	if w.done(name) {
		w.Report.Say("%s: done before", name)
		return nil
	}
	release, err := w.pool.Hold(filepath.Join(w.Dir, name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	if w.finished(name) { // meanwhile, by another process
		return nil
	}
	trainData, validationData, err := w.pictures.TrainingData(from)
	if err != nil {
		return err
	}
	run := train.Run{Dir: filepath.Join(w.Dir, name), Recipe: training, Train: trainData, Validation: validationData, Classes: w.pictures.Source.Classes(),
		Report: TrainingReport(w.Report, name, training.Epochs), Sizes: w.pictures.Sizes()}
	run.Report.Epoch = w.session.counting(name, run.Report.Epoch)
	if _, err := w.pool.Fit(ctx, run); err != nil {
		return err
	}
	if err := w.predictBest(ctx, name, training); err != nil {
		return err
	}
	if w.session.isMixed(name) {
		w.Report.Say("%s: begun on one kind of machine and gone on with on another", name)
	}
	return w.session.note(name, w.folder().Files(name)...)
}

// TrainingReport tells a reporter about one model's training.
func TrainingReport(to Reporter, model string, epochs int) train.Report {
	return train.Report{
		Step:  func(made history.Step) { to.Step(model, made) },
		Epoch: func(e history.Epoch) { to.Epoch(model, epochs, e) },
	}
}

// finished says whether all files of a model are there and whole.
func (s Study) finished(name string) bool { return s.folder().Finished(name) == nil }

// done is finished for what is made next: it tells why a model is made again.
func (w *work) done(name string) bool { return w.whole(name, w.folder().Finished(name)) }

// whole says whether there is nothing wrong with what was made, and tells what is, unless it was not made yet.
func (w *work) whole(what string, err error) bool {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.Report.Say("%s is made again: %v", what, err)
	}
	return err == nil
}

// predictBest writes the predictions of a trained network.
func (w *work) predictBest(ctx context.Context, name string, training recipe.Training) error {
	model, err := w.pool.Best(filepath.Join(w.Dir, name), w.Recipe.Data.Size)
	if err != nil {
		return err
	}
	evaluation := dataset.Augmentation{Augment: training.Augment, Seed: EvaluationSeed(training.Seed)}
	return w.predict(ctx, name, Predictor{Pictures: w.pictures, Model: model}, dataset.PredictOptions{Batch: training.Batch, Augmentation: evaluation})
}

// predict writes the predictions of a network: every set as it is, then the test set augmented, repeatedly.
func (w *work) predict(ctx context.Context, name string, p Predictor, how dataset.PredictOptions) error {
	p.Mirror = w.folder().Training(name).Mirror
	one := func(split predictions.Split, augmentation dataset.Augmentation, path string) error {
		return p.Write(ctx, split, path, dataset.PredictOptions{Batch: how.Batch, Augmentation: augmentation,
			Progress: func(done, total int) {
				w.Report.Progress(fmt.Sprintf("%s: predictions on %s", name, split), done, total)
			}})
	}
	for _, split := range folder.Splits {
		if err := one(split, dataset.Augmentation{}, folder.PredictionPath(w.Dir, name, split)); err != nil {
			return err
		}
	}
	p.Mirror = false // half of the augmented ones are mirrored already
	for i := range w.Recipe.Repetitions {
		how.Augmentation.Pass = i
		if err := one(predictions.Test, how.Augmentation, folder.AugmentedPath(w.Dir, name, i)); err != nil {
			return err
		}
	}
	return nil
}

// EvaluationSeed keeps the augmentation of evaluations apart from that of training.
func EvaluationSeed(training uint64) uint64 { return ^training }

// timing measures section 4.1 once.
func (w *work) timing(ctx context.Context) (err error) {
	path := filepath.Join(w.Dir, folder.TimingFile)
	if w.whole(folder.Timing, w.folder().FinishedTiming()) {
		return nil
	}
	held, err := w.hold(folder.Timing)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.Release()) }()
	if w.folder().FinishedTiming() == nil { // meanwhile, by another process
		return nil
	}
	calls, err := bench.Pictures(ctx, w.backend, bench.PicturesOptions{
		Networks: folder.Timed, Source: w.pictures.Source, Entries: w.pictures.Manifest.Of(predictions.Test),
		Timing: w.Recipe.Timing, Progress: func(done, total int) { w.Report.Progress("timing", done, total) }})
	if err != nil {
		return err
	}
	if err := folder.WriteTiming(path, calls); err != nil {
		return err
	}
	return w.session.note(folder.Timing, path)
}
