package nbcheck

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/report"
)

// What the notebooks show of the committed studies is what the studies' files and today's code say.
func TestNotebooksShowTheResults(t *testing.T) {
	made := map[string]string{} // tables take seconds
	shown := 0
	for _, page := range append(notebooks(t, folder), notebooks(t, filepath.Join(folder, "solutions"))...) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		all, err := ShownTables(data, filepath.Dir(page))
		if err != nil {
			t.Fatalf("%s: %v", page, err)
		}
		for _, s := range all {
			shown++
			key := fmt.Sprint(s.Study, s.Table, s.Numbers)
			if made[key] == "" {
				run, err := report.Open(s.Study)
				if err != nil {
					t.Fatalf("%s: %v", page, err)
				}
				tab, err := Tables[s.Table](run, s.Numbers)
				if err != nil {
					t.Fatalf("%s: %v", page, err)
				}
				made[key] = tab.HTML()
			}
			if !strings.Contains(s.Output, made[key]) {
				t.Errorf("%s: its %s%v of %s is another than today's; execute it again: go run ./kernel-setup run --help", page, s.Table, s.Numbers, s.Study)
			}
		}
	}
	if shown < 15 {
		t.Errorf("found %d tables of studies, want at least one in most notebooks", shown)
	}
}

func TestShownTables(t *testing.T) {
	const source = `const folder = "../full"
var run = notebook.Must(report.Open(folder))
own := notebook.Must(report.Open(work + "/own"))
notebook.Table(run.ClaimsTable(2, 3))
notebook.Table(own.ClaimsTable(1))
notebook.Table(run.LessonTable("teacher", set, 10))
`
	all, err := ShownTables([]byte(with(source, "1", html("<table>"))), "notebooks")
	if err != nil || len(all) != 1 {
		t.Fatalf("got %v, %v, want one table: the others are of no study that is named, or depend on more than a study", all, err)
	}
	if s := all[0]; s.Study != "full" || s.Table != "ClaimsTable" || !slices.Equal(s.Numbers, []int{2, 3}) || s.Output != "<table>" {
		t.Errorf("got %+v, want claims 2 and 3 of full", s)
	}
}
