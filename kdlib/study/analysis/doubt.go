package analysis

import (
	"fmt"
	"math"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"

	"gonum.org/v1/gonum/stat"
)

// Inherited tells how far a model's doubt, the summand of (15), follows the teacher's from picture to picture.
type Inherited struct {
	Model       string
	Correlation Quantity // of the ranks of both doubts (Spearman's)
	Less        Quantity // that of the first model; nothing for it
}

// InheritedDoubt compares models' doubts on a set with the teacher's. The intervals are those of the bootstrap over pictures, all models
// on the same draws.
func (r *Study) InheritedDoubt(split predictions.Split, models ...string) ([]Inherited, error) {
	tables, err := r.Aligned(split, append([]string{paper.Teacher}, models...)...)
	if err != nil {
		return nil, err
	}
	var all []stats.Ranking
	for _, t := range tables {
		all = append(all, newRanking(t.P()))
	}
	once := make([]float64, len(tables[0]))
	for i := range once {
		once[i] = 1
	}
	measured := correlations(all, once)
	intervals, err := stats.DefaultBootstrap.Of(Classes(tables[0]), func(rows []int) ([]float64, error) {
		times := make([]float64, len(once))
		for _, row := range rows {
			times[row]++
		}
		return correlations(all, times), nil
	})
	if err != nil {
		return nil, fmt.Errorf("analysis: doubt on %s: %w", split, err)
	}
	found := make([]Inherited, len(models))
	for i, model := range models {
		found[i] = Inherited{model, Quantity{measured[i], intervals[i]}, Quantity{measured[len(models)+i], intervals[len(models)+i]}}
	}
	return found, nil
}

// Quantity is a number with its interval.
type Quantity struct {
	Value    float64
	Interval stats.Interval
}

// newRanking orders predictions by their doubt.
func newRanking(p []float64) stats.Ranking {
	return stats.NewRanking(metrics.Doubts(p, distill.Threshold))
}

// correlations are those of all rankings but the first with the first, then the same less the second ranking's.
func correlations(all []stats.Ranking, times []float64) []float64 {
	teacher := all[0].Ranks(times)
	n := len(all) - 1
	values := make([]float64, 2*n)
	for i, r := range all[1:] {
		if c := stat.Correlation(r.Ranks(times), teacher, times); !math.IsNaN(c) { // doubts that are all the same follow nothing
			values[i] = c
		}
		values[n+i] = values[i] - values[0]
	}
	return values
}
