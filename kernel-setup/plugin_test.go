package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const elf = "\x7fELF and more"

func TestFindPluginOrder(t *testing.T) {
	s, _ := newTestSetup(t)
	home, folder := t.TempDir(), t.TempDir()
	env := map[string]string{"HOME": home}
	// Each step adds a plugin that goes before those that were there.
	steps := []struct{ name, path string }{
		{"go-xla's folder", filepath.Join(home, ".local", "lib", "go-xla", "pjrt_c_api_cpu_v0.114.0_plugin.so")},
		{"recorded, in .venv", filepath.Join(s.pluginDir(), "pjrt_c_api_cpu_plugin.so")},
		{"PJRT_PLUGIN_LIBRARY_PATH", filepath.Join(folder, "pjrt_c_api_cpu_plugin.so")},
		{"GOMLX_BACKEND", filepath.Join(folder, "mine.so")},
	}
	if _, err := findPlugin(s.layout, from(env)); !errors.Is(err, errNoPlugin) {
		t.Skipf("this machine has a plugin of its own: %v", err)
	}
	for i, step := range steps {
		writeTestFile(t, step.path, elf)
		switch i {
		case 1:
			if err := s.record(plugin{Path: step.path}); err != nil {
				t.Fatal(err)
			}
		case 2:
			env["PJRT_PLUGIN_LIBRARY_PATH"] = "/nonexistent:" + folder
		case 3:
			env["GOMLX_BACKEND"] = "xla:" + step.path + ",tf32=false"
		}
		got, err := findPlugin(s.layout, from(env))
		if err != nil || got.Path != step.path {
			t.Errorf("%s: got %q, %v, want %q", step.name, got.Path, err, step.path)
		}
	}
}

func TestNamedPluginErrors(t *testing.T) {
	s, _ := newTestSetup(t)
	text := filepath.Join(t.TempDir(), "a.so")
	writeTestFile(t, text, "not a library")
	cases := []struct{ name, variable, value, want string }{
		{"another backend", "GOMLX_BACKEND", "go", "unset GOMLX_BACKEND"},
		{"no such file", "GOMLX_BACKEND", "xla:/nonexistent/a.so", "/nonexistent/a.so"},
		{"no library", "GOMLX_BACKEND", "xla:" + text, "not a shared library"},
		{"empty folder", "PJRT_PLUGIN_LIBRARY_PATH", t.TempDir(), "no pjrt_c_api_cpu_plugin.so"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := findPlugin(s.layout, from(map[string]string{c.variable: c.value}))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// The variables that `env` exported are still set after an uninstall in the same shell.
func TestNamedPluginInVenvCountsAsNotNamed(t *testing.T) {
	s, _ := newTestSetup(t)
	p, err := namedPlugin(s.layout, from(map[string]string{
		"GOMLX_BACKEND": "xla:" + filepath.Join(s.pluginDir(), "gone.so"), "PJRT_PLUGIN_LIBRARY_PATH": s.pluginDir()}))
	if err != nil || p.Path != "" {
		t.Errorf("got %q, %v, want none", p.Path, err)
	}
}

func TestDamagedPluginIsNotFound(t *testing.T) {
	s, _ := newTestSetup(t)
	path := filepath.Join(s.pluginDir(), "pjrt_c_api_cpu_plugin.so")
	writeTestFile(t, path, elf)
	if err := s.record(plugin{Path: path}); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 5); err != nil {
		t.Fatal(err)
	}
	if p, err := findPlugin(s.layout, from(nil)); p.Path == path {
		t.Errorf("got the damaged plugin, %v", err)
	}
}

func TestRecordMovesWithTheCheckout(t *testing.T) {
	s, _ := newTestSetup(t)
	path := filepath.Join(s.pluginDir(), "pjrt_c_api_cpu_plugin.so")
	writeTestFile(t, path, elf)
	if err := s.record(plugin{Path: path, Source: sourceWheel}); err != nil {
		t.Fatal(err)
	}
	moved := layout(filepath.Join(t.TempDir(), "elsewhere"))
	if err := os.Rename(string(s.layout), string(moved)); err != nil {
		t.Fatal(err)
	}
	p, err := findPlugin(moved, from(nil))
	if want := filepath.Join(moved.pluginDir(), "pjrt_c_api_cpu_plugin.so"); err != nil || p.Path != want || p.Source != sourceWheel {
		t.Errorf("got %+v, %v, want %q", p, err, want)
	}
}
