package results

import (
	"fmt"

	"distillation/kdlib/paper"
	"distillation/kdlib/pred"
	"distillation/kdlib/recipe"
	"distillation/kdlib/table"
)

// SettingsTable sets a recipe beside the paper's: the teacher's for the model paper.Teacher, else the one
// that all students and generations share.
func (r *Run) SettingsTable(model string) table.Table {
	ours, printed := r.Recipe.Student, recipe.Paper.Student
	title := "How the students are trained"
	if model == paper.Teacher {
		ours, printed = r.Recipe.Teacher, recipe.Paper.Teacher
		title = "How the teacher is trained"
	}
	t := table.Table{Title: title, Columns: []table.Column{table.Text("setting"), table.Text("ours"), table.Text("paper"), table.Text("")}}
	left, right := settings(r.Recipe.Data, ours), settings(recipe.Paper.Data, printed)
	if r.Given(model) {
		left = r.givenSettings()
	}
	for i, name := range settingNames {
		mark := ""
		if left[i] != right[i] {
			mark = "differs"
		}
		t.Add(name, left[i], right[i], mark)
	}
	return t
}

var settingNames = []string{"pictures", "size", "network", "first weights", "dropout before the last layer", "learning rate", "decay d of (9)",
	"flip", "shift", "epochs", "batch"}

// settings are the cells under settingNames.
func settings(d recipe.Data, t recipe.Training) []string {
	pictures := fmt.Sprint(d.Pictures)
	if d.Pictures == 0 {
		pictures = "all"
	}
	weights := "random"
	if t.Weights != "" || t == recipe.Paper.Teacher { // whose file the user names
		weights = "ImageNet"
	}
	shift := "no"
	if t.Augment.Shift > 0 {
		shift = fmt.Sprintf("up to %v of width and height", t.Augment.Shift)
	}
	flip := map[bool]string{true: "left and right, by chance", false: "no"}[t.Augment.Flip]
	return []string{pictures, fmt.Sprintf("%d × %d", d.Size, d.Size), t.Network, weights, fmt.Sprint(t.Dropout), fmt.Sprint(t.Optimizer.LearningRate),
		fmt.Sprint(t.Optimizer.Decay), flip, shift, fmt.Sprint(t.Epochs), fmt.Sprint(t.Batch)}
}

// printedSizes are those of the paper's split (section 3).
var printedSizes = map[pred.Set]string{pred.Train: "17500", pred.Validation: "3750", pred.Test: "3750"}
