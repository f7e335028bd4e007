package report

import (
	"fmt"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"
)

// intervalColumn is a column for intervalCell.
func intervalColumn(quantity string) table.Column {
	return table.Text(fmt.Sprintf("%s, %.0f %%", quantity, 100*stats.Confidence))
}

func intervalCell(i stats.Interval) string {
	return table.Fixed(i.Low, table.Decimals) + " to " + table.Fixed(i.High, table.Decimals)
}

// IntervalsTable gives each model's results on ground-truth labels of a set with intervals: how far the choice of pictures may
// have moved them. Accuracy has Wilson's interval, all others a bootstrap interval.
func (r *Study) IntervalsTable(split predictions.Split, models ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("The %s set, ground truth, threshold %v: numbers and their intervals", split, distill.Threshold),
		Columns: []table.Column{table.Text("model"), table.Text("quantity"), table.Number("value"), table.Number("low"), table.Number("high"),
			table.Text("interval")},
		Notes: []string{fmt.Sprintf("intervals of %.0f %%; bootstrap: %d draws of as many cats and dogs as the set has, percentiles, seed %d",
			100*stats.Confidence, stats.DefaultBootstrap.Resamples, stats.DefaultBootstrap.Seed),
			"the calibration error of a draw tends to be above that of the set, since bins hold fewer different pictures: its interval lies high"},
	}
	for _, model := range models {
		predicted, err := r.Predictions(model, split)
		if err != nil {
			return t, err
		}
		counts, err := metrics.NewConfusion(predicted.P(), predicted.Labels(), distill.Threshold)
		if err != nil {
			return t, err
		}
		wilson, err := stats.Wilson(counts.TruePositive+counts.TrueNegative, counts.N(), stats.Confidence)
		if err != nil {
			return t, err
		}
		t.Add(intervalRow(model, "accuracy (12)", metrics.Accuracy.Of(counts), wilson, "Wilson")...)
		values, intervals, err := analysis.BootstrapQualities(predicted)
		if err != nil {
			return t, fmt.Errorf("report: %s on %s: %w", model, split, err)
		}
		s, err := analysis.Predicted(predicted).Summarize(predicted.Labels(), distill.Threshold)
		if err != nil {
			return t, err
		}
		t.Notes = append(t.Notes, clampedNotes(model, s)...)
		for i, q := range analysis.Qualities {
			t.Add(intervalRow(model, q.Name, values[i], intervals[i], "bootstrap")...)
		}
	}
	return t, nil
}

func intervalRow(model, quantity string, value float64, i stats.Interval, kind string) []string {
	return []string{model, quantity, known(value), known(i.Low), known(i.High), kind}
}
