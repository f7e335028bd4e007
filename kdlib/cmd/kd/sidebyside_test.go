package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Two studies as arguments stand side by side: one changed number of a recipe and the models of both in tables, all models on one page.
func TestTwoStudies(t *testing.T) {
	source := must(filepath.Abs(filepath.Join("..", "..", "study", "analysis", "testdata", "run")))
	t.Chdir(t.TempDir())
	for _, name := range []string{"before", "after"} {
		if err := os.CopyFS(name, os.DirFS(source)); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join("after", "study.json")
	changed := strings.Replace(string(must(os.ReadFile(path))), `"seed": 1`, `"seed": 2`, 1)
	if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := kd("tables", "before", "after")
	if err != nil || !strings.Contains(out, "data.seed") || !strings.Contains(out, "accuracy of before") || strings.Count(out, "soft") != 2 {
		t.Errorf("tables: got %s, %v", out, err)
	}
	if _, err := kd("tables", "before", "after", "--out", "tables"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join("tables", "side_by_side.csv")); err != nil {
		t.Error(err)
	}
	if out, err := kd("state", "before"); err != nil || !strings.Contains(out, "before: 7 of 7 parts done, 0 running") {
		t.Errorf("state: got %s, %v", out, err)
	}
	if _, err := kd("state", "absent"); err == nil || !strings.Contains(err.Error(), "absent has not begun") {
		t.Errorf("state: got %v", err)
	}
	if _, err := kd("report", "before", "after", "--out", "page.html"); err != nil || !strings.Contains(string(must(os.ReadFile("page.html"))), "after: soft") {
		t.Errorf("report: got %v, want a page with the models of both", err)
	}
}
