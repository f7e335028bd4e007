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
func TestRunAll(t *testing.T) {
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
	if got := shared.runAll(t.Context(), plugin{Path: "/p.so"}, paths, runOptions{jobs: 2, timeout: time.Minute}); got != 1 {
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
	if err := s.run(t.Context(), paths, runOptions{jobs: 0, timeout: time.Minute}); err == nil || !strings.Contains(err.Error(), "--jobs: got 0") {
		t.Errorf("no jobs: got %v", err)
	}
}

// A solution begins when its notebook and those before it are done, also when a job is free; a later notebook does not hold it up.
func TestSolutionWaits(t *testing.T) {
	s, out := newTestSetup(t)
	shared := *s
	shared.out = &sharedWriter{w: out}
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	// The stub notes when it begins and ends; the notebook 01 is slow, and ends only when the solution of 00 has begun.
	writeTestFile(t, s.python(), "#!/bin/sh\necho begin $3 >> '"+log+"'\ncase $3 in */solutions/*);; *00*) sleep 0.2;; "+
		"*) while ! grep -q 'begin .*solutions/00' '"+log+"'; do sleep 0.02; done;; esac\necho end $3 >> '"+log+"'\ncp \"$3\" \"$4\"\n")
	var paths []string
	for _, name := range []string{"00", "01", "solutions/00", "solutions/01"} {
		path := filepath.Join(dir, name+".ipynb")
		writeTestFile(t, path, succeeded)
		paths = append(paths, path)
	}
	if got := shared.runAll(t.Context(), plugin{Path: "/p.so"}, paths, runOptions{jobs: 4, timeout: time.Minute}); got != 0 {
		t.Fatalf("got %d failed notebooks, want 0:\n%s", got, out)
	}
	said, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"00", "01"} {
		end := strings.Index(string(said), "end "+filepath.Join(dir, name+".ipynb"))
		begin := strings.Index(string(said), "begin "+filepath.Join(dir, "solutions", name+".ipynb"))
		if end < 0 || begin < end {
			t.Errorf("solution %s: began before its notebook ended:\n%s", name, said)
		}
	}
}
