package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestKernels uses real kernels of this checkout's .venv as notebooks do: a cell that panics, kernels that are interrupted,
// restarted and killed while a cell trains, two notebooks on one run. KDLIB_E2E=1 go test -run Kernels ./kernel-setup
func TestKernels(t *testing.T) {
	if os.Getenv("KDLIB_E2E") != "1" {
		t.Skip("takes minutes and needs an installed .venv; set KDLIB_E2E=1 to run it")
	}
	s, err := newSetup(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.python()); err != nil {
		t.Skip("nothing is installed:", err)
	}
	runs := s.path("datasets", "runs")
	if err := os.MkdirAll(runs, 0o755); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(runs, "kernels-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	p, err := findPlugin(s.layout, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := kernelJSON(s.layout, s.env, p, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	writeTestFile(t, filepath.Join(dir, "kernels", "gonb", "kernel.json"), string(spec)) // that of this source, not the installed one
	cmd := exec.CommandContext(t.Context(), s.python(), filepath.Join("testdata", "kernels.py"), dir)
	cmd.Env = with(with(os.Environ(), environment(s.layout, s.env.goBin(), p, os.Getenv)...), jupyterEnvironment(s.layout)...)
	cmd.Env = with(cmd.Env, variable{"JUPYTER_PATH", dir})
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr // it takes minutes
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
}
