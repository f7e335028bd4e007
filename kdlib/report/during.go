package report

import (
	"fmt"
	"slices"

	"distillation/kdlib/distill"
	"distillation/kdlib/paper"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"
)

// DuringTable sets the best values during training, which sections 3.1 and 3.2 print for the train and the validation set, beside
// what the network that training resulted in has on the same labels. Loss and accuracy are each taken at their own best epoch.
func (r *Study) DuringTable(models ...string) (table.Table, error) {
	t := table.Table{
		Title: "The best values during training, as the paper prints them, and those measured afterwards (sections 3.1, 3.2)",
		Columns: slices.Concat([]table.Column{table.Text("model"), table.Text("set"), table.Text("labels"), table.Text("quantity")},
			versus("during training"), []table.Column{table.Number("in epoch"), table.Number("afterwards")}),
		Notes: []string{"during training, train: means over an epoch, of augmented pictures and weights that move; validation: after an epoch, pictures as they are",
			"afterwards: the network that predicts, on all pictures as they are"},
	}
	for _, model := range models {
		if err := r.CheckModel(model); err != nil {
			return t, err
		}
		if r.Given(model) {
			t.Notes = append(t.Notes, model+": it was given, how it was trained is not known here")
			continue
		}
		if err := r.addDuring(&t, model); err != nil {
			return t, err
		}
	}
	return t, nil
}

func (r *Study) addDuring(t *table.Table, model string) error {
	labels := analysis.GroundTruth
	if _, _, distilled := r.LabelSource(model); distilled {
		labels = analysis.TeacherLabels
	}
	during, err := r.BestDuring(model)
	if err != nil {
		return err
	}
	for _, d := range during {
		afterwards, err := r.Score(model, d.Split, labels, distill.Threshold)
		if err != nil {
			return err
		}
		printed, _ := paper.LookupResult(model, d.Split, labels, "")
		names := func(quantity string) []string { return []string{model, string(d.Split), labels, quantity} }
		t.Add(slices.Concat(names("loss (2)"), table.Versus(d.Loss, printed.Loss.Text),
			[]string{fmt.Sprint(d.LossEpoch), table.Fixed(afterwards.Loss, table.Decimals)})...)
		t.Add(slices.Concat(names("accuracy (12)"), table.Versus(d.Accuracy, printed.Accuracy.Text),
			[]string{fmt.Sprint(d.AccuracyEpoch), table.Fixed(afterwards.Accuracy, table.Decimals)})...)
		t.Notes = append(t.Notes, clampedNotes(fmt.Sprintf("%s on %s", model, d.Split), afterwards)...)
	}
	return nil
}
