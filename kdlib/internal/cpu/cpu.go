// Package cpu tells which kind of processor this is, as far as it decides the machine code that XLA makes and with it the
// last bits of every result.
package cpu

import (
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sys/cpu"
)

// FlagsVariable is the environment variable of XLA's flags: either flags, or the name of a file that has them.
const FlagsVariable = "XLA_FLAGS"

// isas are the names of --xla_cpu_max_isa on x86, from the narrowest on, each with the features that a processor of its
// kind has beyond those of the lines before.
var isas = []struct {
	name     string
	features []string
}{
	{"SSE4_2", []string{"sse42"}},
	{"AVX", []string{"avx"}},
	{"AVX2", []string{"avx2", "fma"}},
	{"AVX512", []string{"avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512cd"}},
	{"AVX512_VNNI", []string{"avx512vnni"}},
	{"AVX512_BF16", []string{"avx512bf16"}},
	{"AMX", []string{"amxtile", "amxint8", "amxbf16"}},
	{"AMX_FP16", []string{"amxfp16"}},
}

// Describe is the kind of processor in one line: "Intel(R) Xeon(R) Processor, AVX2".
func Describe() string {
	if name := Model(); name != "" {
		return name + ", " + ISA()
	}
	return ISA()
}

// ISA is the widest set of instructions that XLA makes use of here, as --xla_cpu_max_isa names it: the widest that the
// processor has, or the one that this flag in $XLA_FLAGS stops at. On processors other than x86 it is Go's name of the
// architecture.
func ISA() string {
	if runtime.GOARCH != "amd64" {
		return runtime.GOARCH
	}
	return widest(Features(), Flags())
}

func widest(features, flags []string) string {
	most := limit(flags)
	name := "SSE2" // what every processor of amd64 has
	for _, isa := range isas {
		lacks := func(f string) bool { return !slices.Contains(features, f) }
		if slices.ContainsFunc(isa.features, lacks) {
			break
		}
		if name = isa.name; name == most {
			break
		}
	}
	return name
}

// limit is the value of the last --xla_cpu_max_isa, empty without one.
func limit(flags []string) (isa string) {
	for _, f := range flags {
		if value, ok := strings.CutPrefix(strings.TrimLeft(f, "-"), "xla_cpu_max_isa="); ok {
			isa = strings.ToUpper(strings.Trim(value, `"'`))
		}
	}
	return isa
}

// Flags are XLA's flags in force, in the order given.
func Flags() []string {
	value := strings.TrimSpace(os.Getenv(FlagsVariable))
	if value != "" && !strings.HasPrefix(value, "-") {
		text, err := os.ReadFile(value)
		if err != nil {
			return nil // XLA ignores such a file too
		}
		value = string(text)
	}
	return strings.Fields(value)
}

// Features are the names of all that the processor can do, sorted, in lower case and without "_": "avx2", "avx512bf16",
// "sse42". On Linux they are the kernel's, elsewhere the fewer ones that Go knows.
func Features() []string {
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		names := strings.Fields(field(string(info), "flags") + field(string(info), "Features")) // x86, ARM
		if len(names) > 0 {
			return tidy(names)
		}
	}
	var names []string
	for _, known := range []any{cpu.X86, cpu.ARM64} {
		v := reflect.ValueOf(known)
		for f, value := range v.Fields() {
			if name, ok := strings.CutPrefix(f.Name, "Has"); ok && value.Bool() {
				names = append(names, name)
			}
		}
	}
	return tidy(names)
}

func tidy(names []string) []string {
	for i, n := range names {
		names[i] = strings.ReplaceAll(strings.ToLower(n), "_", "")
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Model is the processor's name where the system tells it in /proc, else empty.
func Model() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	return field(string(info), "model name")
}

// field is a field's value of the first processor in the text of /proc/cpuinfo.
func field(info, name string) string {
	for line := range strings.Lines(info) {
		if n, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(n) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
