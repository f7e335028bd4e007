package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// Every line of the requirements pins a version and a hash; the plugin is the one that the command names.
func TestCUDAIsPinned(t *testing.T) {
	pinned := regexp.MustCompile(`^[a-z0-9-]+==[0-9.]+ --hash=sha256:[0-9a-f]{64}$`)
	name, version, _ := strings.Cut(cudaVersion, " ")
	found := false
	for line := range strings.Lines(cudaRequirements) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !pinned.MatchString(line) {
			t.Errorf("got %q, want name==version --hash=sha256:...", line)
		}
		found = found || strings.HasPrefix(line, name+"=="+version+" ")
	}
	if !found {
		t.Errorf("%s is not among them", cudaVersion)
	}
}

// Where there is a card and the plugin is installed, a network's step runs on it; elsewhere the plugin says that it sees no card.
func TestCUDAPlugin(t *testing.T) {
	s, err := newSetup(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	if st := s.checkCUDA(t.Context()); !st.ok {
		t.Skipf("CUDA plugin: %s; go run ./kernel-setup cuda installs it", st.problem)
	}
	kd := exec.CommandContext(t.Context(), "go", "tool", "kd", "bench", "--case", "18/train/32/8", "--steps", "1")
	kd.Env = with(os.Environ(), variable{"GOMLX_BACKEND", "xla:" + s.cudaPath()}, variable{"GOMLX_NO_AUTO_INSTALL", "1"})
	out, err := kd.CombinedOutput()
	if strings.HasPrefix(cards(t.Context()), "no card") {
		if err == nil || !strings.Contains(string(out), "No visible GPU devices") {
			t.Errorf("without a card: got %v, %s", err, out)
		}
		return
	}
	if err != nil {
		t.Errorf("on a card: %v\n%s", err, out)
	}
}
