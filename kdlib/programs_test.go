package kdlib_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// starters are the packages that may start programs: git is asked for the commit, tests mount file systems, and the
// frameworks that speed is compared with are commands, as are browsers; a study beside a notebook is one. What reads foreign files starts nothing.
var starters = []string{"study", "study/background", "bench", "internal/smalldisk", "internal/chromium"}

func TestFewPackagesStartPrograms(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, risky := range []string{"os/exec", "plugin", "encoding/gob"} {
			if slices.Contains(p.Imports, risky) && !slices.Contains(starters, name) {
				t.Errorf("%s imports %s", name, risky)
			}
		}
	}
}

// No program of this repository is a shell that is given a string: every argument is one of its own.
func TestNoShell(t *testing.T) {
	shells := []string{"sh", "bash", "/bin/sh", "/bin/bash", "zsh", "cmd", "powershell"}
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "datasets" || len(d.Name()) > 2 && d.Name()[0] == '.') {
			return errOrSkip(err, d)
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !isCommand(call.Fun) {
				return true
			}
			seen++
			for _, argument := range call.Args {
				if s, ok := argument.(*ast.BasicLit); ok && s.Kind == token.STRING {
					if text, err := strconv.Unquote(s.Value); err == nil && slices.Contains(shells, text) {
						t.Errorf("%s starts the shell %s", path, text)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil || seen == 0 {
		t.Errorf("looked at %d calls of exec.Command: %v", seen, err)
	}
}

func errOrSkip(err error, d fs.DirEntry) error {
	if err == nil && d.IsDir() {
		return filepath.SkipDir
	}
	return err
}

// isCommand recognizes exec.Command and exec.CommandContext.
func isCommand(fun ast.Expr) bool {
	f, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	p, ok := f.X.(*ast.Ident)
	return ok && p.Name == "exec" && (f.Sel.Name == "Command" || f.Sel.Name == "CommandContext")
}
