package checkout

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The commit is that of this module's checkout, from whatever folder of it; changes count where they decide results.
func TestSourceCommit(t *testing.T) {
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
	if commit, modified := Commit(); commit != "" || modified {
		t.Errorf("another module: got commit %q, modified %t, want none", commit, modified)
	}
	write("go.mod", "module "+module+"\n\ngo 1.26\n")
	write("kdlib/doc.go", "package kdlib\n")
	git("add", ".")
	git("commit", "--quiet", "-m", "b")
	write("notebooks/a.ipynb", "{ }")
	if commit, modified := Commit(); len(commit) != 40 || modified {
		t.Errorf("another notebook: got commit %q, modified %t, want 40 digits and no change", commit, modified)
	}
	write("kdlib/new.go", "package kdlib\n")
	if commit, modified := Commit(); len(commit) != 40 || !modified {
		t.Errorf("a new file of kdlib: got commit %q, modified %t, want a change", commit, modified)
	}
}
