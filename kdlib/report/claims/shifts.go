package claims

import (
	"fmt"

	"distillation/kdlib/distill"
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

// group holds a quantity of the pictures of one group, with their classes.
type group struct {
	class  []int
	values []float64
}

// newGroup are the pictures of predictions that belong to it.
func newGroup(of predictions.Table, quantity func(predictions.Row) float64, belongs func(predictions.Row) bool) (g group) {
	for _, row := range of {
		if belongs(row) {
			g.class = append(g.class, distill.Class(row.Label, distill.Threshold))
			g.values = append(g.values, quantity(row))
		}
	}
	return g
}

// between sets the mean of one group less that of another, of other pictures, and is where bootstrapMeans finds the place for its
// interval. A draw keeps how many pictures of each class each group has.
func (s *shift) between(first, second group) analysis.Column {
	n := float64(len(first.values) + len(second.values))
	var class []int
	var values []float64
	for i, v := range first.values {
		class, values = append(class, first.class[i]), append(values, v*n/float64(len(first.values)))
	}
	for i, v := range second.values {
		class, values = append(class, second.class[i]+2), append(values, -v*n/float64(len(second.values)))
	}
	return s.column(class, values)
}
