// Package backend opens the XLA backend that networks run on.
package backend

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gomlx/compute"
	"github.com/gomlx/go-xla/compute/xla"
	"github.com/gomlx/go-xla/pjrt"
	_ "github.com/gomlx/gomlx/backends/default" // registers XLA and the portable Go backend
)

// PluginDir is where set-up puts the PJRT plugin, below the project's root.
const PluginDir = ".venv/lib/pjrt"

// beside are the names of plugins that are taken from the program's own folder: other libraries may lie there, too.
const beside = "pjrt_c_api_*_plugin.so"

// New opens the backend that GOMLX_BACKEND names. If the variable is not set, New uses the plugin that set-up installed in the
// checkout of the working directory, or else in that of the program, or one that lies beside the program: so commands work in any
// terminal, and a program that is carried elsewhere with its plugin. If there is none, GoMLX looks for one itself. On a CPU, compiled programs
// are kept on disk in the folder of programs.Folder, and later processes load them; those with large values are ordered for memory.
func New() (compute.Backend, error) {
	choose()
	if _, set := os.LookupEnv("TF_CPP_MIN_LOG_LEVEL"); !set {
		os.Setenv("TF_CPP_MIN_LOG_LEVEL", "2") // XLA's notes about the CPU are no news to users
	}
	keepPrograms(named())
	opened, err := compute.New()
	if err != nil {
		return nil, fmt.Errorf("backend: %w\n(`go run ./kernel-setup doctor` says what is missing)", err)
	}
	if x, ok := opened.(*xla.Backend); ok {
		return reopened(x), nil
	}
	return opened, nil
}

// choose names the plugin of this checkout in GOMLX_BACKEND, unless the user has named one.
func choose() {
	if _, named := os.LookupEnv(compute.ConfigEnvVar); named {
		return
	}
	if plugin := installed(); plugin != "" {
		os.Setenv(compute.ConfigEnvVar, "xla:"+plugin)
		os.Setenv(xla.NoAutoInstallEnv, "1") // no look at the network for what is on disk
	}
}

// WithDevices opens the same backend with at least this many devices, for data-parallel training. A CPU makes as many devices
// as it is asked for; they share its cores. The same code should run on several graphics cards (GOMLX_BACKEND=xla:cuda), but
// that is untested.
func WithDevices(devices int) (compute.Backend, error) {
	opened, err := New()
	if err != nil || opened.NumDevices() >= devices {
		return opened, err
	}
	if x, ok := opened.(*xla.Backend); ok && x.IsCPU() {
		config := x.Config()
		x.Finalize()
		if opened, err = xla.NewWithOptions(config, pjrt.NamedValuesMap{"cpu_device_count": int64(devices)}); err != nil {
			return nil, fmt.Errorf("backend: %w", err)
		}
	}
	if there := opened.NumDevices(); there < devices {
		return nil, fmt.Errorf("backend: devices: got %d, want 1 to %d as %s has", devices, there, opened.Description())
	}
	return opened, nil
}

// installed looks for the plugin from the working directory upwards, as go looks for go.mod, then beside the program and from there
// upwards.
func installed() string {
	if dir, err := os.Getwd(); err == nil {
		if found := above(dir); found != "" {
			return found
		}
	}
	program, err := os.Executable()
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err != nil {
		return ""
	}
	return besideOrAbove(filepath.Dir(program))
}

func besideOrAbove(dir string) string {
	if found, _ := filepath.Glob(filepath.Join(dir, beside)); len(found) > 0 {
		return found[0]
	}
	return above(dir)
}

// above is the plugin that set-up put into a folder or one above it.
func above(dir string) string {
	for {
		if found, _ := filepath.Glob(filepath.Join(dir, PluginDir, "*.so")); len(found) > 0 {
			return found[0]
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}
