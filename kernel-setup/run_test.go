package main

import (
	"os"
	"path/filepath"
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
			ok, err := s.runNotebook(t.Context(), plugin{Path: "/p.so"}, source, folder, time.Minute)
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
	for _, name := range []string{"02_b.ipynb", "01_a.ipynb", "out.txt"} {
		writeTestFile(t, filepath.Join(s.notebooks(), name), before)
	}
	paths, err := s.notebookPaths(nil)
	if err != nil || len(paths) != 2 || filepath.Base(paths[0]) != "01_a.ipynb" {
		t.Errorf("got %q, %v, want two in name order", paths, err)
	}
	if _, err := s.notebookPaths([]string{"nowhere.ipynb"}); err == nil {
		t.Error("a notebook that is not there: got no error")
	}
}
