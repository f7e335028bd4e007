package main

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"distillation/kdlib/internal/lock"
)

// The exit statuses that "kd --help" tells, each by a command that ends with it.
func TestExitStatus(t *testing.T) {
	dir := t.TempDir()
	held, err := lock.Take(filepath.Join(dir, "held"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Release() }()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	edges, faces := filepath.Join("testdata", "edges.csv"), filepath.Join(dir, "faces")
	if _, err := kd("data", "synth", "--n", "20", "--size", "32", "--out", faces); err != nil {
		t.Fatal(err)
	}
	study := "study --preset demo --pictures " + faces + " --cache " + dir + " --dir "
	for _, test := range []struct {
		ctx   context.Context
		words string
		want  int
	}{
		{t.Context(), "", 0},
		{t.Context(), "data", 0},
		{t.Context(), "score --help", 0},
		{t.Context(), "score " + edges, 0},
		{t.Context(), "fly", exitUsage},
		{t.Context(), "data fly", exitUsage},
		{t.Context(), "weights fly", exitUsage},
		{t.Context(), "score --fly " + edges, exitUsage},
		{t.Context(), "score --threshold high " + edges, exitUsage},
		{t.Context(), "score --threshold 2 " + edges, exitUsage},
		{t.Context(), "score", exitUsage},
		{t.Context(), "report", exitUsage}, // without --out
		{t.Context(), "study --preset huge", exitUsage},
		{t.Context(), "score absent.csv", exitFailed},
		{t.Context(), "tables testdata", exitFailed},
		{t.Context(), study + filepath.Join(dir, "held"), exitAgain},
		{stopped, "data check " + faces, exitAgain},
		{stopped, study + filepath.Join(dir, "new"), exitAgain},
		{stopped, "fly", exitUsage},
	} {
		err := run(test.ctx, &strings.Builder{}, &strings.Builder{}, strings.Fields(test.words))
		if got := status(err); got != test.want {
			t.Errorf("kd %s: got status %d, %v, want %d", test.words, got, err, test.want)
		}
	}
	help, err := kd("--help")
	if err != nil || !strings.Contains(help, exitHelp) {
		t.Errorf("kd --help: got %q, %v, want the exit statuses", help, err)
	}
	log := filepath.Join(dir, "log.txt")
	var exit *exec.ExitError
	if err := command(t, log, "fly").Run(); !errors.As(err, &exit) || exit.ExitCode() != exitUsage {
		t.Errorf("kd fly, as a process: got %v, want exit status %d", err, exitUsage)
	}
}

func TestVersion(t *testing.T) {
	got, err := kd("--version")
	if want := regexp.MustCompile(`^kd, commit ([0-9a-f]{40}|unknown)(, with changes)?, on \w+/\w+\n(.*\n)*go go1\.`); err != nil || !want.MatchString(got) {
		t.Errorf("got %q, %v, want %s", got, err, want)
	}
}
