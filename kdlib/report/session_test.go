package report_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
)

// A session that went on on another kind of machine is said to have done so; where an older session did not record the
// instructions, the rest decides.
func TestSourceTellsOtherMachines(t *testing.T) {
	run := report.Study{Study: &analysis.Study{Study: &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}}}
	const sessions = `[
{"machine": {"cpu": "Zen", "cores": 2, "system": "linux/amd64"}, "software": {}},
{"machine": {"cpu": "Zen", "isa": "AVX512", "cores": 2, "system": "linux/amd64"}, "software": {}},
{"machine": {"cpu": "Zen", "isa": "AVX2", "cores": 2, "system": "linux/amd64"}, "software": {"XLA_FLAGS": "--xla_cpu_max_isa=AVX2"}},
{"machine": {"cpu": "Zen", "isa": "AVX2", "cores": 2, "system": "linux/amd64"}, "software": {"XLA_FLAGS": "--xla_cpu_max_isa=AVX2"}},
{"machine": {"cpu": "Zen", "isa": "AVX2", "cores": 2, "system": "linux/amd64"}, "software": {}},
{"machine": {"cpu": "Zen", "isa": "AVX2", "cores": 4, "system": "linux/amd64"}, "software": {}}]`
	if err := os.WriteFile(filepath.Join(run.Dir, folder.SessionsFile), []byte(sessions), 0o644); err != nil {
		t.Fatal(err)
	}
	tab, err := run.SourceTable()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range tab.Rows {
		switch row[0] {
		case "machine":
			got = append(got, row[1])
		case "goes on":
			got[len(got)-1] += "!"
		}
	}
	want := []string{"Zen, 2 cores, linux/amd64", "Zen, AVX512, 2 cores, linux/amd64", "Zen, AVX2, 2 cores, linux/amd64!",
		"Zen, AVX2, 2 cores, linux/amd64", "Zen, AVX2, 2 cores, linux/amd64!", "Zen, AVX2, 4 cores, linux/amd64!"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Sessions lie in a file each, in one file with those of older studies, or both; a model that several kinds of machine trained is named.
func TestSessionsInFiles(t *testing.T) {
	run := report.Study{Study: &analysis.Study{Study: &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}}}
	if err := os.Mkdir(filepath.Join(run.Dir, folder.SessionsDir), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		folder.SessionsFile:    `[{"started": "2026-01-01T00:00:00Z", "machine": {"cpu": "Zen", "cores": 2}}]`,
		"sessions/late.json":   `{"started": "2026-01-04T00:00:00Z", "machine": {"cpu": "Xeon", "cores": 2}, "epochs": {"soft": 1, "hard": 3}}`,
		"sessions/middle.json": `{"started": "2026-01-03T00:00:00Z", "machine": {"cpu": "Zen", "cores": 2}, "epochs": {"soft": 2, "classical": 3}}`,
	} {
		if err := os.WriteFile(filepath.Join(run.Dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tab, err := run.SourceTable()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range tab.Rows {
		if row[0] == "machine" || row[0] == "several machines" {
			got = append(got, row[1])
		}
	}
	want := []string{"Zen, 2 cores", "Zen, 2 cores", "Xeon, 2 cores", "soft: begun on one kind of machine, or with some flags of XLA, and gone on with on another"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
