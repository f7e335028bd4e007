package report

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"distillation/kdlib/chart"
	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/table"

	"gonum.org/v1/plot"
)

// thresholds are steps of a size from one step to the last below 1.
func thresholds(steps int) []float64 {
	var all []float64
	for i := 1; i < steps; i++ {
		all = append(all, float64(i)/float64(steps))
	}
	return all
}

// sweep counts a model's predictions on ground-truth labels of a set at each threshold.
func (r *Study) sweep(model string, split predictions.Split, at []float64) ([]metrics.Confusion, error) {
	predicted, err := r.Predictions(model, split)
	if err != nil {
		return nil, err
	}
	counts, err := metrics.Sweep(predicted.P(), predicted.Labels(), at)
	if err != nil {
		return nil, fmt.Errorf("report: %s on %s: %w", model, split, err)
	}
	return counts, nil
}

// overThresholds is a model's curve of what its counts at the thresholds give.
func overThresholds(model string, at []float64, counts []metrics.Confusion, of func(metrics.Confusion) float64) chart.Curve {
	c := chart.Curve{Name: model, X: at}
	for _, one := range counts {
		c.Y = append(c.Y, of(one))
	}
	return c
}

// numbers of the formulas that metrics have in the paper.
var numbered = map[string]string{metrics.Accuracy.Name: "accuracy (12)"}

// ThresholdFigure draws a metric on ground-truth labels of a set against the threshold.
func (r *Study) ThresholdFigure(split predictions.Split, metric metrics.Metric, models ...string) (*plot.Plot, error) {
	at := thresholds(100)
	var curves []chart.Curve
	for _, model := range models {
		counts, err := r.sweep(model, split, at)
		if err != nil {
			return nil, err
		}
		if math.IsNaN(metric.In(counts[0])) {
			return nil, fmt.Errorf("report: %s on %s: %s: %w", model, split, metric.Name, metrics.ErrOneClass)
		}
		curves = append(curves, overThresholds(model, at, counts, metric.Of))
	}
	name := numbered[metric.Name]
	if name == "" {
		name = metric.Name
	}
	title := strings.ToUpper(metric.Name[:1]) + metric.Name[1:]
	return chart.Lines(chart.Axes{Title: fmt.Sprintf("%s on the %s set at every threshold", title, split), X: "threshold th", Y: name}, curves...)
}

// SweepTable gives every metric of models on ground-truth labels of a set at the thresholds 0.05, 0.1, ..., 0.95.
func (r *Study) SweepTable(split predictions.Split, models ...string) (table.Table, error) {
	t := table.Table{Title: fmt.Sprintf("Threshold sweep on the %s set, ground truth", split),
		Columns: []table.Column{table.Text("model"), table.Number("threshold")}}
	for _, m := range metrics.Metrics {
		t.Columns = append(t.Columns, table.Number(m.Name))
	}
	at := thresholds(20)
	for _, model := range models {
		counts, err := r.sweep(model, split, at)
		if err != nil {
			return t, err
		}
		for i, c := range counts {
			row := []string{model, fmt.Sprint(at[i])}
			for _, m := range metrics.Metrics {
				row = append(row, known(m.In(c)))
			}
			t.Add(row...)
		}
	}
	return t, nil
}

