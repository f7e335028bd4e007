package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// onPath makes PATH a folder with these shell scripts only.
func onPath(t *testing.T, scripts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range scripts {
		writeTestFile(t, filepath.Join(dir, name), "#!/bin/sh\n"+body+"\n")
	}
	t.Setenv("PATH", dir)
	return dir
}

func TestCheckCompiler(t *testing.T) {
	const works = `case $1 in -dumpversion) echo 14;; esac`
	cases := []struct {
		name, script, cc, cgo string
		want                  string // part of the problem, empty if there is none
	}{
		{"none", "", "gcc", "1", `"gcc" (go env CC) is not on PATH`},
		{"works", works, "gcc", "1", ""},
		{"with arguments", works, "gcc -m64", "1", ""},
		{"without the C library", "echo 'stdlib.h: No such file' >&2; exit 1", "gcc", "1", "does not work (stdlib.h: No such file)"},
		{"cgo switched off", works, "gcc", "0", "unset CGO_ENABLED"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			scripts := map[string]string{}
			if c.script != "" {
				scripts["gcc"] = c.script
			}
			onPath(t, scripts)
			st := checkCompiler(t.Context(), c.cc, c.cgo)
			if st.ok != (c.want == "") || !strings.Contains(st.problem, c.want) {
				t.Errorf("got ok %v, problem %q, want %q", st.ok, st.problem, c.want)
			}
			if !st.ok && st.problem == "" || st.ok && st.version != "14" {
				t.Errorf("got %+v", st)
			}
		})
	}
}

func TestCheckPython(t *testing.T) {
	const old, good, noVenv = "echo 3.9.2", "echo 3.12.4", "echo 3.11.2; exit 1"
	cases := []struct {
		name    string
		scripts map[string]string
		chosen  string
		want    string
	}{
		{"none", nil, "", "Python 3.10 or newer is needed, found none"},
		{"old", map[string]string{"python3": old}, "", "found only python3 3.9.2"},
		{"a newer one under its own name", map[string]string{"python3": old, "python3.12": good}, "python3.12", ""},
		{"without venv", map[string]string{"python3": noVenv}, "", "python3 3.11.2 has no venv module"},
		{"does not run", map[string]string{"python3": "exit 127", "python": good}, "python", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := onPath(t, c.scripts)
			st := checkPython(t.Context())
			if !strings.Contains(st.problem, c.want) || (c.want == "") != st.ok {
				t.Errorf("got ok %v, problem %q, want %q", st.ok, st.problem, c.want)
			}
			if c.chosen != "" && st.where != filepath.Join(dir, c.chosen) {
				t.Errorf("got %q, want %q", st.where, c.chosen)
			}
		})
	}
}

func TestNewEnough(t *testing.T) {
	for version, want := range map[string]bool{"3.10.0": true, "3.9.18": false, "3.13.1": true, "2.7.18": false, "4.0.0": true, "": false, "x.y": false} {
		if got := newEnough(version); got != want {
			t.Errorf("%q: got %v, want %v", version, got, want)
		}
	}
}

func TestPrintFindings(t *testing.T) {
	var b strings.Builder
	missing := printFindings(&b, []finding{
		{"Go", status{ok: true, version: "go1.26.5", where: "/opt/go/bin"}},
		{"Python", status{problem: "too old"}}})
	if want := "Go      found    go1.26.5  /opt/go/bin\nPython  MISSING  too old\n"; b.String() != want || !missing {
		t.Errorf("got %v\n%swant\n%s", missing, b.String(), want)
	}
}
