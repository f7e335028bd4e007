package nbcheck

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	imported = regexp.MustCompile(`"distillation/kdlib/([^"]+)"`)
	named    = regexp.MustCompile(`(?:^|[^\w.)\]])([a-z]\w*)\.[A-Z]`)
	noCode   = regexp.MustCompile("(?m)\"(?:\\\\.|[^\"\\\\])*\"|`[^`]*`|//.*$|^!.*$")
	assigned = regexp.MustCompile(`(?m)^\W*([a-z]\w*)\b[^=\n]*=`)
)

// unimported are the packages, by their paths below kdlib, that code cells name and none imports.
func unimported(nb notebook, packages []string) (missing []string) {
	var code string
	listed := map[string]bool{}
	for _, c := range nb.Cells {
		if c.CellType != "code" {
			continue
		}
		for _, found := range imported.FindAllStringSubmatch(string(c.Source), -1) {
			listed[found[1]] = true
		}
		code += noCode.ReplaceAllString(string(c.Source), `""`) + "\n"
	}
	names := map[string]bool{}
	for _, found := range named.FindAllStringSubmatch(code, -1) {
		names[found[1]] = true
	}
	for _, found := range assigned.FindAllStringSubmatch(code, -1) {
		delete(names, found[1]) // a variable
	}
	for _, p := range packages {
		if names[path.Base(p)] && !listed[p] {
			missing = append(missing, p)
		}
	}
	return missing
}

// libraryPackages are the folders of kdlib with packages that a cell can import.
func libraryPackages(t *testing.T) (packages []string) {
	t.Helper()
	const root = "../../.."
	err := filepath.WalkDir(root, func(at string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, filepath.Dir(at))
		if err == nil && strings.HasSuffix(at, ".go") && !slices.Contains(strings.Split(name, "/"), "internal") && !slices.Contains(packages, name) {
			packages = append(packages, name)
		}
		return err
	})
	if err != nil || !slices.Contains(packages, "images/synth") {
		t.Fatalf("got packages %q, %v", packages, err)
	}
	return packages
}

// A package that no cell imports is found by goimports in all of the project and its modules, anew for every cell that names it: half a
// second of a processor, more than compiling the cell takes.
func TestNotebooksImportWhatTheyName(t *testing.T) {
	packages := libraryPackages(t)
	for _, file := range append(notebooks(t, folder), notebooks(t, filepath.Join(folder, "solutions"))...) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var nb notebook
		if err := json.Unmarshal(data, &nb); err != nil {
			t.Fatal(err)
		}
		if missing := unimported(nb, packages); len(missing) > 0 {
			t.Errorf("%s: no cell imports %q", file, missing)
		}
	}
}

func TestUnimported(t *testing.T) {
	nb := notebook{Cells: []cell{
		{CellType: "markdown", Source: "metrics.Score"},
		{CellType: "code", Source: "import (\n\t\"distillation/kdlib/notebook\"\n)\n"},
		{CellType: "code", Source: "train := 3\nnotebook.Show(train.Figure, stats.Mean(paper.Table), x.chart.Y, \"report.Open\") // study.Run\n!go tool bench.X"},
	}}
	packages := []string{"notebook", "metrics", "train", "stats", "paper", "chart", "report", "study", "bench"}
	if got, want := unimported(nb, packages), []string{"stats", "paper"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
