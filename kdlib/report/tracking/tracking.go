// Package tracking hands what trainings measured to programs in which people follow trainings: TensorBoard, by event files that grow
// with a training, and MLflow, by its REST interface.
//
// The validation accuracy of a distilled student is on its teacher's labels, that of the classical student on the ground truth. The
// names of the curves say so, so that the two never share an axis. What is measured on the test set is on the ground truth, for all.
package tracking

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"errors"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"
)

// Run is one model's training, finished or not.
type Run struct {
	Name        string
	Started     time.Time // of its first epoch
	Recipe      recipe.Training
	Labels      string // what it learned from, as LabelsOf names it
	Past        history.History
	Predictions map[predictions.Split]predictions.Table // of a finished one
}

// LabelsOf names the labels that a model learns from by a rule; nil: the ground truth.
func LabelsOf(teacher string, rule distill.Rule) string {
	switch {
	case rule == nil:
		return analysis.GroundTruth
	case rule.NeedsTeacher():
		return fmt.Sprintf("%s labels of %s", rule, teacher)
	}
	return rule.String() + " labels"
}

// Of reads a model of a study. One that has not begun is fs.ErrNotExist.
func Of(study *folder.Study, model string) (Run, error) {
	r := Run{Name: model, Recipe: study.Training(model), Labels: analysis.GroundTruth}
	if teacher, rule, ok := study.LabelSource(model); ok {
		r.Labels = LabelsOf(teacher, rule)
	}
	if !study.Given(model) {
		var err error
		if r.Past, err = study.History(model); err != nil {
			return r, err
		}
	}
	sessions, err := study.Sessions()
	if err != nil {
		return r, err
	}
	r.Started = started(sessions, model)
	return r, r.readPredictions(study)
}

// started is when the first session began that trained a model, or the first of all where sessions do not say what they trained.
func started(sessions []folder.Session, model string) time.Time {
	if i := slices.IndexFunc(sessions, func(s folder.Session) bool { return s.Epochs[model] > 0 }); i >= 0 {
		return sessions[i].Started
	}
	return sessions[0].Started
}

// readPredictions reads those of a model that is finished.
func (r *Run) readPredictions(study *folder.Study) error {
	err := study.Finished(r.Name)
	if errors.Is(err, fs.ErrNotExist) && !study.Given(r.Name) {
		return nil
	}
	if err != nil {
		return err
	}
	r.Predictions = map[predictions.Split]predictions.Table{}
	for _, split := range folder.Splits {
		if r.Predictions[split], err = study.Predictions(r.Name, split); err != nil {
			return err
		}
	}
	return nil
}

// value is a measurement with its name.
type value struct {
	name string
	v    float64
}

// of are the measurements of an epoch.
func (r Run) of(e history.Epoch) []value {
	return []value{
		{"loss/train on " + r.Labels, e.TrainLoss},
		{"loss/validation on " + r.Labels, e.ValidationLoss},
		{"accuracy/train on " + r.Labels, e.TrainAccuracy},
		{"accuracy/validation on " + r.Labels, e.ValidationAccuracy},
		{"seconds/an epoch", e.Seconds},
	}
}

// tested are the measurements on the test set, of a model that is finished.
func (r Run) tested() ([]value, error) {
	table := r.Predictions[predictions.Test]
	if len(table) == 0 {
		return nil, nil
	}
	p := analysis.Predicted(table)
	s, err := p.Summarize(table.Labels(), distill.Threshold)
	if err != nil {
		return nil, fmt.Errorf("tracking: %s: %w", r.Name, err)
	}
	bins, err := metrics.CalibrationCurve(p.P, table.Labels(), metrics.CalibrationWidth)
	if err != nil {
		return nil, fmt.Errorf("tracking: %s: %w", r.Name, err)
	}
	const on = "test/%s on the ground truth"
	return []value{
		{fmt.Sprintf(on, "accuracy"), s.Accuracy},
		{fmt.Sprintf(on, "loss"), s.Loss},
		{fmt.Sprintf(on, "calibration error"), metrics.ECE(bins)},
		{"test/degree of uncertainty", s.Uncertainty},
	}, nil
}

// last is the number of the last epoch, 0 of a model that was given.
func (r Run) last() int { return len(r.Past) }

// recipeText is the recipe as JSON; a model that was given has none.
func (r Run) recipeText() (string, error) {
	if r.Recipe.IsZero() {
		return "given, not trained", nil
	}
	text, err := json.MarshalIndent(r.Recipe, "", "  ")
	if err != nil {
		return "", fmt.Errorf("tracking: %s: %w", r.Name, err)
	}
	return string(text), nil
}
