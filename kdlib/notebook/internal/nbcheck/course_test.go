package nbcheck

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestCourseOfTheProject(t *testing.T) {
	for _, path := range notebooks(t, folder) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			lesson, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			solutions, err := os.ReadFile(filepath.Join(folder, "solutions", filepath.Base(path)))
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range CourseFaults(lesson, solutions) {
				t.Error(fault)
			}
		})
	}
}

// The teacher's page repeats the run times of the notebooks.
func TestTeachersPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range notebooks(t, folder) {
		lesson, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		seconds, err := RunTime(lesson)
		row := regexp.MustCompile(`(?m)^\|[^|]*\(` + regexp.QuoteMeta(name) + `\)[^|]*\|[^|]*\| ` + seconds + ` \|`)
		if err != nil || !row.Match(page) {
			t.Errorf("%s: run time %q s (%v), want a row of the table with it", name, seconds, err)
		}
	}
}

// link is a notebook that a notebook or the teacher's page leads to.
var link = regexp.MustCompile(`\]\(([^):]+\.(?:ipynb|md))\)`)

func TestLinksBetweenNotebooks(t *testing.T) {
	pages := append(notebooks(t, folder), notebooks(t, filepath.Join(folder, "solutions"))...)
	for _, page := range append(pages, filepath.Join(folder, "README.md")) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range link.FindAllSubmatch(data, -1) {
			target := filepath.Join(filepath.Dir(page), string(found[1]))
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s leads to %s: %v", page, found[1], err)
			}
		}
	}
}

// markdown is a notebook with one markdown cell.
func markdown(t *testing.T, source string) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{"cells": []any{map[string]any{"cell_type": "markdown", "source": source}}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestCourseFaults(t *testing.T) {
	const (
		lesson = "# A\n\n**Goals.**\n\n- b\n\n**Run time:** 12 s on two cores.\n\n**Predict.** C?\n\n## Summary\n\n- d\n\n" +
			"## Exercises\n\n1. e\n2. f\n3. g\n\n## Where from\n\n1. no exercise\n"
		solved = "# Solutions\n\n## 1. e\n\n## 2. f\n\n## 3. g\n"
	)
	for _, test := range []struct{ name, old, new, want string }{
		{"good", "", "", ""},
		{"no goals", "**Goals.**", "", "lacks goals"},
		{"no time", "12 s", "? s", "lacks a measured run time"},
		{"unit", "12 s on", "12 minutes on", "lacks a measured run time"},
		{"no question", "**Predict.**", "", "lacks a question"},
		{"no summary", "## Summary", "", "lacks a heading ## Summary"},
		{"no exercises", "## Exercises", "", "0 exercises, want at least 3"},
		{"too few", "3. g", "", "2 exercises, want at least 3"},
		{"not solved", "3. g", "3. g\n4. h", "3 headings with a number in the solutions, want one for each of 4"},
	} {
		changed := strings.Replace(lesson, test.old, test.new, 1)
		got := strings.Join(CourseFaults(markdown(t, changed), markdown(t, solved)), "\n")
		if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: faults %q, want %q", test.name, got, test.want)
		}
	}
	if got := CourseFaults([]byte("{"), []byte("{}")); len(got) != 1 || !strings.Contains(got[0], "not a notebook") {
		t.Errorf("no JSON: faults %q", got)
	}
}
