package results

import (
	"fmt"
	"slices"

	"distillation/kdlib/label"
	"distillation/kdlib/paper"
	"distillation/kdlib/pred"
	"distillation/kdlib/score"
	"distillation/kdlib/table"
)

// The labels that answers are measured on, as the paper's tables name them.
const (
	HandLabels    = "hand"
	TeacherLabels = "teacher" // what the model was taught: (13) or (14) of its teacher's answers
)

// Score measures a model's answers on a set against hand labels or those of its teacher.
func (r *Run) Score(model string, set pred.Set, labels string, threshold float64) (score.Summary, error) {
	answers, err := r.Predictions(model, set)
	if err != nil {
		return score.Summary{}, err
	}
	return r.measure(model, set, answers, labels, threshold)
}

func (r *Run) measure(model string, set pred.Set, answers pred.Table, labels string, threshold float64) (score.Summary, error) {
	y := answers.Labels()
	if labels == TeacherLabels {
		var err error
		if y, err = r.TaughtLabels(model, set); err != nil {
			return score.Summary{}, err
		}
	}
	s, err := score.Of(answers.P(), y, threshold)
	if err != nil {
		return s, fmt.Errorf("results: %s on %s: %w", model, set, err)
	}
	return s, nil
}

// BestAugmented repeats Score on the moved test set and returns the repetition of the highest accuracy,
// which is what the paper reports, and the lowest accuracy beside it.
func (r *Run) BestAugmented(model, labels string, threshold float64) (best score.Summary, lowest float64, err error) {
	repetitions, err := r.Augmented(model)
	if err != nil {
		return best, 0, err
	}
	for i, answers := range repetitions {
		s, err := r.measure(model, pred.Test, answers, labels, threshold)
		if err != nil {
			return best, 0, err
		}
		if i == 0 || s.Accuracy > best.Accuracy {
			best = s
		}
		if i == 0 || s.Accuracy < lowest {
			lowest = s.Accuracy
		}
	}
	return best, lowest, nil
}

// ScoresTable is sections 3.1 and 3.2: loss and accuracy of a model on every set, ours beside the
// printed numbers.
func (r *Run) ScoresTable(models ...string) (table.Table, error) {
	t := table.Table{
		Title: "Loss and accuracy (sections 3.1, 3.2)",
		Columns: append([]table.Column{table.Text("model"), table.Text("set"), table.Text("labels"), table.Text("augmentation")},
			append(versus("loss"), versus("accuracy")...)...),
	}
	for _, printed := range paper.Results() {
		if !slices.Contains(models, printed.Model) {
			continue
		}
		s, note, err := r.asPrinted(printed)
		if err != nil {
			return t, err
		}
		t.Add(slices.Concat([]string{printed.Model, string(printed.Set), printed.Labels, printed.Augmentation},
			table.Versus(s.Loss, printed.Loss.Text), table.Versus(s.Accuracy, printed.Accuracy.Text))...)
		if note != "" {
			t.Notes = append(t.Notes, note)
		}
	}
	return t, nil
}

// asPrinted measures what a line of the paper's tables measures.
func (r *Run) asPrinted(line paper.Result) (s score.Summary, note string, err error) {
	if line.Augmentation != "with" {
		s, err = r.Score(line.Model, line.Set, line.Labels, label.Threshold)
		return s, "", err
	}
	s, lowest, err := r.BestAugmented(line.Model, line.Labels, label.Threshold)
	return s, fmt.Sprintf("%s on %s labels with augmentation: the best of %d repetitions, as in the paper; the lowest accuracy was %s",
		line.Model, line.Labels, r.Recipe.Repetitions, table.Fixed(lowest, table.Decimals)), err
}

// UncertaintyTable is section 4.3: accuracy on hand labels and the degree of uncertainty (15) at a threshold.
func (r *Run) UncertaintyTable(threshold float64) (table.Table, error) {
	t := table.Table{
		Title:   "Degree of uncertainty (section 4.3)",
		Columns: append([]table.Column{table.Text("model"), table.Text("set"), table.Number("accuracy on hand labels")}, versus("unc")...),
	}
	if threshold != label.Threshold {
		t.Notes = append(t.Notes, fmt.Sprintf("threshold %v; the printed numbers are for %v", threshold, label.Threshold))
	}
	for _, model := range r.Students() {
		for _, set := range Sets {
			s, err := r.Score(model, set, HandLabels, threshold)
			if err != nil {
				return t, err
			}
			printed, _ := paper.LookupUncertainty(model, set)
			t.Add(slices.Concat([]string{model, string(set), table.Fixed(s.Accuracy, table.Decimals)},
				table.Versus(s.Uncertainty, printed.Uncertainty.Text))...)
		}
	}
	return t, nil
}

// RecursionTable is section 4.4 for one chain ("hard" or "soft"): on train and validation the accuracy is
// measured on the labels that a generation was taught, on test on hand labels, as in the paper.
func (r *Run) RecursionTable(chain string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Recursive distillation, %s chain (section 4.4)", chain),
		Columns: append([]table.Column{table.Number("generation"), table.Text("set"), table.Text("labels")},
			append(versus("accuracy"), versus("unc")...)...),
	}
	for generation, model := range r.Chain(chain) {
		for _, set := range Sets {
			labels := TeacherLabels
			if set == pred.Test {
				labels = HandLabels
			}
			s, err := r.Score(model, set, labels, label.Threshold)
			if err != nil {
				return t, err
			}
			printed, _ := paper.LookupRecursive(chain, generation, set)
			t.Add(slices.Concat([]string{fmt.Sprint(generation), string(set), labels},
				table.Versus(s.Accuracy, printed.Accuracy.Text), table.Versus(s.Uncertainty, printed.Uncertainty.Text))...)
		}
	}
	return t, nil
}

// versus are the columns that table.Versus fills.
func versus(quantity string) []table.Column {
	return []table.Column{table.Number(quantity), table.Number("printed"), table.Number("difference")}
}
