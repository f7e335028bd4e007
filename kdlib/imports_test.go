package kdlib_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "distillation/kdlib/"

// floors is the order in which packages may use each other, the lowest first: only those of lower floors. A new package takes
// its place here.
var floors = [][]string{
	// what stands on nothing of ours
	{"internal/csvfile", "internal/download", "internal/golden", "internal/lock", "internal/pace", "internal/smalldisk", "internal/cpu", "internal/chromium", "internal/testpictures",
		"network/internal/customgrad", "network/internal/formula", "network/internal/hdf5", "network/internal/onnxfile"},
	{"predictions", "distill", "stats", "table", "backend/programs", "backend/internal/hook", "backend/memory", "optimizer/reference", "network/conv", "network/feature", "network/weights", "train/history"},
	// pictures, the printed numbers, networks and optimizers
	{"backend", "images", "metrics", "paper", "chart", "optimizer/adam", "network/architecture", "explain"},
	{"network/resnet", "network/mobilenet"},
	{"internal/xlatest", "network", "images/synth", "dataset", "recipe", "paper/audit", "optimizer/compare"},
	{"network/convert", "network/onnx", "internal/testweights", "network/internal/parity"},
	// training, and where its results lie
	{"internal/smallnet", "train", "study/folder"},
	{"bench", "study/analysis", "study/background", "study/paired", "report/internal/teststudy", "explain/attribution"},
	{"report/gallery"},
	{"study", "bench/summary", "report/claims", "report/live", "report/browser", "report/card", "report/tracking"},
	// what is made of them
	{"report", "study/lab"},
	{"notebook"},
	{"cmd/kd", "notebook/internal/nbcheck"},
}

// graph lists the packages that may use GoMLX; all others are plain.
var graph = []string{"network/internal/customgrad", "network/internal/parity", "internal/testweights", "internal/xlatest", "internal/smallnet", "backend", "backend/internal/hook", "network", "network/feature", "network/weights", "network/conv", "network/architecture", "network/resnet", "network/mobilenet",
	"network/convert", "network/onnx", "optimizer/adam", "optimizer/compare", "dataset", "train", "explain/attribution", "bench", "bench/summary", "study", "study/lab", "cmd/kd"}

// drawing lists the packages that may link plots and their fonts.
var drawing = []string{"chart", "paper/audit", "optimizer/compare", "bench/summary", "report", "report/live", "notebook", "notebook/internal/nbcheck", "cmd/kd"}

// fetching lists the packages that may link the client of HTTP, a tenth of a cell's program, which is linked anew for each cell.
var fetching = []string{"backend", "bench", "bench/summary", "cmd/kd", "internal/download", "internal/xlatest", "network/convert", "network/internal/parity", "report/browser", "report/tracking", "study", "study/lab", "train"}

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

var packagesOnce = sync.OnceValues(func() ([]goPackage, error) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...").Output()
	if err != nil {
		return nil, err
	}
	var all []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
})

func packages(t *testing.T) []goPackage {
	t.Helper()
	all, err := packagesOnce()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func floor(name string) int {
	return slices.IndexFunc(floors, func(f []string) bool { return slices.Contains(f, name) })
}

func TestImportsGoOneWay(t *testing.T) {
	for _, p := range packages(t) {
		name, isOurs := strings.CutPrefix(p.ImportPath, module)
		if !isOurs {
			continue
		}
		at := floor(name)
		if at < 0 {
			t.Errorf("package %s has no floor", name)
			continue
		}
		for _, i := range p.Imports {
			if used, ok := strings.CutPrefix(i, module); ok && floor(used) >= at {
				t.Errorf("%s (floor %d) imports %s (floor %d), want a lower floor", name, at, used, floor(used))
			}
		}
	}
}

func TestPlainPackagesUseNoTensors(t *testing.T) {
	onlyThese(t, graph, "github.com/gomlx/")
}

func TestFewPackagesDraw(t *testing.T) {
	onlyThese(t, drawing, "gonum.org/v1/plot")
}

func TestFewPackagesFetch(t *testing.T) {
	onlyThese(t, fetching, "net/http")
}

// onlyThese finds packages that depend on those of a prefix and are not of the list, and those of the list that do not.
func onlyThese(t *testing.T, list []string, prefix string) {
	t.Helper()
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		at := slices.IndexFunc(p.Deps, func(d string) bool { return strings.HasPrefix(d, prefix) })
		switch listed := slices.Contains(list, name); {
		case at >= 0 && !listed:
			t.Errorf("%s depends on %s", name, p.Deps[at])
		case at < 0 && listed:
			t.Errorf("%s does not depend on %s any more: take it from the list", name, prefix)
		}
	}
}
