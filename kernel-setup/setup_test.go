package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// newTestSetup is a checkout in a temporary folder with nothing installed; what it prints goes to the buffer.
func newTestSetup(t *testing.T) (*setup, *bytes.Buffer) {
	t.Helper()
	root := t.TempDir()
	writeTestFile(t, filepath.Join(root, "go.mod"), "module distillation\n\ngo 1.26.5\n")
	var out bytes.Buffer
	return &setup{layout: layout(root), out: &out, env: goEnv{GOROOT: "/opt/go", GOVERSION: "go1.26.5"}}, &out
}

func writeTestFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// from makes a getenv of a map.
func from(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}
