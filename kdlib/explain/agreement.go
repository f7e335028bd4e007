package explain

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/stats"
)

// Spearman is stats.Spearman; NaN where that is an error, as where all numbers of a list are equal.
func Spearman(a, b []float32) float64 {
	r, err := stats.Spearman(wide(a), wide(b))
	if err != nil {
		return math.NaN()
	}
	return r
}

func wide(values []float32) []float64 {
	all := make([]float64, len(values))
	for i, v := range values {
		all[i] = float64(v)
	}
	return all
}

// Agreement is the rank correlation of two maps of one picture, each enlarged to as many places as the larger one has. It compares the
// order of the places: neither the unit of a map counts nor how sure the network is.
func Agreement(a, b Map) float64 {
	rows, columns := max(a.Rows, b.Rows), max(a.Columns, b.Columns)
	return Spearman(a.Resized(rows, columns).Values, b.Resized(rows, columns).Values)
}

// Agreements are those of the maps of two networks, picture by picture.
func Agreements(a, b []Map) ([]float64, error) {
	if len(a) != len(b) {
		return nil, fmt.Errorf("explain: agreement: got %d and %d maps, want as many", len(a), len(b))
	}
	values := make([]float64, len(a))
	for i := range a {
		values[i] = Agreement(a[i], b[i])
	}
	return values, nil
}

// Mean is a mean over pictures with its interval.
type Mean struct {
	Value    float64
	Interval stats.Interval
	Pictures int // of which the mean is: those whose value is a number
}

// Means are the means of lists of one value for each picture, of the given classes, with their intervals by the bootstrap. All are
// measured on the same draws and on the same pictures: one at which a list has no number, NaN, is left out of all.
func Means(class []int, b stats.Bootstrap, lists ...[]float64) ([]Mean, error) {
	var kept, classes []int
	for i, c := range class {
		if !slices.ContainsFunc(lists, func(values []float64) bool { return math.IsNaN(values[i]) }) {
			kept, classes = append(kept, i), append(classes, c)
		}
	}
	if len(kept) == 0 {
		return nil, errors.New("explain: mean: no picture has a number in every list")
	}
	of := func(rows []int) ([]float64, error) {
		sums := make([]float64, len(lists))
		for i, values := range lists {
			for _, row := range rows {
				sums[i] += values[kept[row]]
			}
			sums[i] /= float64(len(rows))
		}
		return sums, nil
	}
	intervals, err := b.Of(classes, of)
	if err != nil {
		return nil, err
	}
	every := make([]int, len(kept))
	for i := range every {
		every[i] = i
	}
	values, _ := of(every)
	means := make([]Mean, len(lists))
	for i := range means {
		means[i] = Mean{values[i], intervals[i], len(kept)}
	}
	return means, nil
}
