package study

import "testing"

// Of the plugin its file is recorded, wherever it lies; flags as they are.
func TestSurroundings(t *testing.T) {
	const flags = "--xla_cpu_enable_fast_math=false --xla_dump_to=/tmp/dump"
	t.Setenv("GOMLX_BACKEND", "xla:/usr/lib/pjrt_c_api_cpu_plugin.so")
	t.Setenv("XLA_FLAGS", flags)
	_, got := Surroundings()
	for name, want := range map[string]string{"GOMLX_BACKEND": "pjrt_c_api_cpu_plugin.so", "XLA_FLAGS": flags} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
}
