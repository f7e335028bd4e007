package cpu

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Flags of processors of each kind, as the kernel prints them, without those that no instruction set here has.
const (
	westmere   = "ssse3 cx16 sse4_1 sse4_2 popcnt"
	ivyBridge  = westmere + " avx f16c"
	haswell    = ivyBridge + " fma bmi1 avx2 bmi2"
	skylake    = haswell + " avx512f avx512dq avx512cd avx512bw avx512vl"
	cascade    = skylake + " avx512_vnni"
	zen4       = cascade + " avx512_bf16"
	sapphire   = zen4 + " avx512_fp16 amx_bf16 amx_tile amx_int8"
	rapids6    = sapphire + " amx_fp16"
	withoutFMA = ivyBridge + " avx2"
)

func TestWidest(t *testing.T) {
	for _, c := range []struct{ features, flags, want string }{
		{"sse2", "", "SSE2"},
		{westmere, "", "SSE4_2"},
		{ivyBridge, "", "AVX"},
		{haswell, "", "AVX2"},
		{withoutFMA, "", "AVX"},
		{skylake, "", "AVX512"},
		{cascade, "", "AVX512_VNNI"},
		{zen4, "", "AVX512_BF16"},
		{sapphire, "", "AMX"},
		{rapids6, "", "AMX_FP16"},
		{sapphire, "--xla_cpu_use_onednn=true --xla_cpu_max_isa=AVX2", "AVX2"},
		{sapphire, "--xla_cpu_max_isa=avx", "AVX"},
		{sapphire, "--xla_cpu_max_isa=AVX2 --xla_cpu_max_isa=SSE4_2", "SSE4_2"},
		{haswell, "--xla_cpu_max_isa=AVX512", "AVX2"},
		{haswell, "--xla_cpu_prefer_vector_width=128", "AVX2"},
	} {
		if got := widest(tidy(strings.Fields(c.features)), strings.Fields(c.flags)); got != c.want {
			t.Errorf("features %q, flags %q: got %s, want %s", c.features, c.flags, got, c.want)
		}
	}
}

// The first processor's fields are read, those of x86 and of ARM.
func TestField(t *testing.T) {
	const info = "processor\t: 0\nmodel name\t: A: b\nflags\t\t: fpu avx2\n\nprocessor\t: 1\nmodel name\t: C\nflags\t\t: fpu\n"
	for name, want := range map[string]string{"model name": "A: b", "flags": "fpu avx2", "Features": ""} {
		if got := field(info, name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// XLA takes flags from the variable or from the file that it names.
func TestFlags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "flags")
	if err := os.WriteFile(file, []byte("--a=1\n--b=2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string][]string{"": nil, " --a=1  --b=2": {"--a=1", "--b=2"}, file: {"--a=1", "--b=2"}, file + "none": nil} {
		t.Setenv(FlagsVariable, value)
		if got := Flags(); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
}

// This machine's features are sorted, and the flag holds the instruction set back.
func TestHere(t *testing.T) {
	features := Features()
	if len(features) == 0 || !slices.IsSorted(features) {
		t.Errorf("got features %q, want some, sorted", features)
	}
	t.Setenv(FlagsVariable, "--xla_cpu_max_isa=SSE4_2")
	if got := ISA(); slices.Contains(features, "sse42") && got != "SSE4_2" {
		t.Errorf("held back to SSE4_2: got %s", got)
	}
	if got := Describe(); !strings.HasSuffix(got, ISA()) {
		t.Errorf("got %q, want the instruction set at its end", got)
	}
}
