package report

import (
	"fmt"
	"path/filepath"
	"strings"

	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/table"
)

// SettingsTable sets the recipe of a model beside the paper's: that of the teacher, of the chains' generations from 1 on, or of
// the students.
func (r *Study) SettingsTable(model string) table.Table {
	printed := recipe.Paper.Student
	title := "How the students are trained"
	switch {
	case model == paper.Teacher:
		printed = recipe.Paper.Teacher
		title = "How the teacher is trained"
	case r.IsGeneration(model):
		title = "How the generations of the chains are trained, from generation 1 on"
	}
	t := table.Table{Title: title, Columns: []table.Column{table.Text("setting"), table.Text("ours"), table.Text("paper"), table.Text("")}}
	add := func(name, left, right string) {
		mark := ""
		if left != right {
			mark = "differs"
		}
		t.Add(name, left, right, mark)
	}
	left, right := settings(r.Recipe.Data, r.Training(model)), settings(recipe.Paper.Data, printed)
	if r.Given(model) {
		left = r.givenSettings()
	}
	for i, name := range settingNames {
		add(name, left[i], right[i])
	}
	for _, further := range furtherSettings(r.Training(model)) {
		add(further[0], further[1], further[2])
	}
	if model != paper.Teacher {
		add("soft labels (14)", optionName(r.Recipe.SoftLabels), optionName(recipe.Paper.SoftLabels))
	}
	return t
}

var settingNames = []string{"pictures", "size", "network", "first weights", "dropout before the last layer", "optimizer", "learning rate", "decay d of (9)",
	"flip", "shift", "epochs", "batch"}

// settings are the cells under settingNames.
func settings(d recipe.Data, t recipe.Training) []string {
	pictures := fmt.Sprint(d.Pictures)
	if d.Pictures == 0 {
		pictures = "all"
	}
	weights := "random"
	if t.Weights != "" {
		weights = filepath.Base(t.Weights)
	}
	if t.Network == recipe.ONNXNetwork {
		weights = fmt.Sprintf("%s, trained: %s", filepath.Base(t.Backbone.File), t.Backbone.Trained)
	}
	if weights == filepath.Base(recipe.Paper.Teacher.Weights) {
		weights = "ImageNet"
	}
	shift := "no"
	if t.Augment.Shift > 0 {
		shift = fmt.Sprintf("up to %v of width and height", t.Augment.Shift)
	}
	flip := map[bool]string{true: "left and right, by chance", false: "no"}[t.Augment.Flip]
	return []string{pictures, fmt.Sprintf("%d × %d", d.Size, d.Size), t.Network, weights, fmt.Sprint(t.Dropout), optimizerName(t.Optimizer), fmt.Sprint(t.Optimizer.LearningRate),
		fmt.Sprint(t.Optimizer.Decay), flip, shift, fmt.Sprint(t.Epochs), fmt.Sprint(t.Batch)}
}

// answering names what predicts where it is not the best epoch.
var answering = map[string]string{recipe.LastEpoch: "the last epoch", recipe.AverageWeights: "the moving average of the weights"}

// furtherSettings are rows of settings that the paper has nothing of, where a training has any: name, ours, the paper's.
func furtherSettings(t recipe.Training) [][3]string {
	var rows [][3]string
	if t.Loss != (recipe.Loss{}) {
		rows = append(rows, [3]string{"loss", fmt.Sprintf("%s, T = %v, alpha = %v", t.Loss.Name, t.Loss.Temperature, t.Loss.Alpha), "cross-entropy (2)"})
	}
	if t.Convolutions != "" {
		rows = append(rows, [3]string{"forms of convolutions", t.Convolutions, "Keras's"})
	}
	if s := t.Optimizer.Schedule; s != (recipe.Schedule{}) {
		text := s.Name + ", to 0 at the end"
		if s.WarmUp > 0 {
			text = fmt.Sprintf("%s, from 0 in the first %v of all steps and to 0 at the end", s.Name, s.WarmUp)
		}
		rows = append(rows, [3]string{"schedule of the learning rate", text, "no"})
	}
	if len(t.EarlyStages) > 0 {
		var stages []string
		for _, s := range t.EarlyStages {
			stages = append(stages, fmt.Sprintf("%d at %d × %d, shift up to %v", s.Epochs, s.Size, s.Size, s.Shift))
		}
		rows = append(rows, [3]string{"first epochs", strings.Join(stages, "; "), "as all"})
	}
	if t.Average != 0 {
		rows = append(rows, [3]string{"moving average of the weights", fmt.Sprint(t.Average), "no"})
	}
	if name := answering[t.Answer]; name != "" {
		rows = append(rows, [3]string{"what predicts", name, "the best epoch"})
	}
	if t.Mirror {
		rows = append(rows, [3]string{"mean with the mirror image", "as a further column", "no"})
	}
	return rows
}

// optimizerName tells the two readings of the paper's Adam apart.
func optimizerName(o recipe.Optimizer) string {
	if o.Variant == recipe.LiteralAdam {
		return fmt.Sprintf("Adam as printed, k1 = %d, k2 = %d", o.K1, o.K2)
	}
	return "Keras's Adam"
}

// printedSizes are those of the paper's split (section 3).
var printedSizes = map[predictions.Split]string{predictions.Train: "17500", predictions.Validation: "3750", predictions.Test: "3750"}
