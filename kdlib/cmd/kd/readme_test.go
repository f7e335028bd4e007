package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/results"
	"distillation/kdlib/speed"
)

var update = flag.Bool("update", false, "rewrite the tables in README.md from the committed results")

// The tables between marks in README.md are those of the committed results and measurements.
func TestReadmeShowsTheResults(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	checkReadme(t, root, "the results", readmeTables(t, filepath.Join(root, defaultRun)))
	lines, err := speed.Read(filepath.Join(root, "figures", "speed", "peers.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := writeTables(&b, lines); err != nil {
		t.Fatal(err)
	}
	checkReadme(t, root, "speed", strings.TrimSuffix(b.String(), "\n"))
}

// checkReadme compares, or with -update replaces, what is between the two marks of that name.
func checkReadme(t *testing.T, root, name, want string) {
	t.Helper()
	path := filepath.Join(root, "README.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- tables of "+name+": begin -->\n", "<!-- tables of "+name+": end -->\n"
	before, rest, ok1 := strings.Cut(string(text), begin)
	shown, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s: its marks %q and %q are missing", path, begin, end)
	}
	if shown == want {
		return
	}
	if !*update {
		t.Fatalf("%s shows other tables of %s (rewrite them with: go test ./kdlib/cmd/kd -run Readme -update): got\n%s\nwant\n%s", path, name, shown, want)
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
