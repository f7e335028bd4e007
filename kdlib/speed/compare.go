package speed

import (
	"slices"
	"strconv"

	"distillation/kdlib/table"
)

// TimeTable compares the frameworks: the median over the repetitions of the seconds a step, and ours over the fastest
// of the others'.
func TimeTable(lines []Line) table.Table {
	return compare("Seconds a step", lines, 4, func(l Line) float64 { return l.Median })
}

// MemoryTable compares the largest resident memory of the processes in the same way; the ratio is to the smallest.
func MemoryTable(lines []Line) table.Table {
	return compare("Largest resident memory, MiB", lines, 0, func(l Line) float64 { return float64(l.PeakMiB) })
}

func compare(title string, lines []Line, decimals int, of func(Line) float64) table.Table {
	frameworks := order(lines, func(l Line) string { return l.Framework })
	t := table.Table{Title: title, Columns: []table.Column{
		table.Text("network"), table.Text("mode"), table.Number("size"), table.Number("batch")}}
	for _, f := range frameworks {
		t.Columns = append(t.Columns, table.Number(f))
	}
	t.Columns = append(t.Columns, table.Number(Kdlib+" / best other"))
	for _, c := range order(lines, func(l Line) Case { return l.Case }) {
		row := []string{"ResNet-" + c.Depth, c.Mode, strconv.Itoa(c.Size), strconv.Itoa(c.Batch)}
		var ours, best float64
		for _, f := range frameworks {
			values := repetitions(lines, f, c, of)
			if len(values) == 0 {
				row = append(row, "")
				continue
			}
			m := Median(values)
			row = append(row, table.Fixed(m, decimals))
			if f == Kdlib {
				ours = m
			} else if best == 0 || m < best {
				best = m
			}
		}
		ratio := ""
		if ours > 0 && best > 0 {
			ratio = table.Fixed(ours/best, 2)
		}
		t.Add(append(row, ratio)...)
	}
	return t
}

func repetitions(lines []Line, framework string, c Case, of func(Line) float64) []float64 {
	var values []float64
	for _, l := range lines {
		if l.Framework == framework && l.Case == c {
			values = append(values, of(l))
		}
	}
	return values
}

// order lists what the lines have, each once, in the order in which it comes first.
func order[T comparable](lines []Line, of func(Line) T) []T {
	var all []T
	for _, l := range lines {
		if v := of(l); !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}
