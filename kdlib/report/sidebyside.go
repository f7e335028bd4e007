package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"distillation/kdlib/distill"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"
)

// SideBySide sets the models that two studies both have beside each other, on the ground-truth labels of the test set: accuracy (12),
// uncertainty (15), calibration error. Where both predicted the same pictures, a p-value of McNemar's exact test tells whether chance
// explains the difference of the accuracies. It is an error if they have no model in common.
func SideBySide(a, b *Study) (table.Table, error) {
	first, second := analysis.DirNames(a.Study, b.Study)
	t := table.Table{
		Title:   fmt.Sprintf("%s and %s, test set, ground truth", first, second),
		Columns: []table.Column{table.Text("model")},
	}
	for _, q := range a.overSeeds() {
		t.Columns = append(t.Columns, table.Number(q.name+" of "+first), table.Number("of "+second), table.Number("difference"))
	}
	t.Columns = append(t.Columns, table.Number("p-value"))
	for _, model := range a.Models() {
		if a.Finished(model) != nil || !slices.Contains(b.Models(), model) || b.Finished(model) != nil {
			continue
		}
		row := []string{model}
		theirs := b.overSeeds()
		for i, q := range a.overSeeds() {
			x, err := q.of(model)
			if err != nil {
				return t, err
			}
			y, err := theirs[i].of(model)
			if err != nil {
				return t, err
			}
			row = append(row, table.Fixed(x, table.Decimals), table.Fixed(y, table.Decimals), table.Signed(y-x, table.Decimals))
		}
		p, err := mcnemar(a, b, model)
		if err != nil {
			return t, err
		}
		t.Add(append(row, p)...)
	}
	if len(t.Rows) == 0 {
		return t, fmt.Errorf("report: %s and %s: got no finished model of both, among %q and %q", a.Dir, b.Dir, a.Models(), b.Models())
	}
	if slices.ContainsFunc(t.Rows, func(row []string) bool { return row[len(row)-1] == "" }) {
		t.Notes = append(t.Notes, "no p-value: the two test sets are not the same pictures")
	}
	return t, nil
}

// mcnemar is the p-value of a model's two accuracies, empty where the pictures are not the same.
func mcnemar(a, b *Study, model string) (string, error) {
	x, err := a.Predictions(model, predictions.Test)
	if err != nil {
		return "", err
	}
	y, err := b.Predictions(model, predictions.Test)
	if err != nil {
		return "", err
	}
	if !samePictures(x, y) {
		return "", nil
	}
	both, err := analysis.Align([]predictions.Table{x, y}, predictions.Test, []string{model, model})
	if err != nil {
		return "", err
	}
	pairs := make([]analysis.Pair, len(x))
	for i, row := range both[0] {
		pairs[i] = analysis.Pair{Row: row, Other: both[1][i].P}
	}
	return table.PValue(analysis.Compare(pairs, distill.Threshold).P()), nil
}

func samePictures(x, y predictions.Table) bool {
	return slices.Equal(slices.Sorted(slices.Values(x.IDs())), slices.Sorted(slices.Values(y.IDs())))
}

// RecipesTable lists what two studies' recipes differ in, by the fields' paths in JSON.
func RecipesTable(a, b *Study) (table.Table, error) {
	first, second := analysis.DirNames(a.Study, b.Study)
	t := table.Table{
		Title:   fmt.Sprintf("What the recipes of %s and %s differ in", first, second),
		Columns: []table.Column{table.Text("field"), table.Text(first), table.Text(second)},
	}
	x, err := fields(a)
	if err != nil {
		return t, err
	}
	y, err := fields(b)
	if err != nil {
		return t, err
	}
	all := maps.Clone(x)
	maps.Copy(all, y)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if x[name] != y[name] {
			t.Add(name, x[name], y[name])
		}
	}
	return t, nil
}

// fields are those of a recipe's JSON that hold no others, by their paths.
func fields(r *Study) (map[string]string, error) {
	text, err := json.Marshal(r.Recipe)
	if err != nil {
		return nil, fmt.Errorf("report: %s: %w", r.Dir, err)
	}
	all := map[string]string{}
	flatten(all, "", text)
	return all, nil
}

func flatten(into map[string]string, path string, text json.RawMessage) {
	var inner map[string]json.RawMessage
	if json.Unmarshal(text, &inner) != nil {
		into[path] = string(text)
		return
	}
	for name, value := range inner {
		if path != "" {
			name = path + "." + name
		}
		flatten(into, name, value)
	}
}

// Beside are the tables of two studies side by side.
func Beside(a, b *Study) []NamedTable {
	return []NamedTable{
		{"recipes.csv", func() (table.Table, error) { return RecipesTable(a, b) }},
		{"side_by_side.csv", func() (table.Table, error) { return SideBySide(a, b) }},
	}
}
