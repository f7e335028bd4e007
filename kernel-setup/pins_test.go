package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestToolsModuleHoldsThePins(t *testing.T) {
	mod, err := os.ReadFile("tools/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range append(kernelTools, languageServerTool) {
		if want := tool.Module + " " + tool.Version; !strings.Contains(string(mod), want) {
			t.Errorf("tools/go.mod: no %q", want)
		}
	}
}

func TestConstraintsPinEveryRequirement(t *testing.T) {
	line := regexp.MustCompile(`^[A-Za-z0-9_.-]+==[0-9][0-9a-z.]*( ; python_(full_)?version >= "3\.\d+(\.\d+)?")?$`)
	for l := range strings.Lines(pythonConstraints) {
		if l = strings.TrimSpace(l); !strings.HasPrefix(l, "#") && !line.MatchString(l) {
			t.Errorf("constraints.txt: %q is no pin", l)
		}
	}
	for _, p := range pythonPackages {
		if pin := p.Name + "==" + p.Version + "\n"; !strings.Contains(pythonConstraints, pin) {
			t.Errorf("constraints.txt: no %q", pin)
		}
	}
}

func TestHashIsSHA256(t *testing.T) {
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(wheelSHA256) {
		t.Errorf("%q is no SHA-256", wheelSHA256)
	}
}
