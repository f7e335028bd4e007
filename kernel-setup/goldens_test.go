package main

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// requirement is a line of a requirements file.
var requirement = regexp.MustCompile(`^([A-Za-z0-9_.-]+)==([0-9][0-9a-z.]*)( ; platform_system .*)?$`)

// pins reads the versions of both requirements files, and complains of lines that pin none.
func pins(t *testing.T) map[string]string {
	t.Helper()
	versions := map[string]string{}
	for l := range strings.Lines(goldenRequirements + torchRequirements) {
		if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		m := requirement.FindStringSubmatch(l)
		if m == nil {
			t.Errorf("requirements: %q is no pin", l)
			continue
		}
		versions[m[1]] = m[2]
	}
	return versions
}

// distributions are the names by which packages are installed, where their modules have others.
var distributions = map[string]string{"PIL": "pillow", "pillow_heif": "pillow-heif", "sklearn": "scikit-learn", "pytorch_grad_cam": "grad-cam"}

// standard are the modules of Python's own library that generators use, and the project's kdlib/network/internal/formula.
var standard = []string{"formula", "binascii", "csv", "ctypes", "decimal", "fractions", "functools", "gzip", "hashlib", "importlib", "io", "itertools", "json", "logging", "math", "os", "pathlib", "random", "re",
	"shutil", "struct", "subprocess", "sys", "tarfile", "tempfile", "warnings", "zipfile", "zlib"}

var importLine = regexp.MustCompile(`(?m)^(?:import (.+)|from (\w+)\S* import .*)$`)

// A generator's first line names the packages that it imports at the versions that are pinned.
func TestGeneratorsNameTheirVersions(t *testing.T) {
	versions := pins(t)
	generators, err := layout("..").testdata("gen_*.py")
	if err != nil || len(generators) < 15 { // there are more; fewer means that folders are not looked into
		t.Fatalf("generators: got %v, %v", generators, err)
	}
	for _, path := range generators {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(text), "\n")
		for _, name := range imports(string(text)) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), name+".py")); err == nil {
				continue // another generator, beside this one
			}
			if want := name + " " + versions[name]; versions[name] == "" || !strings.Contains(strings.ToLower(first), want) {
				t.Errorf("%s: first line %q does not name %q", path, first, want)
			}
		}
	}
}

// imports lists the distributions that a Python file imports at its top level.
func imports(text string) []string {
	var names []string
	for _, m := range importLine.FindAllStringSubmatch(text, -1) {
		for _, module := range strings.Split(m[1]+m[2], ",") {
			name, _, _ := strings.Cut(strings.TrimSpace(module), " ") // import numpy as np
			name, _, _ = strings.Cut(name, ".")
			if slices.Contains(standard, name) {
				continue
			}
			if installed, ok := distributions[name]; ok {
				name = installed
			}
			names = append(names, name)
		}
	}
	return names
}

func TestImports(t *testing.T) {
	text := "import json, os\nimport keras\nimport numpy as np\nfrom PIL import Image\nfrom sklearn.metrics import log_loss\nfrom keras import layers\n"
	if got, want := imports(text), []string{"keras", "numpy", "pillow", "scikit-learn", "keras"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestGoldensReportWhatChanged(t *testing.T) {
	s, out := newTestSetup(t)
	data := func(name string) string { return s.path("kdlib", "hist", "testdata", name) }
	writeTestFile(t, data("kept.json"), "1")
	writeTestFile(t, data("moved.json"), "1")
	writeTestFile(t, data("gone.json"), "1")
	// A Python that is a shell: the generators are shell scripts.
	writeTestFile(t, s.goldenPython(), "#!/bin/sh\nexec sh \"$1\"\n")
	writeTestFile(t, s.goldenVenv("installed.txt"), goldenRequirements)
	writeTestFile(t, data("gen_a.py"), "cd \"$(dirname \"$0\")\" && echo 2 > moved.json && echo 3 > run/deep.json && rm gone.json\n")
	writeTestFile(t, data("gen_b.py"), "import torch\nexit 1\n")
	writeTestFile(t, data("run/deep.json"), "3\n")
	if err := s.goldens(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var got []string
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), "py  ") // without the seconds
		got = append(got, line)
	}
	want := []string{"kdlib/hist/testdata/gen_a.", "kdlib/hist/testdata/gen_b.", "1 generators ran, 2 files changed:",
		"  kdlib/hist/testdata/gone.json (gone)", "  kdlib/hist/testdata/moved.json"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestGoldensNameTheGeneratorThatFailed(t *testing.T) {
	s, _ := newTestSetup(t)
	writeTestFile(t, s.goldenPython(), "#!/bin/sh\nexec sh \"$1\"\n")
	writeTestFile(t, s.goldenVenv("installed.txt"), goldenRequirements)
	path := s.path("kdlib", "hist", "testdata", "gen_a.py")
	writeTestFile(t, path, "echo no module named keras; exit 1\n")
	err := s.goldens(t.Context(), false)
	if err == nil || !strings.Contains(err.Error(), s.relative(path)+": no module named keras") {
		t.Errorf("got %v, want one that names the generator and holds its output", err)
	}
}

// A complete environment is left as it is; torch is added to it once, when it is asked for.
func TestGoldensAddTorch(t *testing.T) {
	s, out := newTestSetup(t)
	writeTestFile(t, s.path("kdlib", "doc.go"), "")
	calls := s.path("calls.txt")
	writeTestFile(t, s.goldenPython(), "#!/bin/sh\necho \"$1 $2 $3\" >> '"+calls+"'\n")
	writeTestFile(t, s.goldenVenv("installed.txt"), goldenRequirements)
	for _, torch := range []bool{false, true, true, false} {
		if err := s.goldens(t.Context(), torch); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(calls)
	if want := "-m pip install\n"; err != nil || string(text) != want {
		t.Errorf("calls of Python: got %q, %v, want %q", text, err, want)
	}
	if got := strings.Count(out.String(), "installing"); got != 1 {
		t.Errorf("installations said: got %d, want 1:\n%s", got, out)
	}
}
