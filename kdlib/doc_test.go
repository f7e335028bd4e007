package kdlib_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The index must name every formula of the paper, and only symbols that exist.
func TestIndexLeadsSomewhere(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 15; n++ {
		if !strings.Contains(string(text), fmt.Sprintf("//\t(%d) ", n)) {
			t.Errorf("doc.go: formula (%d) has no line", n)
		}
	}
	symbols := regexp.MustCompile(`\b([a-z]+)\.([A-Z]\w*(?:\.[A-Z]\w*)?)\b`).FindAllStringSubmatch(string(text), -1)
	const atLeast = 15 // a line a formula; fewer means that the pattern no longer fits the page
	if len(symbols) < atLeast {
		t.Fatalf("doc.go: found %d symbols, want at least %d", len(symbols), atLeast)
	}
	known := map[string]map[string]bool{}
	for _, s := range symbols {
		if known[s[1]] == nil {
			known[s[1]] = exported(t, s[1])
		}
		if !known[s[1]][s[2]] {
			t.Errorf("doc.go: %s does not exist", s[0])
		}
	}
}

// Every package has its line in the index, and its place in README's map.
func TestIndexIsComplete(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages(t) {
		name, below := strings.CutPrefix(p.ImportPath, module)
		if !below || strings.Contains("/"+name, "/internal/") {
			continue
		}
		if !strings.Contains(string(text), "//\t"+name+" ") {
			t.Errorf("doc.go: package %s has no line", name)
		}
		if !regexp.MustCompile("(?m)^\\| .*`" + name + "`.* \\| ").Match(readme) {
			t.Errorf("README.md: package %s is not in the map", name)
		}
	}
}

// exported lists a package's names, methods as Type.Method.
func exported(t *testing.T, dir string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	files, err := parser.ParseDir(token.NewFileSet(), dir, nil, 0)
	if err != nil {
		t.Fatalf("doc.go names package %s: %v", dir, err)
	}
	for _, p := range files {
		for _, file := range p.Files {
			for _, d := range file.Decls {
				declared(d, names)
			}
		}
	}
	return names
}

func declared(d ast.Decl, names map[string]bool) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names[d.Name.Name] = true
		} else {
			names[receiver(d.Recv.List[0].Type)+"."+d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names[spec.Name.Name] = true
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					names[name.Name] = true
				}
			}
		}
	}
}

func receiver(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	return e.(*ast.Ident).Name
}
