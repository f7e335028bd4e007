package backend

import (
	"os"
	"path/filepath"
	"testing"
)

// The plugin of the checkout is found from any folder in it, and none outside.
func TestInstalled(t *testing.T) {
	root := t.TempDir()
	below := filepath.Join(root, "notebooks", "deep")
	if err := os.MkdirAll(below, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(below)
	if got := installed(); got != "" {
		t.Errorf("before set-up: got %q, want none", got)
	}
	plugin := filepath.Join(root, PluginDir, "pjrt_c_api_cpu_plugin.so")
	if err := os.MkdirAll(filepath.Dir(plugin), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(plugin, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := installed(); got != plugin {
		t.Errorf("after set-up: got %q, want %q", got, plugin)
	}
}

// A program that was built elsewhere takes the plugin that lies beside it, and no other library; one in a checkout that of the checkout.
func TestInstalledBesideTheProgram(t *testing.T) {
	root := t.TempDir()
	bin := filepath.Join(root, "bin")
	write := func(path string) string {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write(filepath.Join(bin, "other.so"))
	if got := besideOrAbove(bin); got != "" {
		t.Errorf("without a plugin: got %q, want none", got)
	}
	checkout := write(filepath.Join(root, PluginDir, "pjrt_c_api_cpu_plugin.so"))
	if got := besideOrAbove(bin); got != checkout {
		t.Errorf("in a checkout: got %q, want %q", got, checkout)
	}
	own := write(filepath.Join(bin, "pjrt_c_api_cpu_plugin.so"))
	if got := besideOrAbove(bin); got != own {
		t.Errorf("beside the program: got %q, want %q", got, own)
	}
}
