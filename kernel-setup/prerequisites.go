package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// goEnv is what `go env` says.
type goEnv struct{ GOROOT, GOVERSION, CC, CGO_ENABLED, GOCACHE, GOMODCACHE string }

// readGoEnv asks the go command on PATH.
func readGoEnv(ctx context.Context, dir string) (goEnv, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOROOT", "GOVERSION", "CC", "CGO_ENABLED", "GOCACHE", "GOMODCACHE")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return goEnv{}, fmt.Errorf("go env: %w", err)
	}
	var e goEnv
	if err := json.Unmarshal(out, &e); err != nil {
		return goEnv{}, fmt.Errorf("go env: %w", err)
	}
	return e, nil
}

// goBin is the folder of the go command, which cells are compiled with.
func (e goEnv) goBin() string { return filepath.Join(e.GOROOT, "bin") }

const cProgram = "#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n"

// checkCompiler compiles a small C program with cc, the value of `go env CC`; cgo is `go env CGO_ENABLED`.
func checkCompiler(ctx context.Context, cc, cgo string) status {
	words := strings.Fields(cc)
	if len(words) == 0 {
		words = []string{"gcc"}
	}
	path, err := exec.LookPath(words[0])
	if err != nil {
		return status{problem: fmt.Sprintf("the C compiler %q (go env CC) is not on PATH. To install one: %s", words[0], compilerHint())}
	}
	if cgo == "0" {
		return status{where: path, problem: "CGO_ENABLED is 0, but the XLA backend needs cgo. Type: unset CGO_ENABLED; go env -u CGO_ENABLED"}
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	dir, err := os.MkdirTemp("", "kernel-setup-")
	if err != nil {
		return status{where: path, problem: err.Error()}
	}
	defer os.RemoveAll(dir)
	args := append(words[1:], "-x", "c", "-", "-o", filepath.Join(dir, "program"))
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin = strings.NewReader(cProgram)
	if out, err := cmd.CombinedOutput(); err != nil {
		return status{where: path, problem: fmt.Sprintf("the C compiler %s does not work (%s). To install its parts: %s",
			path, firstLine(string(out), err.Error()), compilerHint())}
	}
	version, _ := exec.CommandContext(ctx, path, "-dumpversion").Output()
	return status{ok: true, version: strings.TrimSpace(string(version)), where: path}
}

// pythonNames are tried in this order.
var pythonNames = []string{"python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"}

const pythonProbe = `import sys
print("%d.%d.%d" % sys.version_info[:3])
import venv, ensurepip`

// checkPython finds a Python that is new enough and can make virtual environments.
func checkPython(ctx context.Context) status {
	var found, noVenv []string
	for _, name := range pythonNames {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		version, venv := probePython(ctx, path)
		switch {
		case version == "":
			continue // a launcher without a Python behind it
		case !newEnough(version):
			found = append(found, name+" "+version)
		case !venv:
			noVenv = append(noVenv, name+" "+version)
		default:
			return status{ok: true, version: version, where: path}
		}
	}
	return status{problem: pythonProblem(found, noVenv)}
}

func pythonProblem(old, noVenv []string) string {
	need := fmt.Sprintf("Python %d.%d or newer", minPython[0], minPython[1])
	switch {
	case len(noVenv) > 0:
		return fmt.Sprintf("%s has no venv module. To install it: %s", noVenv[0], pythonHint())
	case len(old) > 0:
		return fmt.Sprintf("%s is needed, found only %s. To install one: %s", need, strings.Join(old, ", "), pythonHint())
	default:
		return fmt.Sprintf("%s is needed, found none on PATH. To install one: %s", need, pythonHint())
	}
}

// probePython returns the version of the Python at path, empty if it does not run, and whether it has venv.
func probePython(ctx context.Context, path string) (version string, venv bool) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "-c", pythonProbe).Output()
	version, _, _ = strings.Cut(string(out), "\n")
	return version, err == nil
}

func newEnough(version string) bool {
	parts := strings.Split(version, ".")
	if len(parts) < 2 {
		return false
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	return err1 == nil && err2 == nil && (major > minPython[0] || major == minPython[0] && minor >= minPython[1])
}

func compilerHint() string {
	return hint("sudo apt install gcc libc6-dev", "sudo dnf install gcc glibc-devel", "xcode-select --install")
}

func pythonHint() string {
	return hint("sudo apt install python3 python3-venv", "sudo dnf install python3", "brew install python")
}

// hint picks the command line for this system; on an unknown one it gives those of the known ones.
func hint(debian, fedora, mac string) string {
	if runtime.GOOS == "darwin" {
		return mac
	}
	release, _ := os.ReadFile("/etc/os-release")
	switch {
	case strings.Contains(string(release), "debian"): // ID or ID_LIKE; Ubuntu and Mint too
		return debian
	case strings.Contains(string(release), "fedora"):
		return fedora
	}
	return fmt.Sprintf("%s (Debian, Ubuntu), %s (Fedora), %s (macOS)", debian, fedora, mac)
}

// firstLine is the first line of s that says something, or other.
func firstLine(s, other string) string {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return other
}
