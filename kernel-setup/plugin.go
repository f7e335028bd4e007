package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// plugin is an XLA/PJRT plugin on disk.
type plugin struct {
	Path    string // absolute
	Options string // what follows the path in GOMLX_BACKEND, with its comma
	Source  string // who brought it, for people
}

// The sources of a plugin. A plugin found on disk is described by where it was found.
const (
	sourceUser   = "named by the user"
	sourceDisk   = "found on disk"
	sourceGoXLA  = "installed by go-xla"
	sourceWheel  = "from the wheel " + wheelName + " " + wheelVersion
	pluginRecord = "plugin"
)

// recordedPlugin is the choice of an earlier set-up, kept so that a plugin named once stays in use.
type recordedPlugin struct {
	Path   string // absolute, or below .venv
	Bytes  int64
	Source string
}

// findPlugin looks for a plugin in this order: named in the environment, chosen before, in .venv, in go-xla's folders.
// A plugin that the user names and that is not there is an error; none anywhere is errNoPlugin.
func findPlugin(l layout, getenv func(string) string) (plugin, error) {
	named, err := namedPlugin(l, getenv)
	if err != nil || named.Path != "" {
		return named, err
	}
	if r := l.recorded(); r.Bytes > 0 && sizeOf(r.Path) == r.Bytes {
		return plugin{Path: r.Path, Source: r.Source}, nil
	}
	if path := pluginIn("cpu", goXLAFolders(getenv("HOME"))...); path != "" {
		return plugin{Path: path, Source: sourceDisk}, nil
	}
	return plugin{}, errNoPlugin
}

var errNoPlugin = errors.New(notInstalled)

// namedPlugin reads GOMLX_BACKEND (xla, xla:NAME or xla:/path/plugin.so, then perhaps options) and
// PJRT_PLUGIN_LIBRARY_PATH. A plugin inside .venv counts as not named: it comes from this program's own `env`.
func namedPlugin(l layout, getenv func(string) string) (plugin, error) {
	backend, config, _ := strings.Cut(getenv("GOMLX_BACKEND"), ":")
	if backend != "" && backend != "xla" {
		return plugin{}, fmt.Errorf("GOMLX_BACKEND is %q, but this project computes on the XLA backend. Type: unset GOMLX_BACKEND",
			getenv("GOMLX_BACKEND"))
	}
	name, options, hasOptions := strings.Cut(config, ",")
	if hasOptions {
		options = "," + options
	}
	if filepath.IsAbs(name) {
		switch {
		case l.inVenv(name):
			return plugin{}, nil
		case !isLibrary(name):
			return plugin{}, fmt.Errorf("GOMLX_BACKEND names the plugin %s, which is not a shared library on this machine", name)
		}
		return plugin{Path: name, Options: options, Source: sourceUser}, nil
	}
	folders := filepath.SplitList(getenv("PJRT_PLUGIN_LIBRARY_PATH"))
	if len(folders) == 0 || l.inVenv(folders[0]) {
		return plugin{}, nil
	}
	path := pluginIn(either(name, "cpu"), folders...)
	if path == "" {
		return plugin{}, fmt.Errorf("PJRT_PLUGIN_LIBRARY_PATH=%s: no pjrt_c_api_%s_plugin.so there", getenv("PJRT_PLUGIN_LIBRARY_PATH"), either(name, "cpu"))
	}
	return plugin{Path: path, Options: options, Source: sourceUser}, nil
}

func (l layout) inVenv(path string) bool {
	rel, err := filepath.Rel(l.venv(), path)
	return err == nil && filepath.IsLocal(rel)
}

// goXLAFolders are where go-xla's own installer puts plugins.
func goXLAFolders(home string) []string {
	folders := []string{"/usr/local/lib/go-xla"}
	if home == "" {
		return folders
	}
	if runtime.GOOS == "darwin" {
		return append([]string{filepath.Join(home, "Library", "Application Support", "go-xla")}, folders...)
	}
	return append([]string{filepath.Join(home, ".local", "lib", "go-xla")}, folders...)
}

// pluginIn returns the plugin of that name in the first folder that has one: pjrt_c_api_NAME_plugin.so, or with a version.
func pluginIn(name string, folders ...string) string {
	for _, folder := range folders {
		for _, pattern := range []string{"pjrt_c_api_%s_plugin.so", "pjrt_c_api_%s_plugin.dylib", "pjrt_c_api_%s_*_plugin.so", "pjrt_c_api_%s_*_plugin.dylib"} {
			matches, _ := filepath.Glob(filepath.Join(folder, fmt.Sprintf(pattern, name))) // fails on a malformed pattern only
			for _, m := range matches {
				if abs, err := filepath.Abs(m); err == nil && isLibrary(abs) {
					return abs
				}
			}
		}
	}
	return ""
}

// isLibrary reports whether path begins like a shared library of Linux (ELF) or macOS (Mach-O, thin or fat).
func isLibrary(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var magic [4]byte
	if _, err := f.Read(magic[:]); err != nil {
		return false
	}
	switch string(magic[:]) {
	case "\x7fELF", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe":
		return true
	}
	return false
}

// record keeps p for the next start.
func (l layout) record(p plugin) error {
	info, err := os.Stat(p.Path)
	if err != nil {
		return err
	}
	path := p.Path
	if l.inVenv(path) {
		if path, err = filepath.Rel(l.venv(), path); err != nil {
			return err
		}
	}
	return writeJSON(l.stampPath(pluginRecord), recordedPlugin{
		Path: path, Bytes: info.Size(), Source: p.Source})
}

// recorded is the zero value when nothing is; Path is absolute.
func (l layout) recorded() recordedPlugin {
	var r recordedPlugin
	if readJSON(l.stampPath(pluginRecord), &r) && !filepath.IsAbs(r.Path) {
		r.Path = filepath.Join(l.venv(), r.Path)
	}
	return r
}

// checkPlugin is content with a plugin that is the recorded one; any other is recorded first, by installPlugin.
func (s *setup) checkPlugin(context.Context) status {
	p, err := findPlugin(s.layout, os.Getenv)
	if err != nil {
		return status{problem: err.Error()}
	}
	if r := s.recorded(); r.Path != p.Path || r.Bytes != sizeOf(p.Path) {
		return status{where: p.Path, problem: "not in use yet"}
	}
	return status{ok: true, version: p.Source, where: s.relative(p.Path)}
}

// installPlugin takes the plugin on disk, or fetches one.
func (s *setup) installPlugin(ctx context.Context) error {
	p, err := findPlugin(s.layout, os.Getenv)
	if errors.Is(err, errNoPlugin) {
		p, err = s.fetchPlugin(ctx)
	}
	if err != nil {
		return err
	}
	return s.record(p)
}
