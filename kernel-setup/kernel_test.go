package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"distillation/kdlib/backend/memory"
)

func TestKernelJSON(t *testing.T) {
	data, err := kernelJSON("/my root", "/opt/go/bin", plugin{Path: "/lib/p.so"}, from(nil))
	if err != nil {
		t.Fatal(err)
	}
	var got kernelSpec
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	argv := []string{"/my root/.venv/bin/gonb", "--kernel", "{connection_file}", "-go_work=/my root",
		"-logtostderr=false", "-stderrthreshold=FATAL", "-log_file=/my root/.venv/share/kernel-setup/gonb.log", "-log_file_max_size=10"}
	if !slices.Equal(got.Argv, argv) || got.InterruptMode != "message" || got.Language != "go" {
		t.Errorf("got %+v", got)
	}
	env := map[string]string{
		"PATH":                     "/my root/.venv/lib/gopls:/my root/.venv/bin:/opt/go/bin:${PATH}",
		"GOPROXY":                  "off",
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
