package summary

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"distillation/kdlib/bench"
	"distillation/kdlib/table"
)

// By hand: medians of three and of two repetitions; the ratio is ours in the faster forms to the faster of the others.
func TestTimeTable(t *testing.T) {
	c := bench.Case{Depth: "18", Batch: 32, Size: 64, Mode: bench.Train}
	var lines []bench.Line
	for framework, medians := range map[string][]float64{bench.Kdlib: {0.3, 0.2, 0.9}, "kdlib_winograd": {0.2}, "kdlib_plain": {0.8}, "tf": {0.4, 0.6}, "torch": {0.25}} {
		for _, m := range medians {
			lines = append(lines, bench.Line{Framework: framework, Case: c, Median: m, PeakMiB: int(1000 * m)})
		}
	}
	checkCells(t, TimeTable, lines, map[string]string{"kdlib": "0.3000", "kdlib_winograd": "0.2000", "tf": "0.5000", "torch": "0.2500", "kdlib / best other": "0.80"})
	checkCells(t, MemoryTable, lines, map[string]string{"kdlib": "300", "kdlib_winograd": "200", "tf": "500", "torch": "250", "kdlib / best other": "0.80"})
}

// checkCells compares cells of a table's only row, by column.
func checkCells(t *testing.T, compare func([]bench.Line) (table.Table, error), lines []bench.Line, want map[string]string) {
	t.Helper()
	made, err := compare(lines)
	if err != nil || len(made.Rows) != 1 {
		t.Fatalf("%s: got %d rows, %v, want one row", made.Title, len(made.Rows), err)
	}
	met := 0
	for i, column := range made.Columns {
		if cell, ok := want[column.Name]; ok {
			met++
			if made.Rows[0][i] != cell {
				t.Errorf("%s: %s: got %q, want %q", made.Title, column.Name, made.Rows[0][i], cell)
			}
		}
	}
	if met != len(want) {
		t.Errorf("%s: %d columns met, want %d", made.Title, met, len(want))
	}
}

// A memory that is not known, 0, is no number: the median of 0, 300 and 500 is 400, and 400 / 250 = 1.6. Its time counts.
func TestUnknownMemory(t *testing.T) {
	var lines []bench.Line
	for framework, memory := range map[string][]int{bench.Kdlib: {0, 300, 500}, "jax": {0, 0}, "torch": {250, 0}} {
		for _, m := range memory {
			lines = append(lines, bench.Line{Framework: framework, Case: bench.Case{Depth: "18", Batch: 32, Size: 64, Mode: bench.Train}, Median: 0.5, PeakMiB: m})
		}
	}
	checkCells(t, MemoryTable, lines, map[string]string{"kdlib": "400", "jax": "", "torch": "250", "kdlib / best other": "1.60"})
	checkCells(t, TimeTable, lines, map[string]string{"jax": "0.5000", "kdlib / best other": "1.00"})
	for i := range lines {
		if lines[i].Framework == bench.Kdlib {
			lines[i].PeakMiB = 0
		}
	}
	checkCells(t, MemoryTable, lines, map[string]string{"kdlib": "", "torch": "250", "kdlib / best other": ""})
}

// The ideal goes through the last point: at half the size a quarter of the cost, at half the batch the half.
func TestIdeal(t *testing.T) {
	var lines []bench.Line
	for _, size := range []int{64, 32, 128} {
		lines = append(lines, bench.Line{Framework: bench.Kdlib, Case: bench.Case{Depth: "18", Batch: 8, Size: size, Mode: bench.Train}, Median: float64(size)})
	}
	for _, batch := range []int{1, 2, 4} {
		lines = append(lines, bench.Line{Framework: bench.Kdlib, Case: bench.Case{Depth: "50", Batch: batch, Size: 64, Mode: bench.Forward}, Median: 1},
			bench.Line{Framework: "tf", Case: bench.Case{Depth: "18", Batch: batch, Size: 64, Mode: bench.Train}, Median: 1})
	}
	sizes, batches := growths[0].curves(lines), growths[1].curves(lines)
	if len(sizes) != 2 || len(batches) != 2 || len(growths[2].curves(lines)) != 0 {
		t.Fatalf("got %d, %d curves, want a measured and an ideal one each", len(sizes), len(batches))
	}
	if got, want := sizes[0].X, []float64{32, 64, 128}; !reflect.DeepEqual(got, want) {
		t.Errorf("sizes: got %v, want %v", got, want)
	}
	if got, want := sizes[1].Y, []float64{8, 32, 128}; !reflect.DeepEqual(got, want) {
		t.Errorf("ideal by size: got %v, want %v", got, want)
	}
	if got, want := batches[1].Y, []float64{0.25, 0.5, 1}; !reflect.DeepEqual(got, want) {
		t.Errorf("ideal by batch: got %v, want %v", got, want)
	}
	if _, err := GrowthFigure(lines); err != nil {
		t.Error(err)
	}
	if _, err := GrowthFigure(lines[:1]); err == nil {
		t.Error("one line: got no error")
	}
}

// What cannot be compared is refused wherever lines are pooled, with both values and, for a file, its path, which stays as
// it was.
func TestAlike(t *testing.T) {
	line := func(framework, machine, versions string) bench.Line {
		return bench.Line{Framework: framework, Case: bench.Case{Depth: "18", Batch: 32, Size: 64, Mode: bench.Train}, Median: 1, Machine: machine, Versions: versions}
	}
	path := filepath.Join(t.TempDir(), "speed.csv")
	have := []bench.Line{line(bench.Kdlib, "A", "v1"), line("tf", "A", "t1")}
	if err := bench.Append(path, have...); err != nil {
		t.Fatal(err)
	}
	for _, l := range []bench.Line{line(bench.Kdlib, "A", "v1"), line("tf", "A", "t1"), line("torch", "A", "")} {
		if err := bench.CheckAppend(path, l); err != nil {
			t.Errorf("%+v: got error %v", l, err)
		}
	}
	for want, l := range map[string]bench.Line{
		`machine: got lines of "A" and of "B, 2 cores", want one`:    line(bench.Kdlib, "B, 2 cores", "v1"),
		`machine: got lines of "A" and of "", want one`:              line("torch", "", ""),
		`versions of kdlib: got lines of "v1" and of "v2", want one`: line(bench.Kdlib, "A", "v2"),
		`versions of tf: got lines of "t1" and of "v1", want one`:    line("tf", "A", "v1"),
	} {
		all := []bench.Line{have[0], have[1], l}
		_, err1 := TimeTable(all)
		_, err2 := MemoryTable(all)
		_, err3 := GrowthFigure(all)
		for where, err := range map[string]error{"alike": bench.Alike(all), "time": err1, "memory": err2, "growth": err3} {
			if err == nil || err.Error() != "bench: "+want {
				t.Errorf("%s: got error %v, want one with %s", where, err, want)
			}
		}
		for where, err := range map[string]error{"check": bench.CheckAppend(path, l), "append": bench.Append(path, l)} {
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s: got error %v, want one with %s and %s", where, err, path, want)
			}
		}
	}
	if got, err := bench.Read(path); err != nil || !reflect.DeepEqual(got, have) {
		t.Errorf("the file after that: got %+v, %v, want %+v", got, err, have)
	}
	if err := bench.CheckAppend(filepath.Join(t.TempDir(), "none.csv"), have...); err != nil {
		t.Errorf("no file: got error %v", err)
	}
}
