package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/results"
)

var update = flag.Bool("update", false, "rewrite the tables in README.md from the committed results")

// The tables between these marks in README.md are those of the committed results.
const begin, end = "<!-- tables of the results: begin -->\n", "<!-- tables of the results: end -->\n"

func TestReadmeShowsTheResults(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	path := filepath.Join(root, "README.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(text), begin)
	shown, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s: its marks %q and %q are missing", path, begin, end)
	}
	want := readmeTables(t, filepath.Join(root, defaultRun))
	if shown == want {
		return
	}
	if !*update {
		t.Fatalf("%s shows other results than %s (rewrite it with: go test ./kdlib/cmd/kd -run Readme -update): got\n%s\nwant\n%s", path, defaultRun, shown, want)
	}
	if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readmeTables(t *testing.T, dir string) string {
	t.Helper()
	run, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("Differs from the paper: " + strings.Join(run.Recipe.Reductions, "; ") + ".\n\n")
	summary, err := run.SummaryTable()
	if err != nil {
		t.Fatal(err)
	}
	if err := summary.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	timing, err := run.TimingTable()
	if err != nil {
		t.Fatal(err)
	}
	b.WriteString("\nTime for one picture, one at a time (section 4.1):\n\n")
	if err := timing.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
