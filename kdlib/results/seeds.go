package results

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"distillation/kdlib/label"
	"distillation/kdlib/paper"
	"distillation/kdlib/pred"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/stat"
)

// seedMark stands between a model's name and the seed that it was trained again from.
const seedMark = "-seed"

// Repeated names a model that was trained again in the same way from another seed: "classical-seed2".
func Repeated(model string, seed uint64) string {
	return model + seedMark + strconv.FormatUint(seed, 10)
}

// Seeds lists a model and those that were trained again from other seeds (see Repeated), as far as
// the study's folder holds answers of theirs on the test set, in the order of the seeds.
func (r *Run) Seeds(model string) ([]string, error) {
	entries, err := os.ReadDir(r.Dir)
	if err != nil {
		return nil, fmt.Errorf("results: %w", err)
	}
	var seeds []uint64
	for _, e := range entries {
		text, ok := strings.CutPrefix(e.Name(), model+seedMark)
		if !ok {
			continue
		}
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			continue // another model's
		}
		if _, err := os.Stat(PredictionPath(r.Dir, e.Name(), pred.Test)); err == nil {
			seeds = append(seeds, seed)
		}
	}
	slices.Sort(seeds)
	names := []string{model}
	for _, seed := range seeds {
		names = append(names, Repeated(model, seed))
	}
	return names, nil
}

// SpreadTable tells how far training from another seed moves the students: accuracy (12) and uncertainty
// (15) on hand labels of the test set over the repetitions of each. Students that were trained once are
// left out; it has no rows if all were.
func (r *Run) SpreadTable() (table.Table, error) {
	t := table.Table{
		Title:   "Students trained again from other seeds, test set, hand labels",
		Columns: []table.Column{table.Text("model"), table.Number("seeds"), table.Text("quantity")},
	}
	for _, name := range []string{"mean", "standard deviation", "smallest", "largest", "printed"} {
		t.Columns = append(t.Columns, table.Number(name))
	}
	for _, model := range []string{paper.Classical, paper.Hard, paper.Soft} {
		accuracy, uncertainty, err := r.overSeeds(model)
		if err != nil {
			return t, err
		}
		if len(accuracy) < 2 {
			continue
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
	names, err := r.Seeds(model)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		s, err := r.Score(name, pred.Test, HandLabels, label.Threshold)
		if err != nil {
			return nil, nil, err
		}
		accuracy, uncertainty = append(accuracy, s.Accuracy), append(uncertainty, s.Uncertainty)
	}
	return accuracy, uncertainty, nil
}
