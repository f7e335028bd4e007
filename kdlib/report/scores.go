package report

import (
	"fmt"
	"slices"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"
)

// ScoresTable is sections 3.1 and 3.2: loss and accuracy of a model on every set, ours beside the
// printed numbers.
func (r *Study) ScoresTable(models ...string) (table.Table, error) {
	t := table.Table{
		Title: "Loss and accuracy (sections 3.1, 3.2)",
		Columns: slices.Concat([]table.Column{table.Text("model"), table.Text("set"), table.Text("labels"), table.Text("augmentation")},
			versus("loss"), versus("accuracy"), []table.Column{intervalColumn("loss"), intervalColumn("accuracy")}),
	}
	for _, model := range models {
		if err := r.CheckModel(model); err != nil {
			return t, err
		}
	}
	var lines []paper.Result
	var all []analysis.Labelled
	for _, printed := range paper.Results() {
		if !slices.Contains(models, printed.Model) {
			continue
		}
		if printed.Augmentation == "with" && r.NeverAugmented(printed.Model) {
			t.Notes = append(t.Notes, fmt.Sprintf("%s with augmentation: it was given by its predictions, and there are none on augmented pictures", printed.Model))
			continue
		}
		a, note, err := r.asPrinted(printed)
		if err != nil {
			return t, err
		}
		lines, all = append(lines, printed), append(all, a)
		if note != "" {
			t.Notes = append(t.Notes, note)
		}
	}
	ours, err := analysis.WithIntervals(all, distill.Threshold)
	if err != nil {
		return t, err
	}
	for i, printed := range lines {
		t.Add(slices.Concat([]string{printed.Model, string(printed.Split), printed.Labels, printed.Augmentation},
			table.Versus(ours[i].Loss, printed.Loss.Text), table.Versus(ours[i].Accuracy, printed.Accuracy.Text),
			[]string{intervalCell(ours[i].LossInterval), intervalCell(ours[i].AccuracyInterval)})...)
		t.Notes = append(t.Notes, clampedNotes(fmt.Sprintf("%s on %s, %s labels", printed.Model, printed.Split, printed.Labels), ours[i].Summary)...)
	}
	return t, nil
}

// clampedNotes says of which losses a measured one is made that are not known, if there are any.
func clampedNotes(of string, s metrics.Summary) []string {
	if note := s.ClampedNote(); note != "" {
		return []string{of + ": " + note}
	}
	return nil
}

// asPrinted finds the predictions that a line of the paper's tables measures.
func (r *Study) asPrinted(line paper.Result) (a analysis.Labelled, note string, err error) {
	var predicted predictions.Table
	if line.Augmentation != "with" {
		predicted, err = r.Predictions(line.Model, line.Split)
	} else {
		var lowest float64
		predicted, _, lowest, err = r.BestRepetition(line.Model, line.Labels, distill.Threshold)
		note = fmt.Sprintf("%s on %s labels with augmentation: the best of %d repetitions, as in the paper; the lowest accuracy was %s",
			line.Model, line.Labels, r.Recipe.Repetitions, table.Fixed(lowest, table.Decimals))
	}
	if err != nil {
		return a, "", err
	}
	a, err = r.Labelled(line.Model, line.Split, predicted, line.Labels)
	return a, note, err
}

// UncertaintyTable is section 4.3: accuracy on ground-truth labels and the degree of uncertainty (15) at a threshold.
func (r *Study) UncertaintyTable(threshold float64) (table.Table, error) {
	t := table.Table{
		Title: "Degree of uncertainty (section 4.3)",
		Columns: slices.Concat([]table.Column{table.Text("model"), table.Text("set"), table.Number("accuracy on the ground truth")}, versus("unc"),
			[]table.Column{intervalColumn("accuracy"), intervalColumn("unc")}),
	}
	if threshold != distill.Threshold {
		t.Notes = append(t.Notes, fmt.Sprintf("threshold %v; the printed numbers are for %v", threshold, distill.Threshold))
	}
	ours, err := r.EverySplit(r.MainModels(), threshold, func(predictions.Split) string { return analysis.GroundTruth })
	if err != nil {
		return t, err
	}
	for i, model := range r.MainModels() {
		for k, split := range folder.Splits {
			m := ours[i*len(folder.Splits)+k]
			printed, _ := paper.LookupUncertainty(model, split)
			t.Add(slices.Concat([]string{model, string(split), table.Fixed(m.Accuracy, table.Decimals)},
				table.Versus(m.Uncertainty, printed.Uncertainty.Text), []string{intervalCell(m.AccuracyInterval), intervalCell(m.UncertaintyInterval)})...)
		}
	}
	return t, nil
}

// RecursionTable is section 4.4 for one chain ("hard" or "soft"). As in the paper, accuracy on the train and validation sets is
// measured on the labels that a generation was trained on, and on the test set on ground-truth labels.
func (r *Study) RecursionTable(chain string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Recursive distillation, %s chain (section 4.4)", chain),
		Columns: slices.Concat([]table.Column{table.Number("generation"), table.Text("set"), table.Text("labels")},
			versus("accuracy"), versus("unc"), []table.Column{intervalColumn("accuracy"), intervalColumn("unc")}),
	}
	ours, err := r.EverySplit(r.Chain(chain), distill.Threshold, generationLabels)
	if err != nil {
		return t, err
	}
	for generation := range r.Chain(chain) {
		for k, split := range folder.Splits {
			m := ours[generation*len(folder.Splits)+k]
			printed, _ := paper.LookupRecursive(chain, generation, split)
			t.Add(slices.Concat([]string{fmt.Sprint(generation), string(split), generationLabels(split)},
				table.Versus(m.Accuracy, printed.Accuracy.Text), table.Versus(m.Uncertainty, printed.Uncertainty.Text),
				[]string{intervalCell(m.AccuracyInterval), intervalCell(m.UncertaintyInterval)})...)
		}
	}
	return t, nil
}

// generationLabels are those that section 4.4 measures accuracies on.
func generationLabels(split predictions.Split) string {
	if split == predictions.Test {
		return analysis.GroundTruth
	}
	return analysis.TeacherLabels
}

// versus are the columns that table.Versus fills.
func versus(quantity string) []table.Column {
	return []table.Column{table.Number(quantity), table.Number("printed"), table.Number("difference")}
}
