package report

import (
	"fmt"
	"path/filepath"

	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"
)

// SplitTable counts the pictures of each set and class (section 3).
func (r *Study) SplitTable() (table.Table, error) {
	t := table.Table{Title: "The split (section 3)", Columns: []table.Column{table.Text("set"), table.Number("cats"), table.Number("dogs"),
		table.Number("pictures"), table.Number("per cent"), table.Number("printed"), table.Number("printed per cent")}}
	manifest, err := images.ReadManifest(filepath.Join(r.Dir, folder.ManifestFile))
	if err != nil {
		return t, err
	}
	for label, class := range manifest.Classes() {
		if class != "" {
			t.Columns[1+label].Name = class
		}
	}
	share := map[predictions.Split]string{predictions.Train: "70", predictions.Validation: "15", predictions.Test: "15"}
	for _, split := range folder.Splits {
		entries := manifest.Of(split)
		dogs := 0
		for _, e := range entries {
			dogs += e.Label
		}
		t.Add(string(split), fmt.Sprint(len(entries)-dogs), fmt.Sprint(dogs), fmt.Sprint(len(entries)),
			table.Fixed(100*float64(len(entries))/float64(len(manifest)), 1), printedSizes[split], share[split])
	}
	return t, nil
}

// LabelsTable shows what students learn from: n of the teacher's predictions on a set, evenly spread from the surest cat to the
// surest dog. Beside each stands the label by (13) and the label by (14) with the study's options.
func (r *Study) LabelsTable(teacher string, split predictions.Split, n int) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Predictions of the %s on the %s set, and the labels they become", teacher, split),
		Columns: []table.Column{table.Text("picture"), table.Number("ground truth"), table.Number("prediction p"),
			table.Number("hard label (13)"), table.Number("soft label (14)"), table.Text("hard and ground truth")},
	}
	predicted, err := r.Predictions(teacher, split)
	if err != nil {
		return t, err
	}
	for _, row := range spread(predicted, n) {
		hard := distill.Hard{}.Label(row.P, row.Label)
		verdict := "agree"
		if hard != row.Label {
			verdict = "differ"
		}
		t.Add(row.ID, fmt.Sprint(row.Label), table.Fixed(row.P, table.Decimals), fmt.Sprint(hard), table.Fixed(r.Recipe.SoftLabels.Label(row.P, row.Label), table.Decimals), verdict)
	}
	return t, nil
}
