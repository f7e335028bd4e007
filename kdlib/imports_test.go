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

// layers is the order in which packages may use each other: only those of earlier lines. A new package
// takes its place here.
var layers = [][]string{
	{"internal/csvfile", "internal/lock", "internal/smalldisk", "internal/golden", "internal/customgrad", "internal/formula", "internal/hdf5", "internal/pace", "internal/cpu"},
	{"label", "hist", "pred", "schedule", "table", "history", "fetch", "backend/programs", "backend/internal/hook", "weights", "interval", "mcnemar", "memory"},
	{"backend", "score", "paper", "catdog", "chart", "conv", "curve"},
	{"internal/xlatest", "synth", "recipe", "audit", "adam", "resnet", "calibration", "speed"},
	{"exchange"},
	{"results", "fit", "nbui", "drift", "internal/testweights"},
	{"timing", "whatif", "foreign"},
	{"study"},
	{"cmd/kd", "internal/nbcheck"},
}

// graph lists the packages that may use GoMLX; all others are plain.
var graph = []string{"internal/customgrad", "internal/testweights", "internal/xlatest", "backend", "backend/internal/hook", "weights", "conv", "adam", "drift", "resnet", "exchange", "fit", "foreign", "timing", "study", "cmd/kd"}

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

func layer(name string) int {
	return slices.IndexFunc(layers, func(l []string) bool { return slices.Contains(l, name) })
}

func TestImportsGoOneWay(t *testing.T) {
	for _, p := range packages(t) {
		name, isOurs := strings.CutPrefix(p.ImportPath, module)
		if !isOurs {
			continue
		}
		at := layer(name)
		if at < 0 {
			t.Errorf("package %s has no layer", name)
			continue
		}
		for _, i := range p.Imports {
			if used, ok := strings.CutPrefix(i, module); ok && layer(used) >= at {
				t.Errorf("%s (layer %d) imports %s (layer %d), want an earlier layer", name, at, used, layer(used))
			}
		}
	}
}

func TestPlainPackagesUseNoTensors(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if slices.Contains(graph, name) {
			continue
		}
		for _, d := range p.Deps {
			if strings.HasPrefix(d, "github.com/gomlx/") {
				t.Errorf("plain package %s depends on %s", name, d)
				break
			}
		}
	}
}
