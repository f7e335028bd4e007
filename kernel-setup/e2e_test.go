package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The notebooks of the end-to-end test, as the sources of their code cells.
var e2eNotebooks = map[string][]string{
	"ok.ipynb": {
		"import (\n\t\"github.com/gomlx/compute\"\n\t_ \"github.com/gomlx/gomlx/backends/default\"\n)\n%%\nfmt.Println(compute.MustNew().Name())",
		"%%\nfmt.Println(\"root of 2:\", math.Sqrt2)",
	},
	"typo.ipynb": {"%%\nfmt.Println(1)", "%%\nnothing()"},
}

// TestEndToEnd installs everything into a copy of the checkout whose path has a space, with an empty home folder, and
// runs notebooks there. It needs the network and some minutes: KDLIB_E2E=1 go test -timeout 30m ./kernel-setup
func TestEndToEnd(t *testing.T) {
	if os.Getenv("KDLIB_E2E") != "1" {
		t.Skip("installs everything anew; set KDLIB_E2E=1 to run it")
	}
	root, home := filepath.Join(t.TempDir(), "a copy"), t.TempDir()
	copyCheckout(t, root)
	for name, sources := range e2eNotebooks {
		writeNotebook(t, filepath.Join(root, "notebooks", name), sources)
	}
	goEnv, err := readGoEnv(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	setup := func(args ...string) (string, int) {
		cmd := exec.CommandContext(t.Context(), "go", append([]string{"run", "./kernel-setup"}, args...)...)
		cmd.Dir = root
		cmd.Env = with(os.Environ(), variable{"HOME", home}, variable{"GOMODCACHE", goEnv.GOMODCACHE},
			variable{"GOMLX_BACKEND", ""}, variable{"PJRT_PLUGIN_LIBRARY_PATH", ""})
		out, err := cmd.CombinedOutput()
		t.Logf("%s: %v\n%s", args, err, out)
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return string(out), exit.ExitCode()
		}
		return string(out), 0
	}
	steps := []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"doctor"}, 1, "MISSING"},
		{[]string{"run", "notebooks/ok.ipynb"}, 0, "ok.ipynb"},
		{[]string{"doctor"}, 0, "found"},
		{[]string{"run"}, 1, "typo.ipynb In[2]: line 2 of In[2]: undefined: nothing"},
		{[]string{"uninstall"}, 0, "removed"},
	}
	for _, s := range steps {
		if out, status := setup(s.args...); status != s.status || !strings.Contains(out, s.says) {
			t.Fatalf("%s: exit status %d, want %d; output has %q: %v", s.args, status, s.status, s.says, strings.Contains(out, s.says))
		}
	}
	checkHome(t, home)
}

// checkHome wants nothing there but what Go itself writes.
func checkHome(t *testing.T, home string) {
	t.Helper()
	for _, pattern := range []string{"*", ".cache/*", ".config/*"} {
		paths, err := filepath.Glob(filepath.Join(home, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			switch rel, _ := filepath.Rel(home, path); rel {
			case ".cache", ".cache/go-build", ".cache/goimports", ".cache/gopls", ".config", ".config/go":
			case ".rustup": // pip tells the index the version of rustc, which rustup's stand-in makes a folder for
			default:
				t.Errorf("%s was written", rel)
			}
		}
	}
}

// copyCheckout copies what set-up reads.
func copyCheckout(t *testing.T, root string) {
	t.Helper()
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		writeTestFile(t, filepath.Join(root, name), string(data))
	}
	for _, name := range []string{"kdlib", "kernel-setup"} {
		if err := os.CopyFS(filepath.Join(root, name), os.DirFS(filepath.Join("..", name))); err != nil {
			t.Fatal(err)
		}
	}
}

// writeNotebook writes a notebook of code cells.
func writeNotebook(t *testing.T, path string, sources []string) {
	t.Helper()
	type codeCell struct {
		Type     string         `json:"cell_type"`
		ID       string         `json:"id"`
		Source   string         `json:"source"`
		Metadata map[string]any `json:"metadata"`
		Outputs  []output       `json:"outputs"`
		Count    *int           `json:"execution_count"`
	}
	cells := []codeCell{}
	for i, source := range sources {
		cells = append(cells, codeCell{"code", "cell" + string(rune('a'+i)), source, map[string]any{}, []output{}, nil})
	}
	err := writeJSON(path, map[string]any{
		"cells": cells, "nbformat": 4, "nbformat_minor": 5,
		"metadata": map[string]any{"kernelspec": map[string]string{"name": "gonb", "display_name": "Go (gonb)", "language": "go"}},
	})
	if err != nil {
		t.Fatal(err)
	}
}
