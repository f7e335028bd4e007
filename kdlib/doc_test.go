package kdlib_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
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

// folderOf finds the folder of the package of a name; names of packages that the index needs are unique.
func folderOf(t *testing.T, name string) string {
	t.Helper()
	var found []string
	for _, p := range packages(t) {
		folder, ours := strings.CutPrefix(p.ImportPath, module)
		if ours && path.Base(folder) == name && !strings.Contains(folder, "internal/") {
			found = append(found, folder)
		}
	}
	if len(found) != 1 {
		t.Fatalf("doc.go names package %s: got the folders %q, want one", name, found)
	}
	return found[0]
}

// exported lists a package's names, methods as Type.Method.
func exported(t *testing.T, name string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(folderOf(t, name), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatalf("doc.go names package %s: %v", name, err)
		}
		for _, d := range file.Decls {
			declared(d, names)
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
