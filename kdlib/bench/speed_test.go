package bench

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"distillation/kdlib/table"
)

// A line as ../shared programs print it, news before it.
func TestParse(t *testing.T) {
	got, err := Parse("warming up\ntorch_channels_last,18,32,64,train,0.3750,0.3701,1.20,812\n")
	if err != nil {
		t.Fatal(err)
	}
	want := Line{Framework: "torch_channels_last", Case: Case{"18", 32, 64, "train"}, Median: 0.375, Min: 0.3701, First: 1.2, PeakMiB: 812}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if text := got.String(); text != "torch_channels_last,18,32,64,train,0.3750,0.3701,1.20,812" {
		t.Errorf("printed again: got %q", text)
	}
	for output, want := range map[string]string{
		"":                                        "last line",
		"a,18,32,64,train,0.1,0.1,1.0":            "last line",
		"a,18,many,64,train,0.1,0.1,1.0,5":        `batch: got "many"`,
		"a,18,32,64,train,NaN,0.1,1.0,5":          `median_s: got "NaN"`,
		"a,18,32,64,train,0.1,-0.1,1.0,5":         `min_s: got "-0.1"`,
		",18,32,64,train,0.1,0.1,1.0,5":           "framework",
		"a,18,32,64,train,0.1,0.1,1.0,5\nthe end": "last line",
	} {
		if _, err := Parse(output); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want one with %q", output, err, want)
		}
	}
}

// Steps of microseconds keep their digits; a line of an older file, of four decimals, is written as it was.
func TestSeconds(t *testing.T) {
	for s, want := range map[float64]string{
		0: "0.0000", 0.375: "0.3750", 1.34071: "1.3407", 12345.67891: "12345.6789", // four decimals
		0.0003: "0.0003", 0.05: "0.0500", 0.0054: "0.0054",
		0.000312345: "0.0003123", 0.00004: "0.00004", 1.2e-7: "0.00000012", 0.0123456: "0.01235",
	} {
		if got := seconds(s); got != want {
			t.Errorf("%v: got %s, want %s", s, got, want)
		}
	}
}

func TestParseCase(t *testing.T) {
	if got, err := ParseCase("50-v1.5/forward/224/1"); err != nil || got != (Case{"50-v1.5", 1, 224, "forward"}) {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, text := range []string{"", "18/train/64", "18/train/64/0", "18/train/x/32", "/train/64/32"} {
		if _, err := ParseCase(text); err == nil || !strings.Contains(err.Error(), "want depth/mode/size/batch") {
			t.Errorf("%q: got error %v", text, err)
		}
	}
}

// Measurements are added to what a file has.
func TestAppend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "speed.csv")
	a := Line{Framework: "a", Case: Case{"18", 32, 64, Train}, Median: 0.5, Min: 0.25, First: 2, PeakMiB: 7, Machine: "M, 2 cores", Versions: "v1"}
	b := Line{Framework: Kdlib, Case: Case{"conv3x3_64", 32, 14, Train}, Median: 0.0125, Min: 0.01, First: 1, Machine: "M, 2 cores"}
	for _, l := range []Line{a, b} {
		if err := Append(path, l); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Read(path)
	if err != nil || !reflect.DeepEqual(got, []Line{a, b}) {
		t.Errorf("got %+v, %v, want %+v", got, err, []Line{a, b})
	}
	if err := os.WriteFile(path, []byte("framework,depth\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Append(path, a); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("another file: got error %v, want one with its path", err)
	}
}

// What cannot be compared is refused wherever lines are pooled, with both values and, for a file, its path, which stays as
// it was.
func TestAlike(t *testing.T) {
	line := func(framework, machine, versions string) Line {
		return Line{Framework: framework, Case: Case{"18", 32, 64, Train}, Median: 1, Machine: machine, Versions: versions}
	}
	path := filepath.Join(t.TempDir(), "speed.csv")
	have := []Line{line(Kdlib, "A", "v1"), line("tf", "A", "t1")}
	if err := Append(path, have...); err != nil {
		t.Fatal(err)
	}
	for _, l := range []Line{line(Kdlib, "A", "v1"), line("tf", "A", "t1"), line("torch", "A", "")} {
		if err := CheckAppend(path, l); err != nil {
			t.Errorf("%+v: got error %v", l, err)
		}
	}
	for want, l := range map[string]Line{
		`machine: got lines of "A" and of "B, 2 cores", want one`:    line(Kdlib, "B, 2 cores", "v1"),
		`machine: got lines of "A" and of "", want one`:              line("torch", "", ""),
		`versions of kdlib: got lines of "v1" and of "v2", want one`: line(Kdlib, "A", "v2"),
		`versions of tf: got lines of "t1" and of "v1", want one`:    line("tf", "A", "v1"),
	} {
		all := []Line{have[0], have[1], l}
		_, err1 := TimeTable(all)
		_, err2 := MemoryTable(all)
		_, err3 := GrowthFigure(all)
		for where, err := range map[string]error{"alike": alike(all), "time": err1, "memory": err2, "growth": err3} {
			if err == nil || err.Error() != "bench: "+want {
				t.Errorf("%s: got error %v, want one with %s", where, err, want)
			}
		}
		for where, err := range map[string]error{"check": CheckAppend(path, l), "append": Append(path, l)} {
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s: got error %v, want one with %s and %s", where, err, path, want)
			}
		}
	}
	if got, err := Read(path); err != nil || !reflect.DeepEqual(got, have) {
		t.Errorf("the file after that: got %+v, %v, want %+v", got, err, have)
	}
	if err := CheckAppend(filepath.Join(t.TempDir(), "none.csv"), have...); err != nil {
		t.Errorf("no file: got error %v", err)
	}
}

