package main

import (
	"slices"
	"strings"
	"testing"
)

// testdata/failures.ipynb was executed by GoNB v0.11.4.
func TestFailures(t *testing.T) {
	nb, err := readNotebook("testdata/failures.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	want := []failure{ // cell 1 succeeds, cell 10 is tagged raises-exception
		{2, "line 2 of In[2]: undefined: undefinedThing"},
		{3, "line 2 of In[1]: \"github.com/gomlx/gomlx/core/graph\" imported and not used\n" +
			"line 3 of In[2]: undefined: importantTypo\nline 4 of In[2]: undefined: other"},
		{4, "exit status 2: panic: oh no\n\ngoroutine 1 [running]:\nmain.main()\n\t/tmp/gonb_f04a5a4c/main.go:12 +0xa5"},
		{5, "exit status 3: leaving"},
		{6, "exit status 1"},
		{7, "ls: cannot access '/nonexistent': No such file or directory\nexit status 2"},
		{8, "exit status 4"},
		{9, `"%nosuchmagic" unknown or not implemented yet.`},
	}
	got := nb.failures()
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestOutputsThatAreNoFailures(t *testing.T) {
	for name, o := range map[string]output{
		"log on stderr":            {Type: "stream", Name: "stderr", Text: "2026/11/23 epoch 1: exit status 1 of the child was ignored\n"},
		"an exit status on stdout": {Type: "stream", Name: "stdout", Text: "exit status 1\n"},
		"exit status 0":            {Type: "stream", Name: "stderr", Text: "exit status 0\n"},
	} {
		if got := (cell{Type: "code", Outputs: []output{o}}).failure(); got != "" {
			t.Errorf("%s: got %q, want none", name, got)
		}
	}
}

func TestErrorOfAnotherKernel(t *testing.T) {
	o := output{Type: "error", Value: "division by zero", Traceback: []string{"\x1b[31mZeroDivisionError\x1b[0m", "division by zero"}}
	if got, want := o.message(""), "ZeroDivisionError\ndivision by zero"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHead(t *testing.T) {
	if got, want := head("a\nb\nc", 2), "a\nb\n..."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadNotebookNamesTheFile(t *testing.T) {
	path := t.TempDir() + "/a.ipynb"
	writeTestFile(t, path, "no JSON")
	if _, err := readNotebook(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want an error that names %s", err, path)
	}
}
