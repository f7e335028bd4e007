package main

import (
	"os"
	"strings"
	"testing"
)

// With the packages in place the script writes the network, once; without pictures that is all.
func TestTeacherWritesTheNetworkOnce(t *testing.T) {
	s, out := newTestSetup(t)
	calls, network := s.path("calls.txt"), s.path("net.onnx")
	writeTestFile(t, s.path(".venv-teacher", "bin", "python"), "#!/bin/sh\necho \"$@\" >> '"+calls+"'\ntouch '"+network+"'\n")
	writeTestFile(t, s.path(".venv-teacher", "installed.txt"), teacherRequirements)
	for range 2 {
		if err := s.teacher(t.Context(), teacherRun{network: network}, nil); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(calls)
	want := s.path("kernel-setup", "teacher", "export_imagenet.py") + " --out " + network + "\n"
	if err != nil || string(text) != want {
		t.Errorf("calls of Python: got %q, %v, want %q", text, err, want)
	}
	if got, want := out.String(), strings.Repeat(network+" knows ImageNet: kd train --onnx takes it\n", 2); got != want {
		t.Errorf("got output %q, want %q", got, want)
	}
}

// The further flags come last, so that they count.
func TestTeacherCommands(t *testing.T) {
	run := teacherRun{pictures: "p.tar", network: "net.onnx", work: "w", out: "t.onnx"}
	got := run.commands([]string{"--trained", "all", "--epochs", "1"})
	want := []string{"train --onnx net.onnx --pictures p.tar --manifest w/manifest.csv --dir w/run --dropout 0.2 --shift 0 --epochs 5 --trained all --epochs 1",
		"export onnx --model w/run --out t.onnx"}
	for i, words := range got {
		if text := strings.Join(words, " "); len(got) != len(want) || text != want[i] {
			t.Errorf("got %q, want %q", text, want[i])
		}
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
