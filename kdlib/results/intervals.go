package results

import (
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/calibration"
	"distillation/kdlib/curve"
	"distillation/kdlib/interval"
	"distillation/kdlib/label"
	"distillation/kdlib/pred"
	"distillation/kdlib/score"
	"distillation/kdlib/table"
)

// answered holds a model's answers and the labels that they are measured on.
type answered struct {
	p, y  []float64
	class []int // by hand; draws of a bootstrap keep so many of each
}

// on measures answers on hand labels, or on those that the model was taught.
func (r *Run) on(model string, set pred.Set, answers pred.Table, labels string) (answered, error) {
	a := answered{answers.P(), answers.Labels(), classes(answers)}
	if labels == TeacherLabels {
		var err error
		if a.y, err = r.TaughtLabels(model, set); err != nil {
			return a, err
		}
	}
	return a, nil
}

func classes(answers pred.Table) []int {
	class := make([]int, len(answers))
	for i, row := range answers {
		class[i] = label.Class(row.Label, label.Threshold)
	}
	return class
}

// measured is a summary with the intervals of its numbers.
type measured struct {
	score.Summary
	accuracy          interval.Interval // Wilson's
	loss, uncertainty interval.Interval // by bootstrap
}

// withIntervals measures each of the answers. Those on the same pictures share their draws, which makes
// many models as cheap as one.
func withIntervals(all []answered, threshold float64) ([]measured, error) {
	out := make([]measured, len(all))
	var columns []column
	for i, a := range all {
		s, err := score.Of(a.p, a.y, threshold)
		if err != nil {
			return nil, err
		}
		out[i].Summary = s
		right := int(math.Round(s.Accuracy * float64(s.N)))
		if out[i].accuracy, err = interval.Wilson(right, s.N, interval.Confidence); err != nil {
			return nil, err
		}
		loss, uncertainty := make([]float64, len(a.p)), make([]float64, len(a.p))
		for k, p := range a.p {
			loss[k] = score.CrossEntropy(p, a.y[k])
			uncertainty[k] = score.Doubt(p, threshold)
		}
		columns = append(columns, column{a.class, loss, &out[i].loss}, column{a.class, uncertainty, &out[i].uncertainty})
	}
	return out, bootstrapMeans(columns)
}

// column holds a value for each picture, and the place for the interval of their mean.
type column struct {
	class  []int
	values []float64
	into   *interval.Interval
}

// bootstrapMeans fills the intervals, with one round of draws for all columns on the same pictures.
func bootstrapMeans(columns []column) error {
	for len(columns) > 0 {
		var same, others []column
		for _, c := range columns {
			if slices.Equal(c.class, columns[0].class) {
				same = append(same, c)
			} else {
				others = append(others, c)
			}
		}
		intervals, err := interval.Standard.Of(columns[0].class, func(rows []int) ([]float64, error) {
			means := make([]float64, len(same))
			for i, c := range same {
				means[i] = meanOf(c.values, rows)
			}
			return means, nil
		})
		if err != nil {
			return err
		}
		for i, c := range same {
			*c.into = intervals[i]
		}
		columns = others
	}
	return nil
}

// bootstrapOne is the interval of one statistic of rows.
func bootstrapOne(class []int, statistic func(rows []int) float64) (interval.Interval, error) {
	intervals, err := interval.Standard.Of(class, func(rows []int) ([]float64, error) { return []float64{statistic(rows)}, nil })
	if err != nil {
		return interval.Interval{}, err
	}
	return intervals[0], nil
}

func meanOf(values []float64, rows []int) float64 {
	sum := 0.0
	for _, row := range rows {
		sum += values[row]
	}
	return sum / float64(len(rows))
}

// intervalColumn is a column for intervalCell.
func intervalColumn(quantity string) table.Column {
	return table.Text(fmt.Sprintf("%s, %.0f %%", quantity, 100*interval.Confidence))
}

func intervalCell(i interval.Interval) string {
	return table.Fixed(i.Low, table.Decimals) + " to " + table.Fixed(i.High, table.Decimals)
}

// quality is a number that tells how good answers are on hand labels.
type quality struct {
	name    string
	measure func(p, y []float64) (float64, error)
}

