package report

import (
	"fmt"
	"path/filepath"

	"distillation/kdlib/distill"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"
)

// givenText is what tables say where a trained model has a number.
const givenText = "given"

// givenTraining is the row of a given model in TrainingTable: what can be measured of its predictions.
func (r *Study) givenTraining(model string) ([]string, error) {
	s, err := r.Score(model, predictions.Validation, analysis.GroundTruth, distill.Threshold)
	if err != nil {
		return nil, err
	}
	return []string{model, givenText, "", printedBest(model), analysis.GroundTruth, table.Fixed(s.Accuracy, table.Decimals), table.Fixed(s.Loss, table.Decimals), ""}, nil
}

// givenSettings are the cells under settingNames of the given teacher: how it was trained is not known here.
func (r *Study) givenSettings() []string {
	g := r.Recipe.Given
	file := g.Predictions
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
