package study

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"testing"
)

// The commit is that of this module's checkout, from whatever folder of it; changes count where they decide results.
func TestCheckedOut(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		c := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@b"}, args...)...)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v: %s", args, err, out)
		}
	}
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "--quiet")
	write("go.mod", "module elsewhere\n")
	write("notebooks/a.ipynb", "{}")
	git("add", ".")
	git("commit", "--quiet", "-m", "a")
	t.Chdir(filepath.Join(dir, "notebooks"))
	if commit, modified := checkedOut(); commit != "" || modified {
		t.Errorf("another module: got commit %q, modified %t, want none", commit, modified)
	}
	write("go.mod", "module "+module+"\n\ngo 1.26\n")
	write("kdlib/doc.go", "package kdlib\n")
	git("add", ".")
	git("commit", "--quiet", "-m", "b")
	write("notebooks/a.ipynb", "{ }")
	if commit, modified := checkedOut(); len(commit) != 40 || modified {
		t.Errorf("another notebook: got commit %q, modified %t, want 40 digits and no change", commit, modified)
	}
	write("kdlib/new.go", "package kdlib\n")
	if commit, modified := checkedOut(); len(commit) != 40 || !modified {
		t.Errorf("a new file of kdlib: got commit %q, modified %t, want a change", commit, modified)
	}
}

// A program says what it was built of, wherever it runs; one that uses this module as a library has a commit of its own, which is not this one's.
func TestBuiltFrom(t *testing.T) {
	info := func(path string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Path: path}, Settings: settings}
	}
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "abc"}
	for name, test := range map[string]struct {
		linked   string
		info     *debug.BuildInfo
		commit   string
		modified bool
	}{
		"nothing":      {"", info(module), "", false},
		"go's":         {"", info(module, revision, debug.BuildSetting{Key: "vcs.modified", Value: "false"}), "abc", false},
		"changed":      {"", info(module, revision, debug.BuildSetting{Key: "vcs.modified", Value: "true"}), "abc", true},
		"a user's":     {"", info("elsewhere", revision), "", false},
		"the linker's": {"def", info(module, revision), "def", false},
		"with changes": {"def-dirty", info(module), "def", true},
	} {
		commit = test.linked
		if got, modified := builtFrom(test.info); got != test.commit || modified != test.modified {
			t.Errorf("%s: got %q, %t, want %q, %t", name, got, modified, test.commit, test.modified)
		}
	}
	commit = "def"
	defer func() { commit = "" }()
	if got, modified := sourceCommit(); got != "def" || modified {
		t.Errorf("in a checkout: got %q, %t, want what the program says", got, modified)
	}
}
