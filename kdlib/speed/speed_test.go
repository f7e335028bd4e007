package speed

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
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
	b := Line{Framework: Kdlib, Case: Case{"conv3x3_64", 32, 14, Train}, Median: 0.0125, Min: 0.01, First: 1}
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
	for _, test := range []struct {
		title string
		want  map[string]string
	}{
		{TimeTable(lines).Title, map[string]string{"kdlib": "0.3000", "tf": "0.5000", "torch": "0.2500", "kdlib / best other": "1.20"}},
		{MemoryTable(lines).Title, map[string]string{"kdlib": "300", "tf": "500", "torch": "250", "kdlib / best other": "1.20"}},
	} {
		made := TimeTable(lines)
		if test.title != made.Title {
			made = MemoryTable(lines)
		}
		for i, column := range made.Columns {
			if want, ok := test.want[column.Name]; ok && made.Rows[0][i] != want {
				t.Errorf("%s: %s: got %s, want %s", test.title, column.Name, made.Rows[0][i], want)
			}
		}
	}
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
