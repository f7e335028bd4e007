package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestStampHolds(t *testing.T) {
	s, _ := newTestSetup(t)
	program := s.bin("gonb")
	writeTestFile(t, program, "program")
	if got, want := s.readStamp("x").holds(s.layout, "key"), "not installed"; got != want {
		t.Errorf("no stamp: got %q, want %q", got, want)
	}
	if err := s.writeStamp("x", "key", program); err != nil {
		t.Fatal(err)
	}
	check := func(key, want string) {
		t.Helper()
		if got := s.readStamp("x").holds(s.layout, key); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	check("key", "")
	check("other", "installed for another place or in other versions")
	writeTestFile(t, program, "")
	check("key", "bin/gonb is damaged (0 bytes, want 7)")
	if err := os.Remove(program); err != nil {
		t.Fatal(err)
	}
	check("key", "bin/gonb is missing")
	writeTestFile(t, s.stampPath("x"), `{"Key": "ke`)
	check("key", "not installed")
}

func TestEnsureComponent(t *testing.T) {
	s, out := newTestSetup(t)
	installed := false
	c := component{"thing", "a minute",
		func(context.Context) status { return status{ok: installed, version: "v1", problem: "not installed"} },
		func(context.Context) error { installed = true; return nil }}
	for range 2 { // the second time there is nothing to do and nothing to say
		if err := s.ensureComponent(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if want := "thing: not installed; installing, which takes a minute\nthing: v1, ready in 0 s\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	c.check = func(context.Context) status { return status{problem: "damaged"} }
	c.install = func(context.Context) error { return errors.New("no network") }
	err := s.ensureComponent(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), "thing could not be installed: no network") || !strings.Contains(err.Error(), "run the same command again") {
		t.Errorf("got %v", err)
	}
}

func TestTogether(t *testing.T) {
	s, out := newTestSetup(t)
	s.out = &sharedWriter{w: out}
	missing := func(context.Context) status { return status{problem: "not installed"} }
	begun := make(chan bool)
	waits := component{"waits", "long", missing, func(ctx context.Context) error {
		begun <- true
		<-ctx.Done()
		return ctx.Err()
	}}
	fails := component{"fails", "long", missing, func(context.Context) error {
		<-begun // one after the other would wait for ever
		return errors.New("no network")
	}}
	for _, all := range [][]component{{waits, fails}, {fails, waits}} {
		if err := s.together(t.Context(), all); err == nil || !strings.Contains(err.Error(), "fails could not be installed: no network") {
			t.Errorf("got %v, want the first error", err)
		}
	}
	if err := s.together(t.Context(), []component{{"there", "", func(context.Context) status { return status{ok: true} }, nil}}); err != nil {
		t.Error(err)
	}
}

func TestExplain(t *testing.T) {
	for output, want := range map[string]string{
		"WARNING: Retrying ... NewConnectionError(...)\nERROR: No matching distribution": "no network, or the package index cannot be reached",
		"go: example.org/x@v1: Get \"https://...\": dial tcp: lookup ...":                "no network, or the package index cannot be reached",
		"OSError: [Errno 28] No space left on device":                                    "the disk is full",
		"ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.":      "the downloaded file is not the pinned one (checksum)",
	} {
		if got := explain(output, errors.New("exit status 1")); got != want {
			t.Errorf("%q: got %q, want %q", output, got, want)
		}
	}
}

func TestUninstall(t *testing.T) {
	s, out := newTestSetup(t)
	if err := s.uninstall(t.Context()); err != nil || !strings.Contains(out.String(), "nothing is installed") {
		t.Errorf("nothing there: got %v, %q", err, out)
	}
	theirs := filepath.Join(s.venv(), "pyvenv.cfg")
	writeTestFile(t, theirs, "")
	if err := s.uninstall(t.Context()); err == nil || !strings.Contains(err.Error(), "was not made by this program") {
		t.Errorf("somebody else's: got %v, want a refusal", err)
	}
	if err := s.claim(); err == nil {
		t.Error("somebody else's: install did not refuse")
	}
	if err := os.Remove(theirs); err != nil {
		t.Fatal(err)
	}
	if err := s.claim(); err != nil {
		t.Fatal(err)
	}
	if err := s.uninstall(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.venv()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want .venv gone", err)
	}
}

func TestLockKeepsOthersWaiting(t *testing.T) {
	s, _ := newTestSetup(t)
	unlock, err := s.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, out := newTestSetup(t)
	other.layout = s.layout
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := other.lock(ctx); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(out.String(), "waiting") {
		t.Errorf("got %v, %q, want to wait in vain", err, out)
	}
	unlock()
	unlock, err = other.lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

func TestFindLayout(t *testing.T) {
	s, _ := newTestSetup(t)
	deep := s.path("kdlib", "hist")
	writeTestFile(t, filepath.Join(deep, "a.go"), "")
	writeTestFile(t, s.path("kernel-setup", "tools", "go.mod"), "module distillation/kernel-setup/tools\n")
	for _, dir := range []string{s.path(), deep, s.toolsDir()} {
		if got, err := findLayout(dir); err != nil || got != s.layout {
			t.Errorf("%s: got %q, %v", dir, got, err)
		}
	}
	if _, err := findLayout(t.TempDir()); err == nil {
		t.Error("outside: got no error")
	}
}
