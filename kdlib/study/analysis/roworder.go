package analysis

import "slices"

// rowOrder puts the draws of a bootstrap into an order of the rows without sorting each of them.
type rowOrder struct {
	order []int // the rows
	place []int // of each row in order
	times []int // how often a draw has the row at a place
}

// orderRows orders n rows; equal ones stay as they are.
func orderRows(n int, compare func(a, b int) int) rowOrder {
	r := rowOrder{make([]int, n), make([]int, n), make([]int, n)}
	for row := range r.order {
		r.order[row] = row
	}
	slices.SortStableFunc(r.order, compare)
	for at, row := range r.order {
		r.place[row] = at
	}
	return r
}

// each gives the rows of a draw in their order to visit, numbered from 0.
func (r rowOrder) each(rows []int, visit func(i, row int)) {
	clear(r.times)
	for _, row := range rows {
		r.times[r.place[row]]++
	}
	i := 0
	for at, n := range r.times {
		for range n {
			visit(i, r.order[at])
			i++
		}
	}
}
