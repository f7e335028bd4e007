// Package summary makes tables and a figure from measurements of speed: how this library compares with others, and how the cost
// of a step grows.
package summary

import (
	"slices"
	"strconv"

	"distillation/kdlib/bench"
	"distillation/kdlib/recipe"
	"distillation/kdlib/table"
)

// TimeTable compares the frameworks by the median over the repetitions of the seconds a step. The last column divides our fastest
// by the fastest of the others. Lines that are not alike are an error.
func TimeTable(lines []bench.Line) (table.Table, error) {
	return compare("Seconds a step", lines, 4, func(l bench.Line) (float64, bool) { return l.Median, true })
}

// MemoryTable compares the largest resident memory of the processes in the same way, where it is known. The last column divides
// ours by the smallest of the others.
func MemoryTable(lines []bench.Line) (table.Table, error) {
	return compare("Largest resident memory, MiB", lines, 0, func(l bench.Line) (float64, bool) { return float64(l.PeakMiB), l.PeakMiB > 0 })
}

// compare leaves out what is not known of a line.
func compare(title string, lines []bench.Line, decimals int, of func(bench.Line) (value float64, known bool)) (table.Table, error) {
	if err := bench.Alike(lines); err != nil {
		return table.Table{}, err
	}
	frameworks := order(lines, func(l bench.Line) string { return l.Framework })
	t := table.Table{Title: title, Columns: []table.Column{
		table.Text("network"), table.Text("mode"), table.Number("size"), table.Number("batch")}}
	for _, f := range frameworks {
		t.Columns = append(t.Columns, table.Number(f))
	}
	t.Columns = append(t.Columns, table.Number(bench.Kdlib+" / best other"))
	for _, c := range order(lines, func(l bench.Line) bench.Case { return l.Case }) {
		row := []string{recipe.NetworkTitle(c.Network()), c.Mode, strconv.Itoa(c.Size), strconv.Itoa(c.Batch)}
		var ours, best float64
		for _, f := range frameworks {
			values := repetitions(lines, f, c, of)
			if len(values) == 0 {
				row = append(row, "")
				continue
			}
			m := bench.Median(values)
			row = append(row, table.Fixed(m, decimals))
			least := &best
			if (bench.Line{Framework: f}).Ours() {
				least = &ours
			}
			if *least == 0 || m < *least {
				*least = m
			}
		}
		ratio := ""
		if ours > 0 && best > 0 {
			ratio = table.Fixed(ours/best, 2)
		}
		t.Add(append(row, ratio)...)
	}
	return t, nil
}

func repetitions(lines []bench.Line, framework string, c bench.Case, of func(bench.Line) (value float64, known bool)) []float64 {
	var values []float64
	for _, l := range lines {
		if v, known := of(l); known && l.Framework == framework && l.Case == c {
			values = append(values, v)
		}
	}
	return values
}

// order lists what the lines have, each once, in the order in which it comes first.
func order[T comparable](lines []bench.Line, of func(bench.Line) T) []T {
	var all []T
	for _, l := range lines {
		if v := of(l); !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}
