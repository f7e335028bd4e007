package study

import (
	"runtime"
	"testing"
)

// Of the plugin its file is recorded, wherever it lies; flags as they are, and the instructions that they leave to XLA.
func TestEnvironment(t *testing.T) {
	const flags = "--xla_cpu_max_isa=SSE4_2 --xla_dump_to=/tmp/dump"
	t.Setenv("GOMLX_BACKEND", "xla:/usr/lib/pjrt_c_api_cpu_plugin.so")
	t.Setenv("XLA_FLAGS", flags)
	machine, got := Environment()
	if want := "SSE4_2"; runtime.GOARCH == "amd64" && machine.ISA != want {
		t.Errorf("instructions: got %q, want %q", machine.ISA, want)
	}
	for name, want := range map[string]string{"GOMLX_BACKEND": "pjrt_c_api_cpu_plugin.so", "XLA_FLAGS": flags} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
}
