package results

import (
	"fmt"
	"path/filepath"

	"distillation/kdlib/label"
	"distillation/kdlib/paper"
	"distillation/kdlib/pred"
	"distillation/kdlib/recipe"
	"distillation/kdlib/table"
)

// Source is the file that a given teacher came from.
type Source struct {
	File string `json:"file"` // its base name
	Sum  string `json:"sha256"`
}

// Given says whether a model was given instead of trained: it has no history then.
func (r *Run) Given(model string) bool {
	return model == paper.Teacher && r.Recipe.Given != (recipe.Given{})
}

// GivenSource is the file that the given teacher came from.
func (r *Run) GivenSource() (Source, error) {
	var s Source
	err := recipe.ReadJSON(filepath.Join(r.Dir, paper.Teacher, GivenFile), &s)
	return s, err
}

// NeverMoved says whether a model has no answers on the moved test set: a teacher given by a file of its answers.
func (r *Run) NeverMoved(model string) bool { return r.Given(model) && r.Recipe.Given.Answers != "" }

// AnswerFiles lists the files of answers that a finished model has.
func (r *Run) AnswerFiles(model string) []string {
	var paths []string
	for _, set := range Sets {
		paths = append(paths, PredictionPath(r.Dir, model, set))
	}
	if r.NeverMoved(model) {
		return paths
	}
	for i := range r.Recipe.Repetitions {
		paths = append(paths, AugmentedPath(r.Dir, model, i))
	}
	return paths
}

// givenText is what tables say where a trained model has a number.
const givenText = "given"

// givenTraining is the row of a given model in TrainingTable: what can be measured of its answers.
func (r *Run) givenTraining(model string) ([]string, error) {
	s, err := r.Score(model, pred.Validation, HandLabels, label.Threshold)
	if err != nil {
		return nil, err
	}
	return []string{model, givenText, "", printedBest(model), HandLabels, table.Fixed(s.Accuracy, table.Decimals), table.Fixed(s.Loss, table.Decimals), ""}, nil
}

// givenSettings are the cells under settingNames of the given teacher: how it was trained is not known here.
func (r *Run) givenSettings() []string {
	g := r.Recipe.Given
	file := g.Answers
	if file == "" {
		file = g.ONNX.File
	}
	cells := settings(r.Recipe.Data, recipe.Training{})
	for i := 1; i < len(cells); i++ { // after the pictures
		cells[i] = givenText
	}
	cells[2] = fmt.Sprintf("%s: %s", givenText, filepath.Base(file))
	return cells
}
