package report

import (
	"slices"

	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
)

// spread returns n rows, or all if there are fewer, in the order of p and evenly spaced in it: the first and
// the last are the ends, each of the others is the row whose p is nearest to its place.
func spread(predicted predictions.Table, n int) predictions.Table {
	rows := slices.Clone(predicted)
	slices.SortStableFunc(rows, analysis.ByP)
	if len(rows) <= n || n < 2 {
		return rows[:min(len(rows), max(n, 0))]
	}
	low, high := rows[0].P, rows[len(rows)-1].P
	var chosen predictions.Table
	at := 0
	for i := range n {
		place := low + (high-low)*float64(i)/float64(n-1)
		// Go up while that comes nearer and leaves enough rows for the places to come.
		for last := len(rows) - (n - i); at < last && (i == n-1 || nearer(rows[at+1].P, rows[at].P, place)); {
			at++
		}
		chosen = append(chosen, rows[at])
		at++
	}
	return chosen
}

func nearer(a, b, place float64) bool { return max(a-place, place-a) <= max(b-place, place-b) }
