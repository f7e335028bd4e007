package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Every package is pinned, and the plugins that the profiles name are among them.
func TestClusterPins(t *testing.T) {
	var names []string
	for line := range strings.Lines(clusterRequirements) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := requirement.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("requirements: %q is no pin", line)
		}
		names = append(names, m[1])
	}
	for _, profile := range []string{"slurm", "kubernetes"} {
		text, err := os.ReadFile("cluster/profiles/" + profile + "/config.yaml")
		if err != nil {
			t.Fatal(err)
		}
		_, executor, _ := strings.Cut(string(text), "\nexecutor: ")
		executor, _, _ = strings.Cut(executor, "\n")
		if want := "snakemake-executor-plugin-" + executor; executor == "" || !slices.Contains(names, want) {
			t.Errorf("profile %s: its executor is %q, want one that is installed", profile, executor)
		}
	}
}

func TestBuildArguments(t *testing.T) {
	want := []string{"build", "-o", "kd", "-ldflags", "-X distillation/kdlib/study.commit=abc-dirty", "./kdlib/cmd/kd"}
	if got := buildArguments("kd", "abc-dirty"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := buildArguments("kd", ""), []string{"build", "-o", "kd", "./kdlib/cmd/kd"}; !slices.Equal(got, want) {
		t.Errorf("without git: got %q, want %q", got, want)
	}
}

// A link of an earlier set-up is replaced, also one to a plugin that is gone.
func TestLinkReplaces(t *testing.T) {
	t.Chdir(t.TempDir())
	writeTestFile(t, "plugin.so", "new")
	for _, to := range []string{"absent.so", "plugin.so"} {
		if err := link(to, "link.so"); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile("link.so"); err != nil || string(text) != "new" {
		t.Errorf("got %q, %v, want the new plugin", text, err)
	}
}
