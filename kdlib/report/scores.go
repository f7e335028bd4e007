package report

import (
	"cmp"
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

// ScoresTable is sections 3.1 and 3.2: loss and accuracy of a model on every set, ours beside the printed numbers. With augmentation
// the lowest loss and the highest accuracy of all repetitions are given, each by itself, as in the paper; the interval is that of the
// mean, which stands beside it.
func (r *Study) ScoresTable(models ...string) (table.Table, error) {
	t := table.Table{
		Title: "Loss and accuracy (sections 3.1, 3.2)",
		Columns: slices.Concat([]table.Column{table.Text("model"), table.Text("set"), table.Text("labels"), table.Text("augmentation")},
			versus("loss"), versus("accuracy"),
			[]table.Column{table.Number("mean loss"), table.Number("mean accuracy"), intervalColumn("loss"), intervalColumn("accuracy")}),
	}
	for _, model := range models {
		if err := r.CheckModel(model); err != nil {
			return t, err
		}
	}
	var once []int // lines that are measured on one table of predictions
	var all []analysis.Labelled
	for _, printed := range paper.Results() {
		if !slices.Contains(models, printed.Model) {
			continue
		}
		if printed.Augmentation == "with" {
			if err := r.addRepeated(&t, printed); err != nil {
				return t, err
			}
			continue
		}
		a, err := r.asPrinted(printed)
		if err != nil {
			return t, err
		}
		once, all = append(once, len(t.Rows)), append(all, a)
		t.Rows = append(t.Rows, scoreNames(printed)) // the numbers follow
	}
	ours, err := analysis.WithIntervals(all, distill.Threshold)
	if err != nil {
		return t, err
	}
	for i, at := range once {
		row := t.Rows[at]
		printed, _ := paper.LookupResult(row[0], predictions.Split(row[1]), row[2], row[3])
		t.Rows[at] = slices.Concat(row, table.Versus(ours[i].Loss, printed.Loss.Text), table.Versus(ours[i].Accuracy, printed.Accuracy.Text),
			[]string{"", "", intervalCell(ours[i].LossInterval), intervalCell(ours[i].AccuracyInterval)})
		t.Notes = append(t.Notes, clampedNotes(fmt.Sprintf("%s on %s, %s labels", printed.Model, printed.Split, printed.Labels), ours[i].Summary)...)
	}
	return t, nil
}

func scoreNames(printed paper.Result) []string {
	return []string{printed.Model, string(printed.Split), printed.Labels, printed.Augmentation}
}

// addRepeated adds a row of several evaluations on pictures that are augmented at random.
func (r *Study) addRepeated(t *table.Table, printed paper.Result) error {
	if r.NeverAugmented(printed.Model) {
		t.Notes = append(t.Notes, fmt.Sprintf("%s with augmentation: it was given by its predictions, and there are none on augmented pictures", printed.Model))
		return nil
	}
	each, err := r.Repetitions(printed.Model, printed.Labels, distill.Threshold)
	if err != nil {
		return err
	}
	mean, err := r.MeanOfRepetitions(printed.Model, printed.Labels, distill.Threshold)
	if err != nil {
		return err
	}
	loss, accuracy := slices.MinFunc(each, byLoss), slices.MaxFunc(each, byAccuracy)
	t.Add(slices.Concat(scoreNames(printed), table.Versus(loss.Loss, printed.Loss.Text), table.Versus(accuracy.Accuracy, printed.Accuracy.Text),
		[]string{table.Fixed(mean.Loss, table.Decimals), table.Fixed(mean.Accuracy, table.Decimals), intervalCell(mean.LossInterval), intervalCell(mean.AccuracyInterval)})...)
	of := fmt.Sprintf("%s on %s labels with augmentation", printed.Model, printed.Labels)
	t.Notes = append(t.Notes, fmt.Sprintf("%s: the lowest loss and the highest accuracy of %d repetitions, each by itself, as in the paper; "+
		"the highest loss was %s, the lowest accuracy %s; the intervals are those of the means", of, len(each),
		table.Fixed(slices.MaxFunc(each, byLoss).Loss, table.Decimals), table.Fixed(slices.MinFunc(each, byAccuracy).Accuracy, table.Decimals)))
	t.Notes = append(t.Notes, clampedNotes(of, loss)...)
	return nil
}

func byLoss(a, b metrics.Summary) int     { return cmp.Compare(a.Loss, b.Loss) }
func byAccuracy(a, b metrics.Summary) int { return cmp.Compare(a.Accuracy, b.Accuracy) }

// clampedNotes says of which losses a measured one is made that are not known, if there are any.
func clampedNotes(of string, s metrics.Summary) []string {
	if note := s.ClampedNote(); note != "" {
		return []string{of + ": " + note}
	}
	return nil
}

// asPrinted finds the predictions that a line of the paper's tables without augmentation measures.
func (r *Study) asPrinted(line paper.Result) (a analysis.Labelled, err error) {
	predicted, err := r.Predictions(line.Model, line.Split)
	if err != nil {
		return a, err
	}
	return r.Labelled(line.Model, line.Split, predicted, line.Labels)
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