// qualities are measured of the whole set at once; accuracy has its own interval.
var qualities = []quality{
	{"area below ROC", func(p, y []float64) (float64, error) {
		roc, err := curve.ROC(p, y)
		if err != nil {
			return 0, err
		}
		return curve.AUC(roc), nil
	}},
	{"average precision", func(p, y []float64) (float64, error) {
		pr, err := curve.PrecisionRecall(p, y)
		if err != nil {
			return 0, err
		}
		return curve.AveragePrecision(pr), nil
	}},
	{"F1", func(p, y []float64) (float64, error) {
		c, err := curve.Count(p, y, label.Threshold)
		return curve.F1.Of(c), err
	}},
	{"loss (2)", score.Loss},
	{"unc (15)", func(p, _ []float64) (float64, error) { return score.Uncertainty(p, label.Threshold) }},
	{"Brier score", calibration.Brier},
	{"calibration error", func(p, y []float64) (float64, error) {
		bins, err := calibration.Bins(p, y, calibration.Width)
		if err != nil {
			return 0, err
		}
		return calibration.ECE(bins), nil
	}},
}

// IntervalsTable gives what each model reaches on hand labels of a set, and how far chance in the choice of
// the pictures may have moved it: Wilson's interval for accuracy, bootstrap for the others.
func (r *Run) IntervalsTable(set pred.Set, models ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("The %s set, hand labels, threshold %v: numbers and their intervals", set, label.Threshold),
		Columns: []table.Column{table.Text("model"), table.Text("quantity"), table.Number("value"), table.Number("low"), table.Number("high"),
			table.Text("interval")},
		Notes: []string{fmt.Sprintf("intervals of %.0f %%; bootstrap: %d draws of as many cats and dogs as the set has, percentiles, seed %d",
			100*interval.Confidence, interval.Standard.Draws, interval.Standard.Seed),
			"the calibration error of a draw tends to be above that of the set, since bins hold fewer different pictures: its interval lies high"},
	}
	for _, model := range models {
		answers, err := r.Predictions(model, set)
		if err != nil {
			return t, err
		}
		counts, err := curve.Count(answers.P(), answers.Labels(), label.Threshold)
		if err != nil {
			return t, err
		}
		wilson, err := interval.Wilson(counts.TruePositive+counts.TrueNegative, counts.N(), interval.Confidence)
		if err != nil {
			return t, err
		}
		t.Add(intervalRow(model, "accuracy (12)", curve.Accuracy.Of(counts), wilson, "Wilson")...)
		values, intervals, err := bootstrapQualities(answers)
		if err != nil {
			return t, fmt.Errorf("results: %s on %s: %w", model, set, err)
		}
		for i, q := range qualities {
			t.Add(intervalRow(model, q.name, values[i], intervals[i], "bootstrap")...)
		}
	}
	return t, nil
}

func intervalRow(model, quantity string, value float64, i interval.Interval, kind string) []string {
	return []string{model, quantity, table.Fixed(value, table.Decimals), table.Fixed(i.Low, table.Decimals), table.Fixed(i.High, table.Decimals), kind}
}

// bootstrapQualities measures all qualities, of the answers and of draws from them. Draws are the same as those of
// withIntervals; they are measured in the order of the answers' p, which spares most of the sorting that curves need.
func bootstrapQualities(answers pred.Table) (values []float64, intervals []interval.Interval, err error) {
	order := make([]int, len(answers)) // rows in the order of p
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return byP(answers[a], answers[b]) })
	place := make([]int, len(order))
	for i, row := range order {
		place[row] = i
	}
	places := make([]int, len(order))
	p, y := make([]float64, len(order)), make([]float64, len(order))
	measure := func(rows []int) ([]float64, error) {
		for i, row := range rows {
			places[i] = place[row]
		}
		slices.Sort(places)
		for i, at := range places {
			p[i], y[i] = answers[order[at]].P, answers[order[at]].Label
		}
		return measureQualities(p, y)
	}
	if values, err = measure(order); err != nil {
		return nil, nil, err
	}
	intervals, err = interval.Standard.Of(classes(answers), measure)
	return values, intervals, err
}

func measureQualities(p, y []float64) ([]float64, error) {
	values := make([]float64, len(qualities))
	for i, q := range qualities {
		var err error
		if values[i], err = q.measure(p, y); err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
	}
	return values, nil
}