// Programs run in turns, and what they print must be of the case that was asked for.
func TestInterleave(t *testing.T) {
	var programs []Program
	for _, name := range []string{"a", "b"} {
		p, err := ParseProgram("echo " + name + ",{depth},{batch},{size},{mode},0.5,0.5,1.0,{steps}")
		if err != nil {
			t.Fatal(err)
		}
		programs = append(programs, p)
	}
	var got []string
	keep := func(l Line) error { got = append(got, l.String()); return nil }
	if err := Interleave(context.Background(), programs, []Case{{"18", 32, 64, Train}, {"50", 1, 32, Forward}}, 3, 2, keep); err != nil {
		t.Fatal(err)
	}
	first, second := ",18,32,64,train,0.5000,0.5000,1.00,3", ",50,1,32,forward,0.5000,0.5000,1.00,3"
	if want := []string{"a" + first, "b" + first, "a" + first, "b" + first, "a" + second, "b" + second, "a" + second, "b" + second}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for command, want := range map[string]string{
		"echo a,18,1,64,train,0.5,0.5,1.0,3": "want {Depth:18 Batch:32",
		"false":                              "exit status 1",
		"no-such-program-here":               "no-such-program-here",
	} {
		p, _ := ParseProgram(command)
		if _, err := p.Run(context.Background(), Case{"18", 32, 64, Train}, 3); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one with %q", command, err, want)
		}
	}
	if _, err := ParseProgram(" "); err == nil {
		t.Error("an empty command: got no error")
	}
}

// By hand: medians of three and of two repetitions; the ratio is to the faster of the others.
func TestTimeTable(t *testing.T) {
	c := Case{"18", 32, 64, Train}
	var lines []Line
	for framework, medians := range map[string][]float64{Kdlib: {0.3, 0.2, 0.9}, "tf": {0.4, 0.6}, "torch": {0.25}} {
		for _, m := range medians {
			lines = append(lines, Line{Framework: framework, Case: c, Median: m, PeakMiB: int(1000 * m)})
		}
	}
	checkCells(t, TimeTable, lines, map[string]string{"kdlib": "0.3000", "tf": "0.5000", "torch": "0.2500", "kdlib / best other": "1.20"})
	checkCells(t, MemoryTable, lines, map[string]string{"kdlib": "300", "tf": "500", "torch": "250", "kdlib / best other": "1.20"})
}

// checkCells compares cells of a table's only row, by column.
func checkCells(t *testing.T, compare func([]Line) (table.Table, error), lines []Line, want map[string]string) {
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
	var lines []Line
	for framework, memory := range map[string][]int{Kdlib: {0, 300, 500}, "jax": {0, 0}, "torch": {250, 0}} {
		for _, m := range memory {
			lines = append(lines, Line{Framework: framework, Case: Case{"18", 32, 64, Train}, Median: 0.5, PeakMiB: m})
		}
	}
	checkCells(t, MemoryTable, lines, map[string]string{"kdlib": "400", "jax": "", "torch": "250", "kdlib / best other": "1.60"})
	checkCells(t, TimeTable, lines, map[string]string{"jax": "0.5000", "kdlib / best other": "1.00"})
	for i := range lines {
		if lines[i].Framework == Kdlib {
			lines[i].PeakMiB = 0
		}
	}
	checkCells(t, MemoryTable, lines, map[string]string{"kdlib": "", "torch": "250", "kdlib / best other": ""})
}

// The ideal goes through the last point: at half the size a quarter of the cost, at half the batch the half.
func TestIdeal(t *testing.T) {
	var lines []Line
	for _, size := range []int{64, 32, 128} {
		lines = append(lines, Line{Framework: Kdlib, Case: Case{"18", 8, size, Train}, Median: float64(size)})
	}
	for _, batch := range []int{1, 2, 4} {
		lines = append(lines, Line{Framework: Kdlib, Case: Case{"50", batch, 64, Forward}, Median: 1},
			Line{Framework: "tf", Case: Case{"18", batch, 64, Train}, Median: 1})
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