// BestThresholdTable chooses each model's threshold by a metric on the validation set and reports the result on the test set,
// beside that of the paper's threshold. Both use ground-truth labels.
func (r *Study) BestThresholdTable(metric metrics.Metric, models ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("The threshold of the best %s, chosen on validation, reported on test", metric.Name),
		Columns: []table.Column{table.Text("model"), table.Number("threshold"), table.Number("on validation"), table.Number("on test"),
			table.Number(fmt.Sprintf("on test at %v", distill.Threshold)), table.Number("gained")},
	}
	for _, model := range models {
		validation, test, err := r.ValidationAndTest(model)
		if err != nil {
			return t, err
		}
		threshold, best, err := metrics.BestThreshold(validation.P(), validation.Labels(), metric)
		if err != nil {
			return t, err
		}
		counts, err := metrics.Sweep(test.P(), test.Labels(), []float64{threshold, distill.Threshold})
		if err != nil {
			return t, err
		}
		chosen, usual := metric.In(counts[0]), metric.In(counts[1])
		gained := ""
		if !math.IsNaN(chosen) {
			gained = table.Signed(chosen-usual, table.Decimals)
		}
		t.Add(model, fmt.Sprintf("%.4f", threshold), table.Fixed(best, table.Decimals), known(chosen), known(usual), gained)
	}
	return t, nil
}

// diagonal is what predictions without any knowledge reach on a ROC curve, and what calibrated predictions are.
func diagonal(name string) chart.Curve {
	return chart.Curve{Name: name, X: []float64{0, 1}, Y: []float64{0, 1}}
}

// CurvesFigure draws the ROC curves and the precision-recall curves of models on ground-truth labels of a set, side by
// side, with a ring at a threshold.
func (r *Study) CurvesFigure(split predictions.Split, threshold float64, models ...string) (*plot.Plot, error) {
	mark := fmt.Sprintf("threshold %v", threshold)
	roc := chart.Square{Axes: chart.Axes{Title: "ROC", X: "false positive rate: cats called dogs", Y: "true positive rate: dogs found"}, MarkName: mark,
		Reference: diagonal("chance")}
	pr := chart.Square{Axes: chart.Axes{Title: "Precision and recall", X: "recall: dogs found", Y: "precision: dogs among “dogs”"}, MarkName: mark}
	for _, model := range models {
		predicted, err := r.Predictions(model, split)
		if err != nil {
			return nil, err
		}
		p, y := predicted.P(), predicted.Labels()
		points, err1 := metrics.ROC(p, y)
		precision, err2 := metrics.PrecisionRecall(p, y)
		c, err3 := metrics.NewConfusion(p, y, threshold)
		if err := cmp.Or(err1, err2, err3); err != nil {
			return nil, fmt.Errorf("report: %s on %s: %w", model, split, err)
		}
		roc.Curves, pr.Curves = append(roc.Curves, line(model, points)), append(pr.Curves, line(model, precision))
		recall := metrics.Recall.Of(c)
		roc.Marks = append(roc.Marks, chart.Points{Name: model, X: []float64{metrics.FalsePositiveRate.Of(c)}, Y: []float64{recall}})
		if c.TruePositive+c.FalsePositive > 0 { // else there is no precision
			pr.Marks = append(pr.Marks, chart.Points{Name: model, X: []float64{recall}, Y: []float64{metrics.Precision.Of(c)}})
		}
		dogs := float64(c.TruePositive+c.FalseNegative) / float64(c.N())
		pr.Reference = chart.Curve{Name: "chance", X: []float64{0, 1}, Y: []float64{dogs, dogs}}
	}
	left, err := roc.Plot()
	if err != nil {
		return nil, err
	}
	right, err := pr.Plot()
	if err != nil {
		return nil, err
	}
	return chart.Beside(fmt.Sprintf("Every threshold at once: the %s set, ground truth", split), left, right), nil
}

// line leaves out points in the middle of a straight line: a figure is the same without them.
func line(name string, points []metrics.Point) chart.Curve {
	c := chart.Curve{Name: name}
	for i, p := range points {
		if i > 0 && i+1 < len(points) && straight(points[i-1], p, points[i+1]) {
			continue
		}
		c.X, c.Y = append(c.X, p.X), append(c.Y, p.Y)
	}
	return c
}

// straight tells whether b lies between a and c on a line along an axis.
func straight(a, b, c metrics.Point) bool {
	return a.X == b.X && b.X == c.X || a.Y == b.Y && b.Y == c.Y
}
