package folder

import (
	"path/filepath"

	"distillation/kdlib/paper"
	"distillation/kdlib/recipe"
)

// Source is the file that a given teacher came from.
type Source struct {
	File string `json:"file"` // its base name
	Sum  string `json:"sha256"`
}

// Given tells whether a model was given instead of trained. Such a model has no history.
func (r *Study) Given(model string) bool {
	return model == paper.Teacher && r.Recipe.Given != (recipe.Given{})
}

// GivenSource is the file that the given teacher came from.
func (r *Study) GivenSource() (Source, error) {
	var s Source
	err := recipe.ReadJSON(filepath.Join(r.Dir, paper.Teacher, GivenFile), &s)
	return s, err
}

// NeverAugmented tells whether a model has no predictions on the augmented test set, as a teacher that is given by a file of
// its predictions, and all models of a study that repeats no evaluation.
func (r *Study) NeverAugmented(model string) bool {
	return r.Recipe.Repetitions == 0 || r.Given(model) && r.Recipe.Given.Predictions != ""
}

// PredictionFiles lists the files of predictions that a finished model has.
func (r *Study) PredictionFiles(model string) []string {
	var paths []string
	for _, split := range Splits {
		paths = append(paths, PredictionPath(r.Dir, model, split))
	}
	if r.NeverAugmented(model) {
		return paths
	}
	for i := range r.Recipe.Repetitions {
		paths = append(paths, AugmentedPath(r.Dir, model, i))
	}
	return paths
}
