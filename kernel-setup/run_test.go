package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The stub stands for Python with scripts/execute.py: it writes the file $RESULT as the executed notebook. Its
// arguments are -c SCRIPT SOURCE TARGET SECONDS.
const stubPython = `echo '{"cell": 1, "of": 2}'
echo '{"cell": 2, "of": 2}'
if [ -n "$BROKEN" ]; then echo '{"failed": "the kernel died"}'; fi
if [ -n "$CRASH" ]; then echo 'Traceback' >&2; echo 'NoSuchKernel: gonb' >&2; exit 1; fi
cat "$RESULT" > "$4"`

const (
	before    = `{"cells": [], "metadata": {}}`
	succeeded = `{"cells": [{"cell_type": "code", "outputs": []}]}`
	erred     = `{"cells": [{"cell_type": "code", "outputs": []}, {"cell_type": "code", "outputs": [{"output_type": "error", "evalue": "boom"}]}]}`
)

func TestRunNotebook(t *testing.T) {
	cases := []struct {
		name, result, variable string
		output                 bool
		ok                     bool
		says                   string
		original, copied       string // what the files hold afterwards; "" for no file
	}{
		{"in place", succeeded, "", false, true, "a.ipynb  0.", succeeded, ""},
		{"an error leaves the file alone", erred, "", false, false, "a.ipynb In[2]: boom", before, ""},
		{"to a folder", succeeded, "", true, true, "ok", before, succeeded},
		{"an error to a folder", erred, "", true, false, "FAILED", before, erred},
		{"the kernel dies", succeeded, "BROKEN", false, false, "a.ipynb In[2]: the kernel died", before, ""},
		{"the script fails", succeeded, "CRASH", false, false, "NoSuchKernel: gonb", before, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, out := newTestSetup(t)
			writeTestFile(t, s.python(), "#!/bin/sh\n"+stubPython+"\n")
			dir := t.TempDir()
			source, folder, result := filepath.Join(dir, "a.ipynb"), filepath.Join(dir, "out"), filepath.Join(dir, "result")
			writeTestFile(t, source, before)
			writeTestFile(t, filepath.Join(folder, "keep"), "")
			writeTestFile(t, result, c.result)
			t.Setenv("RESULT", result)
			if c.variable != "" {
				t.Setenv(c.variable, "1")
			}
			if !c.output {
				folder = ""
			}
			ok, err := s.runNotebook(t.Context(), plugin{Path: "/p.so"}, source, runOptions{output: folder, jobs: 1, timeout: time.Minute})
			said := out.String()
			if err != nil {
				said += err.Error()
			}
			if ok != c.ok || !strings.Contains(said, c.says) {
				t.Errorf("got %v, %q, want %v, %q", ok, said, c.ok, c.says)
			}
			for path, want := range map[string]string{source: c.original, filepath.Join(dir, "out", "a.ipynb"): c.copied} {
				if got, _ := os.ReadFile(path); string(got) != want {
					t.Errorf("%s holds %q, want %q", path, got, want)
				}
			}
		})
	}
}

func TestNotebookPaths(t *testing.T) {
	s, _ := newTestSetup(t)
	if _, err := s.notebookPaths(nil); err == nil {
		t.Error("an empty folder: got no error")
	}
	for _, name := range []string{"02_b.ipynb", "01_a.ipynb", "out.txt", "solutions/01_a.ipynb"} {
		writeTestFile(t, filepath.Join(s.notebooks(), name), before)
	}
	paths, err := s.notebookPaths(nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range paths {
		names = append(names, s.notebookName(path))
	}
	if want := []string{"01_a.ipynb", "02_b.ipynb", filepath.Join("solutions", "01_a.ipynb")}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q: in name order, the solutions last", names, want)
	}
	if got := s.notebookName(filepath.Join(t.TempDir(), "a.ipynb")); got != "a.ipynb" {
		t.Errorf("outside notebooks/: got name %q, want a.ipynb", got)
	}
	if _, err := s.notebookPaths([]string{"nowhere.ipynb"}); err == nil {
		t.Error("a notebook that is not there: got no error")
	}
}
