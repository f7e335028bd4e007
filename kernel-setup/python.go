package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed scripts/verify.py
var verifyScript string

const pythonStamp = "python"

// pythonRequirements is the requirements file of the packages asked for by name.
func pythonRequirements() string {
	var b strings.Builder
	for _, p := range pythonPackages {
		fmt.Fprintf(&b, "%s==%s\n", p.Name, p.Version)
	}
	return b.String()
}

// pythonKey holds the root too, because scripts in a virtual environment carry absolute paths.
func (s *setup) pythonKey() string {
	return keyOf(string(s.layout), pythonRequirements(), pythonConstraints)
}

// checkPythonEnv asks the environment's own Python whether all its files are there.
func (s *setup) checkPythonEnv(ctx context.Context) status {
	st := status{where: s.relative(s.venv())}
	if st.problem = s.readStamp(pythonStamp).holds(s.layout, s.pythonKey()); st.problem != "" {
		return st
	}
	cmd := exec.CommandContext(ctx, s.python(), "-I", "-c", verifyScript)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		st.problem = firstLine(stderr.String(), "its Python does not start")
		return st
	}
	versions := parseVersions(string(out))
	for _, p := range pythonPackages {
		if versions[p.Name] != p.Version {
			st.problem = fmt.Sprintf("%s is %s, want %s", p.Name, either(versions[p.Name], "missing"), p.Version)
			return st
		}
	}
	st.ok = true
	st.version = fmt.Sprintf("%s (Python %s)", versions["jupyterlab"], versions["python"])
	return st
}

// parseVersions reads the lines "name version" of scripts/verify.py.
func parseVersions(out string) map[string]string {
	versions := map[string]string{}
	for line := range strings.Lines(out) {
		if name, version, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			versions[strings.ToLower(name)] = version
		}
	}
	return versions
}

// installPythonEnv makes the environment anew: pip takes a package with missing files for installed.
func (s *setup) installPythonEnv(ctx context.Context) error {
	if err := s.removePythonEnv(); err != nil {
		return err
	}
	base := checkPython(ctx)
	if !base.ok {
		return fmt.Errorf("%s", base.problem)
	}
	venv := exec.CommandContext(ctx, base.where, "-m", "venv", s.venv())
	venv.Env = with(os.Environ(), variable{"PYTHONHOME", ""}, variable{"PYTHONPATH", ""})
	if err := s.quietly(ctx, "virtual environment", venv); err != nil {
		return err
	}
	requirements, constraints := filepath.Join(s.temp(), "requirements.txt"), filepath.Join(s.temp(), "constraints.txt")
	if err := writeFile(requirements, []byte(pythonRequirements())); err != nil {
		return err
	}
	if err := writeFile(constraints, []byte(pythonConstraints)); err != nil {
		return err
	}
	if err := s.quietly(ctx, "pip install", s.pip(ctx, "install", "-r", requirements, "-c", constraints)); err != nil {
		return err
	}
	if err := os.RemoveAll(s.pipCache()); err != nil {
		return err
	}
	return s.writeStamp(pythonStamp, s.pythonKey())
}

// removePythonEnv removes what a virtual environment consists of, and nothing else that lives in .venv.
func (s *setup) removePythonEnv() error {
	for _, pattern := range []string{"pyvenv.cfg", "include", "lib64", "lib/python3*", "bin/python*", "bin/pip*", "bin/activate*", "bin/Activate*"} {
		paths, err := filepath.Glob(s.path(".venv", pattern))
		if err != nil {
			return err
		}
		for _, p := range paths {
			if err := os.RemoveAll(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// pipCache keeps downloads between tries, outside the home folder.
func (s *setup) pipCache() string { return s.own("pip-cache") }

// pip runs the environment's own pip with the user's index configuration.
func (s *setup) pip(ctx context.Context, args ...string) *exec.Cmd {
	return s.pipOf(ctx, s.python(), args...)
}

// pipOf is the pip of a Python.
func (s *setup) pipOf(ctx context.Context, python string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, python, append([]string{"-m", "pip"}, args...)...)
	cmd.Env = with(os.Environ(),
		variable{"PIP_DISABLE_PIP_VERSION_CHECK", "1"},
		variable{"PIP_NO_INPUT", "1"},
		variable{"PIP_RETRIES", either(os.Getenv("PIP_RETRIES"), "2")},
		variable{"PIP_CACHE_DIR", either(os.Getenv("PIP_CACHE_DIR"), s.pipCache())},
		variable{"PIP_USER", "0"}, variable{"PYTHONHOME", ""}, variable{"PYTHONPATH", ""},
		variable{"PYTHONNOUSERSITE", "1"})
	return cmd
}

// pinned is a line of pip's requirements: one distribution with its checksum.
func pinned(name, version, sha256 string) string {
	return fmt.Sprintf("%s==%s --hash=sha256:%s\n", name, version, sha256)
}
