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
