package results

import (
	"fmt"
	"slices"

	"distillation/kdlib/paper"
	"distillation/kdlib/pred"
	"distillation/kdlib/recipe"
	"distillation/kdlib/table"
)

// SettingsTable sets the recipe of a model beside the paper's: the teacher's, that of the generations of the chains from 1 on,
// or else that of the students.
func (r *Run) SettingsTable(model string) table.Table {
	ours, printed := r.Recipe.Student, recipe.Paper.Student
	title := "How the students are trained"
	switch {
	case model == paper.Teacher:
		ours, printed = r.Recipe.Teacher, recipe.Paper.Teacher
		title = "How the teacher is trained"
	case slices.Contains(slices.Concat(r.Chain(paper.Hard)[1:], r.Chain(paper.Soft)[1:]), model):
		ours = r.Recipe.Generation(1)
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
	left, right := settings(r.Recipe.Data, ours), settings(recipe.Paper.Data, printed)
	if r.Given(model) {
		left = r.givenSettings()
	}
	for i, name := range settingNames {
		add(name, left[i], right[i])
	}
	if model != paper.Teacher {
		add("soft labels (14)", optionName(r.Recipe.SoftLabels), optionName(recipe.Paper.SoftLabels))
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
