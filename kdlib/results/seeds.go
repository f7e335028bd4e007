package results

import (
	"fmt"
	"slices"
	"strconv"

	"distillation/kdlib/label"
	"distillation/kdlib/paper"
	"distillation/kdlib/pred"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/stat"
)

// Repeated names a model that was trained again in the same way from another seed: "classical-seed2".
func Repeated(model string, seed uint64) string {
	return model + "-seed" + strconv.FormatUint(seed, 10)
}

// Seeds lists a student and those that were trained again from other seeds (see Repeated), in the order of the seeds.
func (r *Run) Seeds(student string) []string {
	names := []string{student}
	for _, seed := range r.Recipe.FurtherSeeds() {
		names = append(names, Repeated(student, seed))
	}
	return names
}

// SpreadTable tells how far training from another seed moves the students: accuracy (12) and uncertainty
// (15) on hand labels of the test set over the repetitions of each. It has no rows in a study that trains
// each student once.
func (r *Run) SpreadTable() (table.Table, error) {
	t := table.Table{
		Title:   "Students trained again from other seeds, test set, hand labels",
		Columns: []table.Column{table.Text("model"), table.Number("seeds"), table.Text("quantity")},
	}
	for _, name := range []string{"mean", "standard deviation", "smallest", "largest", "printed"} {
		t.Columns = append(t.Columns, table.Number(name))
	}
	if r.Recipe.Seeds < 2 {
		return t, nil
	}
	for _, model := range students {
		accuracy, uncertainty, err := r.overSeeds(model)
		if err != nil {
			return t, err
		}
		printed, _ := paper.LookupUncertainty(model, pred.Test)
		t.Add(spreadRow(model, "accuracy (12)", accuracy, printed.Accuracy.Text)...)
		t.Add(spreadRow(model, "unc (15)", uncertainty, printed.Uncertainty.Text)...)
	}
	return t, nil
}

func spreadRow(model, quantity string, values []float64, printed string) []string {
	mean, deviation := stat.MeanStdDev(values, nil)
	return []string{model, fmt.Sprint(len(values)), quantity, table.Fixed(mean, table.Decimals), table.Fixed(deviation, table.Decimals),
		table.Fixed(slices.Min(values), table.Decimals), table.Fixed(slices.Max(values), table.Decimals), printed}
}

// overSeeds measures every repetition of a model on hand labels of the test set.
func (r *Run) overSeeds(model string) (accuracy, uncertainty []float64, err error) {
	for _, name := range r.Seeds(model) {
		s, err := r.Score(name, pred.Test, HandLabels, label.Threshold)
		if err != nil {
			return nil, nil, err
		}
		accuracy, uncertainty = append(accuracy, s.Accuracy), append(uncertainty, s.Uncertainty)
	}
	return accuracy, uncertainty, nil
}
