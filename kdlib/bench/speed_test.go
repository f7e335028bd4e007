package bench

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

// A case names a ResNet by its depth, and other networks in full.
func TestCaseNamesNetworks(t *testing.T) {
	for network, depth := range map[string]string{"resnet18": "18", "resnet50-v1.5": "50-v1.5", "mobilenet-v2": "mobilenet-v2"} {
		if c := NewCase(network, 32, 64, Train); c != (Case{depth, 32, 64, Train}) || c.Network() != network {
			t.Errorf("%s: got the case %+v of %s", network, c, c.Network())
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
	both := Comparison{Programs: programs, Cases: []Case{{"18", 32, 64, Train}, {"50", 1, 32, Forward}}, Steps: 3, Repeat: 2}
	if err := both.Interleave(context.Background(), keep); err != nil {
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
