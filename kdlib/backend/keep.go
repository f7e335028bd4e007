package backend

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"distillation/kdlib/backend/internal/hook"
	"distillation/kdlib/backend/programs"
	"distillation/kdlib/internal/cpu"

	"github.com/gomlx/compute"
	"github.com/gomlx/go-xla/compute/xla"
	"github.com/gomlx/go-xla/pjrt"
)

// keepPrograms makes the plugin at an absolute path order programs as suits them, keep those that it compiles unless that is turned off, and
// tells whether it does. Only a CPU's are: what decides a graphics card's machine code is not known here. Where it goes wrong, programs are
// compiled as without it.
func keepPrograms(plugin string) bool {
	if !filepath.IsAbs(plugin) || !strings.Contains(filepath.Base(plugin), "cpu") {
		return false
	}
	folder := programs.Folder(checkout(plugin))
	about, err := os.Stat(plugin)
	if err != nil {
		return false
	}
	// The plugin's own version is only "cpu". A program for another processor loads, and ends the process at its first unknown
	// instruction. XLA divides loops among the cores when it compiles; NPROC is its own name for their number.
	here := fmt.Appendf(nil, "%s %d %d\n%s %s %q\n%d %q\n%q", plugin, about.Size(), about.ModTime().UnixNano(),
		runtime.GOARCH, cpu.Model(), cpu.Features(), runtime.NumCPU(), os.Getenv("NPROC"), cpu.Flags())
	key := func(program, format, options []byte) programs.Key {
		return programs.KeyOf(here, format, options, program)
	}
	var cache hook.Cache[programs.Key]
	if folder != "" {
		cache = programs.In(folder, programs.Limit)
	}
	return hook.Register(plugin, ordered, cache, key) == nil
}

// Programs is the folder in which New keeps programs, empty if it keeps none.
func Programs() string {
	choose()
	return programs.Folder(checkout(named()))
}

// named is the plugin's path in GOMLX_BACKEND, "xla:/path,options".
func named() string {
	backend, config, _ := strings.Cut(os.Getenv(compute.ConfigEnvVar), ":")
	if !slices.Contains([]string{xla.BackendName, "stablehlo", "shlo", "hlo"}, backend) {
		return ""
	}
	plugin, _, _ := strings.Cut(config, ",")
	return plugin
}

// reopened is a backend whose plugin go-xla has found by a short name, opened by its path, so that programs are kept.
func reopened(x *xla.Backend) compute.Backend {
	if filepath.IsAbs(x.PluginName()) {
		return x
	}
	plugin, err := pjrt.GetPlugin(x.PluginName())
	if err != nil || !keepPrograms(plugin.Path()) {
		return x
	}
	_, options, _ := strings.Cut(x.Config(), ",")
	again, err := xla.New(plugin.Path() + "," + options)
	if err != nil {
		return x
	}
	x.Finalize()
	return again
}

// checkout is the root of the checkout in which set-up put the plugin, empty if it lies elsewhere.
func checkout(plugin string) string {
	root, ours := strings.CutSuffix(filepath.Dir(plugin), string(filepath.Separator)+filepath.FromSlash(PluginDir))
	if !ours {
		return ""
	}
	return root
}
