package results

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"distillation/kdlib/label"
	"distillation/kdlib/paper"
	"distillation/kdlib/pred"
	"distillation/kdlib/score"
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
		accuracy, err1 := r.overSeeds(model, r.still)
		uncertainty, err2 := r.overSeeds(model, r.unsure)
		if err := errors.Join(err1, err2); err != nil {
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

// overSeeds is a quantity of every repetition of a student, in the order of the seeds.
func (r *Run) overSeeds(student string, quantity func(model string) (float64, error)) ([]float64, error) {
	var values []float64
	for _, model := range r.Seeds(student) {
		v, err := quantity(model)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// still and moved are a model's accuracy (12) on hand labels of the test set, as it is and in the mean over the repetitions with
// augmentation; unsure is its uncertainty (15) on the set as it is.
func (r *Run) still(model string) (float64, error) {
	s, err := r.Score(model, pred.Test, HandLabels, label.Threshold)
	return s.Accuracy, err
}

func (r *Run) moved(model string) (float64, error) {
	repetitions, err := r.Augmented(model)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, answers := range repetitions {
		s, err := score.Of(answers.P(), answers.Labels(), label.Threshold)
		if err != nil {
			return 0, err
		}
		sum += s.Accuracy
	}
	return sum / float64(len(repetitions)), nil
}

func (r *Run) unsure(model string) (float64, error) {
	s, err := r.Score(model, pred.Test, HandLabels, label.Threshold)
	return s.Uncertainty, err
}
