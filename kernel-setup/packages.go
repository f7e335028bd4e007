package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const packagesStamp = "packages"

// Go forgets a compiled package that nothing used for five days; compile again before that.
const packagesAge = 4 * 24 * time.Hour

// packagesKey stands for what the compiled packages depend on, kdlib's own files left out: those compile in seconds.
func (s *setup) packagesKey() (string, error) {
	mod, err := os.ReadFile(s.path("go.mod"))
	if err != nil {
		return "", err
	}
	p, err := findPlugin(s.layout, os.Getenv)
	if err != nil {
		return "", err
	}
	return keyOf(string(s.layout), s.env.GOVERSION, s.env.GOCACHE, s.env.GOMODCACHE, flagsForGoLinker, compilerVersion(s.env.CC), string(mod), p.Path), nil
}

// compilerVersion is what the C compiler says, on which the linkers depend.
func compilerVersion(cc string) string {
	words := append(strings.Fields(cc), "--version")
	out, _ := exec.Command(words[0], words[1:]...).Output() // checkCompiler tells of one that does not work
	return string(out)
}

func (s *setup) checkPackages(context.Context) status {
	st := status{where: s.env.GOCACHE}
	key, err := s.packagesKey()
	if err != nil {
		st.problem = "wait for the XLA plugin"
		return st
	}
	if st.problem = s.readStamp(packagesStamp).holds(s.layout, key); st.problem == notInstalled {
		st.problem = "not compiled yet"
	}
	info, err := os.Stat(s.stampPath(packagesStamp))
	if st.problem == "" && (err != nil || time.Since(info.ModTime()) > packagesAge || isEmptyDir(filepath.Join(s.env.GOCACHE, "00"))) {
		st.problem = "no longer in Go's build cache"
	}
	if st.ok = st.problem == ""; st.ok {
		st.version = s.env.GOVERSION
	}
	return st
}

func isEmptyDir(path string) bool {
	entries, err := os.ReadDir(path)
	return err != nil || len(entries) == 0
}

// installPackages downloads the modules of go.mod, then compiles and runs, in a workspace like GoNB's and with the
// cells' flags, a program that imports what notebooks import and opens the backend.
func (s *setup) installPackages(ctx context.Context) error {
	key, err := s.packagesKey()
	if err != nil {
		return err
	}
	p, err := findPlugin(s.layout, os.Getenv)
	if err != nil {
		return err
	}
	download := exec.CommandContext(ctx, "go", "mod", "download")
	download.Dir = string(s.layout)
	if err := s.quietly(ctx, "downloading Go modules", download); err != nil {
		return err
	}
	imports, err := s.libraryPackages(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "  compiling %d packages and what they need\n", len(imports)+len(notebookPackages))
	if err := s.compileAll(ctx, append(imports, notebookPackages...), key); err != nil {
		return err
	}
	if err := s.open(ctx, p); err != nil {
		return err
	}
	return s.writeStamp(packagesStamp, key)
}

// compileAll compiles what cells import, and keeps whether Go's own linker links it.
func (s *setup) compileAll(ctx context.Context, imports []string, key string) error {
	if err := os.RemoveAll(s.stampPath(goLinkerStamp)); err != nil {
		return err
	}
	if s.compile(ctx, imports, flagsForGoLinker) == nil {
		return s.writeStamp(goLinkerStamp, key)
	}
	err := s.compile(ctx, imports, flagsForCLinker)
	if err != nil && ctx.Err() == nil {
		// A library in the middle of a change must not keep anybody from opening a notebook.
		fmt.Fprintf(s.out, "  kdlib does not compile: %v\n", err)
		err = s.compile(ctx, notebookPackages, flagsForCLinker)
	}
	return err
}

// libraryPackages lists the packages of kdlib that a cell can import.
func (s *setup) libraryPackages(ctx context.Context) ([]string, error) {
	list := exec.CommandContext(ctx, "go", "list", "-f", `{{if and .GoFiles (ne .Name "main")}}{{.ImportPath}}{{end}}`, "./kdlib/...")
	list.Dir = string(s.layout)
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %s", firstLine(stderr.String(), err.Error()))
	}
	return slices.DeleteFunc(strings.Fields(string(out)), func(path string) bool {
		return slices.Contains(strings.Split(path, "/"), "internal")
	}), nil
}

// warmDir holds the program that installPackages compiles.
func (s *setup) warmDir() string { return filepath.Join(s.temp(), "warm") }

// compile builds warmProgram.
func (s *setup) compile(ctx context.Context, imports []string, flags string) error {
	version := strings.TrimPrefix(s.env.GOVERSION, "go")
	files := map[string]string{
		"go.mod":  "module warm\n\ngo " + version + "\n",
		"go.work": fmt.Sprintf("go %s\n\nuse .\nuse %q\n", version, string(s.layout)),
		"main.go": warmProgram(imports),
	}
	for name, text := range files {
		if err := writeFile(filepath.Join(s.warmDir(), name), []byte(text)); err != nil {
			return err
		}
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", "warm", ".")
	build.Dir = s.warmDir()
	build.Env = with(os.Environ(), variable{"GOFLAGS", flags}, variable{"GOWORK", ""})
	return s.quietly(ctx, "compiling Go packages", build)
}

// open runs warmProgram.
func (s *setup) open(ctx context.Context, p plugin) error {
	run := exec.CommandContext(ctx, filepath.Join(s.warmDir(), "warm"))
	run.Env = with(os.Environ(), environment(s.layout, s.env.goBin(), p, os.Getenv)...)
	if err := s.quietly(ctx, "opening the XLA backend", run); err != nil {
		return fmt.Errorf("the plugin %s cannot be used: %w.\nName another with GOMLX_BACKEND=xla:/absolute/path, or remove this one", p.Path, err)
	}
	return nil
}

// warmProgram imports packages and opens the backend.
func warmProgram(packages []string) string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n\t\"fmt\"\n\n\tbackends \"github.com/gomlx/compute\"\n")
	for _, p := range packages {
		fmt.Fprintf(&b, "\t_ %q\n", p)
	}
	b.WriteString(")\n\nfunc main() {\n\tfmt.Println(backends.MustNew().Description())\n}\n")
	return b.String()
}
