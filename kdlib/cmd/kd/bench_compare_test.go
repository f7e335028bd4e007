package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/bench"
)

// Measurements of another machine or of other versions are refused before anything is measured, and by the tables.
func TestBenchRefusesWhatCannotBeCompared(t *testing.T) {
	t.Setenv(kdEnv, "1") // a measurement, if one is begun after all, is by this binary
	machine, versions := where()
	dir := t.TempDir()
	line := func(name, machine, versions string) string {
		path := filepath.Join(dir, name)
		l := bench.Line{Framework: bench.Kdlib, Case: bench.Case{Depth: "18", Batch: 1, Size: 32, Mode: bench.Forward}, Median: 1, Machine: machine, Versions: versions}
		if err := bench.Append(path, l); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ours, other, older := line("ours.csv", machine, versions), line("other.csv", "Z80, 1 cores", versions), line("older.csv", machine, "go go1.0")
	for name, c := range map[string]struct {
		args []string
		want []string
	}{
		"compare, machine":  {[]string{"compare", "18/forward/32/1", "--out", other}, []string{other, "machine", "Z80, 1 cores", machine}},
		"compare, versions": {[]string{"compare", "18/forward/32/1", "--out", older}, []string{older, "versions of kdlib", "go go1.0", versions}},
		"growth":            {[]string{"growth", "--out", other}, []string{other, "machine", "Z80, 1 cores", machine}},
		"table":             {[]string{"table", ours, other}, []string{ours, other, "machine", "Z80, 1 cores", machine}},
	} {
		path := c.args[len(c.args)-1]
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var out, news bytes.Buffer
		err = run(context.Background(), &out, &news, append([]string{"bench"}, c.args...))
		if err == nil || out.Len() > 0 || news.Len() > 0 { // a measurement is news
			t.Fatalf("%s: got %q, %q, %v, want an error and nothing printed", name, out.String(), news.String(), err)
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got error %v, want one with %q", name, err, want)
			}
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
			t.Errorf("%s: %s changed", name, path)
		}
	}
	if _, err := kd("bench", "table", ours, ours); err != nil {
		t.Errorf("one machine: got error %v", err)
	}
}
