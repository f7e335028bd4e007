package analysis

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
)

// Labelled holds a model's predictions and the labels that they are measured on.
type Labelled struct {
	metrics.Predicted
	Y     []float64
	Class []int // ground truth; draws of a bootstrap keep so many of each
}

// Labelled pairs predictions with ground-truth labels, or with the labels that the model was trained on.
func (r *Study) Labelled(model string, split predictions.Split, predicted predictions.Table, labels string) (Labelled, error) {
	a := Labelled{Predicted(predicted), predicted.Labels(), Classes(predicted)}
	if labels == TeacherLabels {
		var err error
		if a.Y, err = r.TrainingLabels(model, split); err != nil {
			return a, err
		}
	}
	return a, nil
}

// Predicted are the predictions of a table, with their logits where it has them.
func Predicted(predicted predictions.Table) metrics.Predicted {
	return metrics.Predicted{P: predicted.P(), Logits: predicted.Logits()}
}

// Classes are the classes (0 or 1) of the ground-truth labels, in order.
func Classes(predicted predictions.Table) []int {
	return classes(predicted.Labels(), distill.Threshold)
}

// Measured is a summary with the intervals of its numbers.
type Measured struct {
	metrics.Summary
	AccuracyInterval                  stats.Interval // Wilson's; of MeanOfRepetitions by bootstrap
	LossInterval, UncertaintyInterval stats.Interval // by bootstrap
}

// WithIntervals measures each set of predictions. Those on the same pictures share their draws, so many models cost little more
// than one.
func WithIntervals(all []Labelled, threshold float64) ([]Measured, error) {
	out := make([]Measured, len(all))
	var columns []Column
	for i, a := range all {
		s, err := a.Summarize(a.Y, threshold)
		if err != nil {
			return nil, err
		}
		out[i].Summary = s
		right := int(math.Round(s.Accuracy * float64(s.N)))
		if out[i].AccuracyInterval, err = stats.Wilson(right, s.N, stats.Confidence); err != nil {
			return nil, err
		}
		loss, uncertainty := make([]float64, len(a.P)), metrics.Doubts(a.P, threshold)
		for k := range a.P {
			loss[k] = a.CrossEntropy(k, a.Y[k])
		}
		columns = append(columns, Column{a.Class, loss, &out[i].LossInterval}, Column{a.Class, uncertainty, &out[i].UncertaintyInterval})
	}
	return out, BootstrapMeans(columns)
}

// Column holds a value for each picture, and the place for the interval of their mean.
type Column struct {
	Class  []int
	Values []float64
	Into   *stats.Interval
}

// BootstrapMeans fills the intervals. Columns on the same pictures share one round of draws.
func BootstrapMeans(columns []Column) error {
	for len(columns) > 0 {
		var same, others []Column
		for _, c := range columns {
			if slices.Equal(c.Class, columns[0].Class) {
				same = append(same, c)
			} else {
				others = append(others, c)
			}
		}
		intervals, err := stats.DefaultBootstrap.Of(columns[0].Class, func(rows []int) ([]float64, error) {
			means := make([]float64, len(same))
			for i, c := range same {
				means[i] = meanOf(c.Values, rows)
			}
			return means, nil
		})
		if err != nil {
			return err
		}
		for i, c := range same {
			*c.Into = intervals[i]
		}
		columns = others
	}
	return nil
}

// bootstrapOne is the interval of one statistic of rows.
func bootstrapOne(class []int, statistic func(rows []int) float64) (stats.Interval, error) {
	intervals, err := stats.DefaultBootstrap.Of(class, func(rows []int) ([]float64, error) { return []float64{statistic(rows)}, nil })
	if err != nil {
		return stats.Interval{}, err
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

// Quality is a number that tells how good predictions are on ground-truth labels. One that needs pictures of both classes is
// metrics.ErrOneClass, or NaN, where a set has one.
type Quality struct {
	Name    string
	Measure func(a metrics.Predicted, y []float64) (float64, error)
}

// Qualities are measured on the whole set at once. Accuracy has its own interval.
var Qualities = []Quality{
	{"area below ROC", func(a metrics.Predicted, y []float64) (float64, error) {
		roc, err := metrics.ROC(a.P, y)
		if err != nil {
			return 0, err
		}
		return metrics.AUC(roc), nil
	}},
	{"average precision", func(a metrics.Predicted, y []float64) (float64, error) {
		pr, err := metrics.PrecisionRecall(a.P, y)
		if err != nil {
			return 0, err
		}
		return metrics.AveragePrecision(pr), nil
	}},
	{"F1", func(a metrics.Predicted, y []float64) (float64, error) {
		c, err := metrics.NewConfusion(a.P, y, distill.Threshold)
		return metrics.F1.In(c), err
	}},
	{"loss (2)", metrics.Predicted.LogLoss},
	{"unc (15)", func(a metrics.Predicted, _ []float64) (float64, error) {
		return metrics.Uncertainty(a.P, distill.Threshold)
	}},
	{"Brier score", func(a metrics.Predicted, y []float64) (float64, error) { return metrics.BrierScore(a.P, y) }},
	{"calibration error", func(a metrics.Predicted, y []float64) (float64, error) {
		bins, err := metrics.CalibrationCurve(a.P, y, metrics.CalibrationWidth)
		if err != nil {
			return 0, err
		}
		return metrics.ECE(bins), nil
	}},
}

// BootstrapQualities measures all qualities, of the predictions and of draws from them. The draws are those of WithIntervals,
// but measured in the order of the predictions' p, which spares most of the sorting that curves need. A quality that a set of
// one class does not have is NaN.
func BootstrapQualities(predicted predictions.Table) (values []float64, intervals []stats.Interval, err error) {
	byP := orderRows(len(predicted), func(a, b int) int { return ByP(predicted[a], predicted[b]) })
	y := make([]float64, len(predicted))
	a := metrics.Predicted{P: make([]float64, len(predicted)), Logits: predicted.Logits()} // the logits are replaced, if there are any
	draw := func(rows []int) {
		byP.each(rows, func(i, row int) {
			a.P[i], y[i] = predicted[row].P, predicted[row].Label
			if a.Logits != nil {
				a.Logits[i] = predicted[row].Logit
			}
		})
	}
	draw(byP.order)
	if values, err = measureQualities(Qualities, a, y); err != nil {
		return nil, nil, err
	}
	there := defined(values)
	drawn, err := stats.DefaultBootstrap.Of(Classes(predicted), func(rows []int) ([]float64, error) {
		draw(rows)
		return measureQualities(there, a, y)
	})
	for _, v := range values {
		if math.IsNaN(v) {
			intervals = append(intervals, stats.Interval{Low: v, High: v})
		} else if err == nil {
			intervals, drawn = append(intervals, drawn[0]), drawn[1:]
		}
	}
	return values, intervals, err
}

// defined are the qualities that have a value: those of draws, too, which have as many pictures of each class.
func defined(values []float64) (there []Quality) {
	for i, v := range values {
		if !math.IsNaN(v) {
			there = append(there, Qualities[i])
		}
	}
	return there
}

func measureQualities(qualities []Quality, a metrics.Predicted, y []float64) ([]float64, error) {
	values := make([]float64, len(qualities))
	for i, q := range qualities {
		value, err := q.Measure(a, y)
		if errors.Is(err, metrics.ErrOneClass) {
			value, err = math.NaN(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.Name, err)
		}
		values[i] = value
	}
	return values, nil
}
