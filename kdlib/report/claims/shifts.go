package claims

import (
	"fmt"

	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/stat"
)

// shift is by how much a mean over pictures differs between two models.
type shift struct {
	mean float64
	stats.Interval
}

func (s shift) String() string {
	return fmt.Sprintf("%s (%s to %s)", table.Signed(s.mean, table.Decimals), table.Signed(s.Low, table.Decimals), table.Signed(s.High, table.Decimals))
}

// column sets the mean of values, one a picture, and is where bootstrapMeans finds the place for its interval.
func (s *shift) column(class []int, values []float64) analysis.Column {
	s.mean = stat.Mean(values, nil)
	return analysis.Column{Class: class, Values: values, Into: &s.Interval}
}

// less is a quantity of the first predictions less that of the second ones, picture by picture.
func less(first, second predictions.Table, quantity func(predictions.Row) float64) []float64 {
	values := make([]float64, len(first))
	for i, row := range first {
		values[i] = quantity(row) - quantity(second[i])
	}
	return values
}

// shifts compares pairs of models on the same pictures of a set: the mean of a quantity of the first one's
// predictions less that of the second one's, with bootstrap intervals over pictures.
func (r *study) shifts(split predictions.Split, models [][2]string, quantity func(predictions.Row) float64) ([]shift, error) {
	out := make([]shift, len(models))
	columns := make([]analysis.Column, len(models))
	for i, m := range models {
		two, err := r.Aligned(split, m[0], m[1])
		if err != nil {
			return nil, err
		}
		columns[i] = out[i].column(analysis.Classes(two[0]), less(two[0], two[1], quantity))
	}
	return out, analysis.BootstrapMeans(columns)
}
