package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/backend/memory"
)

func TestEnvironment(t *testing.T) {
	const l = layout("/home/ann/my work")
	wheel := plugin{Path: "/home/ann/my work/.venv/lib/pjrt/pjrt_c_api_cpu_plugin.so"}
	other := plugin{Path: "/lib/x.so", Options: ",tf32=false"}
	cases := []struct {
		name   string
		plugin plugin
		user   map[string]string
		want   map[string]string // "-" means not set
	}{
		{"the wheel's plugin", wheel, nil, map[string]string{
			"PATH":                     "/home/ann/my work/.venv/bin:/opt/go/bin:/usr/bin",
			"GOMLX_BACKEND":            "xla:/home/ann/my work/.venv/lib/pjrt/pjrt_c_api_cpu_plugin.so",
			"GOMLX_NO_AUTO_INSTALL":    "1",
			"PJRT_PLUGIN_LIBRARY_PATH": "/home/ann/my work/.venv/lib/pjrt",
			"TF_CPP_MIN_LOG_LEVEL":     "2",
			"XLA_FLAGS":                "-",
			"GLIBC_TUNABLES":           memory.Tunables,
			"KDLIB_PROGRAMS":           "/home/ann/my work/.venv/lib/programs",
		}},
		{"another plugin", other, nil, map[string]string{
			"GOMLX_BACKEND": "xla:/lib/x.so,tf32=false", "PJRT_PLUGIN_LIBRARY_PATH": "/lib", "XLA_FLAGS": "-"}},
		{"the user's flags are passed on", wheel, map[string]string{"XLA_FLAGS": "--a=1", "TF_CPP_MIN_LOG_LEVEL": "0", "GLIBC_TUNABLES": "b=2", "KDLIB_PROGRAMS": "off"},
			map[string]string{"XLA_FLAGS": "--a=1", "TF_CPP_MIN_LOG_LEVEL": "0", "GLIBC_TUNABLES": "b=2", "KDLIB_PROGRAMS": "off"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := map[string]string{}
			user := map[string]string{"PATH": "/usr/bin:/opt/go/bin"}
			maps.Copy(user, c.user)
			for _, v := range environment(l, "/opt/go/bin", c.plugin, from(user)) {
				got[v.Name] = v.Value
			}
			for name, want := range c.want {
				value, set := got[name]
				if want == "-" && set || want != "-" && value != want {
					t.Errorf("%s: got %q, want %q", name, value, want)
				}
			}
		})
	}
}

func TestWithReplaces(t *testing.T) {
	got := with([]string{"A=1", "AB=2"}, variable{"A", "3"}, variable{"C", ""})
	if want := []string{"AB=2", "A=3", "C="}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPrintExportsQuotes(t *testing.T) {
	var b strings.Builder
	printExports(&b, []variable{{"A", "it's $HOME"}})
	if want := `export A='it'\''s $HOME'` + "\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
