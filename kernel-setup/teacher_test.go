package main

import (
	"os"
	"strings"
	"testing"
)

// With the packages and the split in place, the script is run with the paths and the further flags.
func TestTeacherRunsItsScript(t *testing.T) {
	s, out := newTestSetup(t)
	calls := s.path("calls.txt")
	writeTestFile(t, s.path(".venv-teacher", "bin", "python"), "#!/bin/sh\necho \"$@\" >> '"+calls+"'\n")
	writeTestFile(t, s.path(".venv-teacher", "installed.txt"), teacherRequirements)
	run := teacherRun{pictures: "p.tar", manifest: "m.csv", out: "t.onnx", work: "w"}
	if err := s.teacher(t.Context(), run, []string{"--steps", "3"}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(calls)
	want := s.path("kernel-setup", "teacher", "train_teacher.py") + " --pictures p.tar --manifest m.csv --out t.onnx --work w --steps 3\n"
	if err != nil || string(text) != want {
		t.Errorf("calls of Python: got %q, %v, want %q", text, err, want)
	}
	if out.Len() > 0 {
		t.Errorf("got output %q, want none of its own", out)
	}
}

// What the expected values are made with and what trains a teacher are the same versions.
func TestTeacherPinsTheSameVersions(t *testing.T) {
	versions := pins(t)
	for line := range strings.Lines(teacherRequirements) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := requirement.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("requirements: %q is no pin", line)
		} else if other, known := versions[m[1]]; known && other != m[2] {
			t.Errorf("%s: got %s, want %s as in goldens", m[1], m[2], other)
		}
	}
}
