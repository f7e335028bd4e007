package backend

import (
	"testing"

	"distillation/kdlib/internal/cpu"
)

// The entry was encoded by hand, after compile_options.proto of XLA: field 7, its key, its value with a string in field 1.
func TestLargeValuesAreOrderedForMemory(t *testing.T) {
	const entry = "\x3a\x3f" + "\x0a\x16xla_cpu_scheduler_type" + "\x12\x25\x0a\x23" + "CPU_SCHEDULER_TYPE_MEMORY_OPTIMIZED"
	t.Setenv(cpu.FlagsVariable, "")
	for program, want := range map[string]string{
		`%1 = f(%0) : (tensor<32x64x112x112xf32>) -> tensor<4xf32>`:       entry, // 103 MB
		`%1 = f(%0) : (tensor<16777216xf32>) -> tensor<f32>`:              entry, // 64 MiB
		`%1 = f(%0) : (tensor<16777215xf32>, tensor<16777217xi16>) -> ()`: "",
		`%1 = f(%0) : (tensor<32x224x224x3xui8>) -> tensor<?x3xf32>`:      "",
		"": "",
	} {
		if got := string(ordered([]byte(program), []byte("options"))); got != "options"+want {
			t.Errorf("%s: got %q, want %q after the options", program, got, want)
		}
	}
	t.Setenv(cpu.FlagsVariable, "--xla_cpu_scheduler_type=CPU_SCHEDULER_TYPE_DEFAULT")
	if got := string(ordered([]byte(`tensor<16777216xf32>`), nil)); got != "" {
		t.Errorf("the user has chosen: got %q", got)
	}
}
