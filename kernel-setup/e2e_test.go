package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
		return runIn(t, root, []variable{{"HOME", home}, {"GOMODCACHE", goEnv.GOMODCACHE}}, append([]string{"go", "run", "./kernel-setup"}, args...)...)
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

// runIn runs a command in a folder, without a plugin that the user has named, and returns what it prints and its exit status.
func runIn(t *testing.T, dir string, env []variable, words ...string) (string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), words[0], words[1:]...)
	cmd.Dir = dir
	cmd.Env = with(with(os.Environ(), variable{"GOMLX_BACKEND", ""}, variable{"PJRT_PLUGIN_LIBRARY_PATH", ""}), env...)
	out, err := cmd.CombinedOutput()
	t.Logf("%s: %v\n%s", words, err, out)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// TestPackEndToEnd packs this checkout, sets it up in another folder, with an empty home folder and without a network, and executes the first
// notebook there. It takes ten minutes or, on a busy machine, many more, and 6 GB: KDLIB_E2E=1 go test -timeout 60m -run Pack ./kernel-setup
func TestPackEndToEnd(t *testing.T) {
	if os.Getenv("KDLIB_E2E") != "1" {
		t.Skip("packs and installs everything anew; set KDLIB_E2E=1 to run it")
	}
	dir := filepath.Join(t.TempDir(), "a copy")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	const nowhere = "http://127.0.0.1:9"
	offline := []variable{{"HOME", t.TempDir()}, {"GOMODCACHE", ""}, {"GOCACHE", ""}, {"GOFLAGS", "-modcacherw"}, // so that the test can remove it
		{"HTTP_PROXY", nowhere}, {"HTTPS_PROXY", nowhere}, {"http_proxy", nowhere}, {"https_proxy", nowhere}, {"NO_PROXY", "127.0.0.1,localhost"}}
	var alone []string                                      // what goes before a command
	if exec.Command("unshare", "-n", "true").Run() == nil { // root on Linux: a network of loopback only
		alone = []string{"unshare", "-n", "sh", "-c", `ip link set lo up; exec "$@"`, "sh"}
	}
	root, pack := filepath.Join(dir, packedRoot), filepath.Join(dir, "p.tar.zst")
	steps := []struct {
		in     string
		env    []variable
		words  []string
		status int
		says   string
	}{
		{"..", nil, []string{"go", "run", "./kernel-setup", "pack", pack}, 0, "on another machine"},
		{dir, nil, []string{"tar", "-xf", pack}, 0, ""},
		{root, offline, slices.Concat(alone, []string{"./setup", "doctor"}), 1, "Type: ./setup lab"},
		{root, offline, slices.Concat(alone, []string{"./setup", "run", "notebooks/00_quick_start.ipynb"}), 0, "ok"},
		{root, offline, slices.Concat(alone, []string{"./setup", "doctor"}), 0, filepath.Join(root, packedDir, "go", "bin")},
	}
	for _, s := range steps {
		if out, status := runIn(t, s.in, s.env, s.words...); status != s.status || !strings.Contains(out, s.says) {
			t.Fatalf("%s: exit status %d, want %d; output has %q: %v", s.words, status, s.status, s.says, strings.Contains(out, s.says))
		}
	}
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
