// Package checkout says of which source a program is.
package checkout

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// module is the name of this one in its go.mod.
const module = "distillation"

// Commit asks git, since a command run by "go tool" and a notebook's cell carry no commit; modified says that the source had
// changes that are not in the commit. Where the working directory, which may be any of the checkout, is in no checkout of this
// module, or there is no git, the commit is empty.
func Commit() (commit string, modified bool) {
	top, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		return "", false
	}
	root := strings.TrimSpace(string(top))
	if text, err := os.ReadFile(filepath.Join(root, "go.mod")); err != nil || !strings.HasPrefix(string(text), "module "+module+"\n") {
		return "", false
	}
	out, err := exec.Command("git", "-C", root, "rev-parse", "HEAD").Output()
	if err != nil {
		return "", false
	}
	changed, err := exec.Command("git", "-C", root, "status", "--porcelain", "--", "kdlib", "go.mod", "go.sum").Output()
	return strings.TrimSpace(string(out)), err != nil || len(changed) > 0
}
