package main

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/backend/memory"
)

func TestKernelJSON(t *testing.T) {
	data, err := kernelJSON("/my root", goEnv{GOROOT: "/opt/go", GOMODCACHE: "/home/ann/go/pkg/mod"}, plugin{Path: "/lib/p.so"}, from(nil))
	if err != nil {
		t.Fatal(err)
	}
	var got kernelSpec
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	argv := []string{"/my root/.venv/bin/gonb-kernel", "--kernel", "{connection_file}", "-go_work=/my root",
		"-logtostderr=false", "-stderrthreshold=FATAL", "-log_file_max_size=10"}
	if !slices.Equal(got.Argv, argv) || got.InterruptMode != "message" || got.Language != "go" {
		t.Errorf("got %+v", got)
	}
	env := map[string]string{
		"PATH":                     "/my root/.venv/lib/gopls:/my root/.venv/bin:/opt/go/bin:${PATH}",
		"GOPROXY":                  "off",
		"GOMODCACHE":               "/home/ann/go/pkg/mod",
		"GOFLAGS":                  "-buildvcs=false -ldflags=-w",
		"GOWORK":                   "",
		"GOMLX_BACKEND":            "xla:/lib/p.so",
		"GOMLX_NO_AUTO_INSTALL":    "1",
		"PJRT_PLUGIN_LIBRARY_PATH": "/lib",
		"TF_CPP_MIN_LOG_LEVEL":     "2",
		"GLIBC_TUNABLES":           memory.Tunables,
		"KDLIB_PROGRAMS":           "/my root/.venv/lib/programs",
	}
	if !maps.Equal(got.Env, env) {
		t.Errorf("got %v, want %v", got.Env, env)
	}
}

func TestKernelSpecIsMended(t *testing.T) {
	s, _ := newTestSetup(t)
	path := filepath.Join(t.TempDir(), "p.so")
	writeTestFile(t, path, elf)
	t.Setenv("GOMLX_BACKEND", "xla:"+path)
	for _, damage := range []func(){
		func() {}, // nothing there yet
		func() { writeTestFile(t, s.kernelSpec(), "{") },
		func() { os.Remove(s.kernelSpec()) },
		func() { writeTestFile(t, s.starter(), "#!/bin/sh\n") },
		func() { t.Setenv("XLA_FLAGS", "--new=1") }, // the environment changed
	} {
		damage()
		if st := s.checkKernelSpec(t.Context()); st.ok {
			t.Fatalf("damage not seen: %+v", st)
		}
		if err := s.installKernelSpec(t.Context()); err != nil {
			t.Fatal(err)
		}
		if st := s.checkKernelSpec(t.Context()); !st.ok {
			t.Errorf("not mended: %+v", st)
		}
	}
}

// The log lies in the installation while it can be written there, else in the state of the user, whoever that is. Words with spaces stay whole.
func TestStarterChoosesTheLog(t *testing.T) {
	s, _ := newTestSetup(t)
	writeTestFile(t, s.bin("gonb"), "#!/bin/sh\nfor word; do echo \"$word\"; done\n")
	writeTestFile(t, s.starter(), starterScript)
	home := filepath.Join(t.TempDir(), "of ann")
	t.Setenv("HOME", home)
	t.Setenv("XDG_STATE_HOME", "")
	start := func() string {
		t.Helper()
		out, err := exec.Command(s.starter(), "--kernel", "a file").CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		log, rest, _ := strings.Cut(strings.TrimPrefix(string(out), "-log_file="), "\n")
		if rest != "--kernel\na file\n" {
			t.Errorf("got the words %q", rest)
		}
		if _, err := os.Stat(filepath.Dir(log)); err != nil {
			t.Error(err)
		}
		return filepath.Clean(log)
	}
	if err := os.MkdirAll(s.own(), 0o755); err != nil {
		t.Fatal(err)
	}
	if got, want := start(), s.own("gonb.log"); got != want {
		t.Errorf("the owner's log: got %s, want %s", got, want)
	}
	if err := errors.Join(os.Remove(s.own("gonb.log")), os.Mkdir(s.own("gonb.log"), 0o755)); err != nil { // which root cannot write into either
		t.Fatal(err)
	}
	if got, want := start(), filepath.Join(home, ".local", "state", "kdlib", "gonb.log"); got != want {
		t.Errorf("another user's log: got %s, want %s", got, want)
	}
	t.Setenv("XDG_STATE_HOME", filepath.Join(home, "state"))
	if got, want := start(), filepath.Join(home, "state", "kdlib", "gonb.log"); got != want {
		t.Errorf("with XDG_STATE_HOME: got %s, want %s", got, want)
	}
}
