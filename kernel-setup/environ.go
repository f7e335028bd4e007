package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"distillation/kdlib/backend/memory"
	"distillation/kdlib/backend/programs"
)

// variable is one variable of the environment.
type variable struct{ Name, Value string }

// environment is what the library needs to run: the same for JupyterLab, tests, headless runs, terminals and, by
// kernelEnvironment, the cells. getenv reads the user's environment, whose PATH is extended and whose own XLA_FLAGS,
// GLIBC_TUNABLES, TF_CPP_MIN_LOG_LEVEL and KDLIB_PROGRAMS are passed on.
func environment(l layout, goBin string, p plugin, getenv func(string) string) []variable {
	vars := []variable{
		{"PATH", prepend(getenv("PATH"), filepath.Dir(l.bin("gonb")), goBin)},
		{"GOMLX_BACKEND", "xla:" + p.Path + p.Options},
		{"GOMLX_NO_AUTO_INSTALL", "1"}, // go-xla asks the network before it looks at the disk otherwise
		{"PJRT_PLUGIN_LIBRARY_PATH", filepath.Dir(p.Path)},
		{"TF_CPP_MIN_LOG_LEVEL", either(getenv("TF_CPP_MIN_LOG_LEVEL"), "2")}, // errors only
		{memory.Variable, either(getenv(memory.Variable), memory.Tunables)},
		{programs.Variable, either(getenv(programs.Variable), l.programs())},
	}
	// None of our own: the wheel's oneDNN fusions make a training step a tenth faster, but their clean-up races with the
	// end of a program and aborts the process ("object_pool.h: Check failed"), in 2 of 8 runs of the tests of conv.
	if flags := getenv("XLA_FLAGS"); flags != "" {
		vars = append(vars, variable{"XLA_FLAGS", flags})
	}
	return vars
}

// kernelEnvironment is the environment of the cells, as the kernel spec holds it: ${PATH} is filled in by Jupyter. Whoever uses the kernel
// takes the modules that are there, since none can be fetched.
func kernelEnvironment(l layout, env goEnv, p plugin, getenv func(string) string) []variable {
	later := func(name string) string {
		if name == "PATH" {
			return "${PATH}"
		}
		return getenv(name)
	}
	vars := environment(l, env.goBin(), p, later)
	vars[0].Value = prepend(vars[0].Value, l.languageServerDir())
	return append(vars,
		variable{"GOMODCACHE", env.GOMODCACHE},
		variable{"GOPROXY", "off"}, // a cell that imports a package would fetch its latest version, not the pinned one
		variable{"GOFLAGS", l.kernelGoFlags()},
		variable{"GOWORK", ""}) // GoNB writes a go.work of its own, which GOWORK=off would hide
}

// The flags a cell is compiled with: without DWARF, linking takes half the time; by Go's own linker instead of the C compiler's,
// three quarters of that.
const (
	flagsForCLinker  = "-buildvcs=false -ldflags=-w"
	flagsForGoLinker = "-buildvcs=false '-ldflags=-w -linkmode=internal'"
)

// goLinkerStamp is there if Go's own linker links what cells import. It does not understand what every C compiler makes: set-up tries it.
const goLinkerStamp = "golinker"

func (l layout) kernelGoFlags() string {
	if l.readStamp(goLinkerStamp).Key != "" {
		return flagsForGoLinker
	}
	return flagsForCLinker
}

// jupyterEnvironment keeps what Jupyter writes inside .venv.
func jupyterEnvironment(l layout) []variable {
	return []variable{
		{"JUPYTER_CONFIG_DIR", l.jupyter("config")},
		{"JUPYTER_DATA_DIR", l.jupyter()},
		{"JUPYTER_RUNTIME_DIR", l.jupyter("runtime")},
		{"IPYTHONDIR", l.jupyter("ipython")},
	}
}

// with returns base (as os.Environ) with vars set.
func with(base []string, vars ...variable) []string {
	env := slices.Clone(base)
	for _, v := range vars {
		prefix := v.Name + "="
		env = slices.DeleteFunc(env, func(s string) bool { return strings.HasPrefix(s, prefix) })
		env = append(env, prefix+v.Value)
	}
	return env
}

// prepend puts dirs in front of path, once.
func prepend(path string, dirs ...string) string {
	parts := slices.DeleteFunc(filepath.SplitList(path), func(p string) bool { return slices.Contains(dirs, p) })
	return strings.Join(append(dirs, parts...), string(os.PathListSeparator))
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
