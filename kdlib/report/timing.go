package report

import (
	"fmt"
	"slices"

	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"
)

// TimingTable is section 4.1: one picture at a time, as in the paper, and the batches of the recipe.
func (r *Study) TimingTable() (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Time for one picture, %dx%d (section 4.1)", r.Recipe.Timing.Size, r.Recipe.Timing.Size),
		Columns: slices.Concat([]table.Column{table.Text("network"), table.Number("at a time"), table.Number("pictures")}, versus("median s"),
			[]table.Column{table.Number("10 %"), table.Number("90 %"), table.Number("prepare s"), table.Number("first s"), intervalColumn("median")}),
		Notes: []string{"first: the call that compiles the program, or loads it; prepare: the median time to read, decode and resize; neither is in the median",
			"ratio: of the medians, ResNet-50 to ResNet-18",
			"intervals: bootstrap of blocks of calls, since calls that follow one another are alike; they are about this session, another may differ by more"},
	}
	for _, batch := range r.Recipe.Timing.Batches() {
		var spent []analysis.Latency
		for _, pair := range analysis.Timed {
			s, err := r.Latency(pair.Network, batch)
			if err != nil {
				return t, err
			}
			spent = append(spent, s)
			off, err := analysis.BootstrapMedian(s.Inference)
			if err != nil {
				return t, err
			}
			t.Add(slices.Concat([]string{pair.Printed, fmt.Sprint(batch), fmt.Sprint(s.Images)}, table.Versus(analysis.Median(s.Inference), printedTime(s, batch)),
				[]string{table.Fixed(analysis.Quantile(0.1, s.Inference), table.Decimals), table.Fixed(analysis.Quantile(0.9, s.Inference), table.Decimals),
					table.Fixed(analysis.Median(s.Prepare), table.Decimals), table.Fixed(s.First, 2), intervalCell(off)})...)
		}
		slow, fast := spent[0], spent[1]
		ratio, err := analysis.BootstrapRatio(slow.Inference, fast.Inference)
		if err != nil {
			return t, err
		}
		printed := ""
		if batch == 1 {
			printed = table.Fixed(slow.PaperInference.SecondsPerImage.Value/fast.PaperInference.SecondsPerImage.Value, table.Decimals)
		}
		t.Add(slices.Concat([]string{"ratio", fmt.Sprint(batch), fmt.Sprint(fast.Images)}, table.Versus(analysis.Median(slow.Inference)/analysis.Median(fast.Inference), printed),
			[]string{"", "", "", "", intervalCell(ratio)})...)
	}
	return t, nil
}

// printedTime is the paper's time, which is of one picture at a time.
func printedTime(s analysis.Latency, batch int) string {
	if batch > 1 {
		return ""
	}
	return s.PaperInference.SecondsPerImage.Text
}
