package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Two notebooks at a time: each leaves its line, the failed one is counted, and no more than two run at once.
func TestRunGroup(t *testing.T) {
	s, out := newTestSetup(t)
	shared := *s
	shared.out = &sharedWriter{w: out}
	dir := t.TempDir()
	at := filepath.Join(dir, "running")
	writeTestFile(t, filepath.Join(at, "keep"), "")
	// The stub notes how many run beside it; the notebook "bad" fails.
	writeTestFile(t, s.python(), "#!/bin/sh\nmkdir '"+at+"'/$$; ls '"+at+"' | wc -l >> '"+dir+"'/most; sleep 0.05; rmdir '"+at+"'/$$\n"+
		"case \"$3\" in *bad*) echo 'NoSuchKernel: gonb' >&2; exit 1;; esac\ncp \"$3\" \"$4\"\n")
	var paths []string
	for _, name := range []string{"a", "b", "bad", "c", "d", "e"} {
		path := filepath.Join(dir, name+".ipynb")
		writeTestFile(t, path, succeeded)
		paths = append(paths, path)
	}
	if got := shared.runGroup(t.Context(), plugin{Path: "/p.so"}, paths, "", time.Minute, 2); got != 1 {
		t.Errorf("got %d failed notebooks, want 1:\n%s", got, out)
	}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		if want := name + ".ipynb  0."; !strings.Contains(out.String(), want) {
			t.Errorf("got %q, want a line %q", out, want)
		}
	}
	counts, err := os.ReadFile(filepath.Join(dir, "most"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(counts)) {
		var beside int // with the file that keeps the folder
		if _, err := fmt.Sscan(line, &beside); err != nil || beside > 3 {
			t.Errorf("got %q running at once, %v, want at most 2", line, err)
		}
	}
	if err := s.run(t.Context(), paths, "", time.Minute, 0); err == nil || !strings.Contains(err.Error(), "--jobs: got 0") {
		t.Errorf("no jobs: got %v", err)
	}
}
