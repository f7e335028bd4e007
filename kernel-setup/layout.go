package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"distillation/kdlib/backend/programs"
)

// modulePath is the first line of the go.mod that marks the root of the checkout.
const modulePath = "distillation"

// layout names the places of one checkout. Its value is the absolute path of the root.
type layout string

// findLayout walks up from dir to the root of the checkout.
func findLayout(dir string) (layout, error) {
	for d := dir; ; d = filepath.Dir(d) {
		mod, err := os.ReadFile(filepath.Join(d, "go.mod"))
		if err == nil && bytes.HasPrefix(mod, []byte("module "+modulePath+"\n")) {
			return layout(d), nil
		}
		if d == filepath.Dir(d) {
			return "", fmt.Errorf("%s: not inside a checkout of module %s", dir, modulePath)
		}
	}
}

func (l layout) path(elements ...string) string {
	return filepath.Join(append([]string{string(l)}, elements...)...)
}

func (l layout) notebooks() string { return l.path("notebooks") }
func (l layout) toolsDir() string  { return l.path("kernel-setup", "tools") }
func (l layout) venv() string      { return l.path(".venv") }
func (l layout) bin(name string) string {
	return l.path(".venv", "bin", name)
}

// languageServerDir is on the path of kernels alone, and not of those that no one writes in.
func (l layout) languageServerDir() string { return l.path(".venv", "lib", "gopls") }

func (l layout) python() string    { return l.bin("python") }
func (l layout) pluginDir() string { return l.path(".venv", "lib", "pjrt") }
func (l layout) programs() string  { return l.path(filepath.FromSlash(programs.Dir)) }
func (l layout) jupyter(elements ...string) string {
	return l.path(append([]string{".venv", "share", "jupyter"}, elements...)...)
}
func (l layout) starter() string    { return l.bin("gonb-kernel") }
func (l layout) kernelSpec() string { return l.jupyter("kernels", "gonb", "kernel.json") }

// own is a file of this program's own: stamps, logs, the lock, the marker.
func (l layout) own(elements ...string) string {
	return l.path(append([]string{".venv", "share", "kernel-setup"}, elements...)...)
}

// temp is for half-finished things; it lies in .venv so that a rename out of it is atomic.
func (l layout) temp() string { return l.own("tmp") }

// marker is the file that says that .venv was made by this program.
func (l layout) marker() string { return l.own("README") }

const markerText = "This folder was made by kernel-setup. `go run ./kernel-setup uninstall` removes it.\n"

// claim makes .venv and marks it as this program's, or refuses when it is somebody else's.
func (l layout) claim() error {
	if err := l.checkOurs(); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	err := os.MkdirAll(l.temp(), 0o755)
	if err == nil {
		err = os.WriteFile(l.marker(), []byte(markerText), 0o644)
	}
	if errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w: this installation is another user's; kernel-setup/README.md, \"One installation for many users\", says how to use it", err)
	}
	return err
}

// checkOurs reports os.ErrNotExist when there is no .venv (or an empty one), another error when it is not ours.
func (l layout) checkOurs() error {
	entries, err := os.ReadDir(l.venv())
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return os.ErrNotExist
	}
	if _, err := os.Stat(l.marker()); err != nil {
		return fmt.Errorf("%s was not made by this program (it has no %s): move it away or delete it yourself",
			l.venv(), filepath.Base(filepath.Dir(l.marker()))+"/"+filepath.Base(l.marker()))
	}
	return nil
}
