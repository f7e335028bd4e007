package main

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// goTool is one program of kernel-setup/tools/go.mod.
type goTool struct{ Name, Package, Module, Version string }

// kernelTools are GoNB and what it runs for each cell.
var kernelTools = []goTool{
	{"gonb", gonbModule, gonbModule, gonbVersion},
	{"goimports", goimportsModule + "/cmd/goimports", goimportsModule, goimportsVersion},
}

// languageServerTool is what GoNB asks for completions and the texts below Shift-Tab. It reads all of kdlib and its modules when a kernel
// starts, many seconds of a processor: whoever only runs cells has it neither installed nor started.
var languageServerTool = goTool{"gopls", goplsModule, goplsModule, goplsVersion}

// goTools installs some of the tools into a folder of their own.
type goTools struct {
	*setup
	stamp string
	dir   string
	tools []goTool
}

func (s *setup) kernelTools() goTools {
	return goTools{s, "gotools", filepath.Dir(s.bin("gonb")), kernelTools}
}

// languageServer is installed with JupyterLab's start alone. Its folder is the kernel's own, see kernelEnvironment.
func (s *setup) languageServer() component {
	t := goTools{s, "gopls", s.languageServerDir(), []goTool{languageServerTool}}
	return component{"language server", "a minute", t.check, t.install}
}

// key holds the Go version too: a gopls built by an older Go cannot read a newer standard library.
func (t goTools) key() (string, error) {
	mod, err := os.ReadFile(filepath.Join(t.toolsDir(), "go.mod"))
	if err != nil {
		return "", err
	}
	sum, err := os.ReadFile(filepath.Join(t.toolsDir(), "go.sum"))
	if err != nil {
		return "", err
	}
	return keyOf(t.env.GOVERSION, string(mod), string(sum)), nil
}

func (t goTools) check(context.Context) status {
	st := status{where: t.relative(t.dir)}
	key, err := t.key()
	if err != nil {
		st.problem = err.Error()
		return st
	}
	if st.problem = t.readStamp(t.stamp).holds(t.layout, key); st.problem != "" {
		return st
	}
	var names []string
	for _, tool := range t.tools {
		if st.problem = checkGoTool(filepath.Join(t.dir, tool.Name), tool); st.problem != "" {
			return st
		}
		names = append(names, tool.Name)
	}
	names[0] += " " + t.tools[0].Version
	st.ok, st.version = true, strings.Join(names, ", ")
	return st
}

// checkGoTool compares the module that the program at path was built from with its pin.
func checkGoTool(path string, t goTool) (problem string) {
	info, err := buildinfo.ReadFile(path)
	switch {
	case err != nil:
		return fmt.Sprintf("%s is damaged", t.Name)
	case info.Main.Path != t.Module || info.Main.Version != t.Version:
		return fmt.Sprintf("%s is %s %s, want %s", t.Name, info.Main.Path, info.Main.Version, t.Version)
	}
	return ""
}

// install builds the tools beside their place and moves them there.
func (t goTools) install(ctx context.Context) error {
	key, err := t.key()
	if err != nil {
		return err
	}
	built, err := os.MkdirTemp(t.temp(), "bin-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(built)
	words := []string{"build", "-trimpath", "-o", built + string(filepath.Separator)}
	for _, tool := range t.tools {
		words = append(words, tool.Package)
	}
	build := exec.CommandContext(ctx, "go", words...)
	build.Dir = t.toolsDir()
	build.Env = with(os.Environ(), variable{"GOFLAGS", "-buildvcs=false"}, variable{"GOWORK", "off"})
	if err := t.quietly(ctx, "building "+t.tools[0].Name, build); err != nil {
		return err
	}
	if err := os.MkdirAll(t.dir, 0o755); err != nil {
		return err
	}
	var files []string
	for _, tool := range t.tools {
		file := filepath.Join(t.dir, tool.Name)
		if err := os.Rename(filepath.Join(built, tool.Name), file); err != nil {
			return err
		}
		files = append(files, file)
	}
	return t.writeStamp(t.stamp, key, files...)
}
