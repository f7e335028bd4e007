package main

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// goTool is one program of kernel-setup/tools/go.mod.
type goTool struct{ Name, Module, Version string }

var goTools = []goTool{
	{"gonb", gonbModule, gonbVersion},
	{"goimports", goimportsModule, goimportsVersion},
	{"gopls", goplsModule, goplsVersion},
}

const goToolsStamp = "gotools"

// goToolsKey holds the Go version too: a gopls built by an older Go cannot read a newer standard library.
func (s *setup) goToolsKey() (string, error) {
	mod, err := os.ReadFile(filepath.Join(s.tools(), "go.mod"))
	if err != nil {
		return "", err
	}
	sum, err := os.ReadFile(filepath.Join(s.tools(), "go.sum"))
	if err != nil {
		return "", err
	}
	return keyOf(s.env.GOVERSION, string(mod), string(sum)), nil
}

func (s *setup) checkGoTools(context.Context) status {
	st := status{where: s.relative(filepath.Dir(s.bin("gonb")))}
	key, err := s.goToolsKey()
	if err != nil {
		st.problem = err.Error()
		return st
	}
	if st.problem = s.readStamp(goToolsStamp).holds(s.layout, key); st.problem != "" {
		return st
	}
	for _, t := range goTools {
		if st.problem = checkGoTool(s.bin(t.Name), t); st.problem != "" {
			return st
		}
	}
	st.ok = true
	st.version = fmt.Sprintf("GoNB %s, gopls %s, goimports", gonbVersion, goplsVersion)
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

// installGoTools builds the tools beside their place and moves them there.
func (s *setup) installGoTools(ctx context.Context) error {
	key, err := s.goToolsKey()
	if err != nil {
		return err
	}
	built, err := os.MkdirTemp(s.temp(), "bin-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(built)
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", built+string(filepath.Separator), "tool")
	build.Dir = s.tools()
	build.Env = with(os.Environ(), variable{"GOFLAGS", "-buildvcs=false"}, variable{"GOWORK", "off"})
	if err := s.quietly(ctx, "building the Go kernel", build); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.bin("")), 0o755); err != nil {
		return err
	}
	var files []string
	for _, t := range goTools {
		if err := os.Rename(filepath.Join(built, t.Name), s.bin(t.Name)); err != nil {
			return err
		}
		files = append(files, s.bin(t.Name))
	}
	return s.writeStamp(goToolsStamp, key, files...)
}
