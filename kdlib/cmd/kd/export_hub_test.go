package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"
)

// The folder for the Hub has the network, its recipe and a card with what the test set says; one that is there is not written over.
func TestExportHub(t *testing.T) {
	t.Setenv(kdEnv, "1")
	backend := xlatest.Backend(t)
	t.Chdir(t.TempDir())
	if err := os.Mkdir("soft", 0o755); err != nil {
		t.Fatal(err)
	}
	writeInitial(t, backend, recipe.Training{Network: string(resnet.ResNet18Narrow)}, 1, filepath.Join("soft", train.BestFile))
	write(t, filepath.Join("soft", train.ConfigFile), `{"network":"resnet18-narrow","epochs":7,"size":48}`)
	write(t, filepath.Join("soft", "test.csv"), "id,set,label,p\ncat.0,test,0,0.25\ndog.0,test,1,0.75\ndog.1,test,1,0.25\n")
	words := []string{"export", "hub", "--model", "soft", "--license", "cc-by-4.0", "--out", "hub"}
	if out, err := kd(words...); err != nil || out != "hub: soft with its model card; read README.md before you upload it\n" {
		t.Fatalf("got %q, %v", out, err)
	}
	readme := string(must(os.ReadFile("hub/README.md")))
	for _, want := range []string{`license: "cc-by-4.0"`, "# soft", "48 × 48", "On a test set of 3 pictures", "| 0.6667 | 0.2077 to 0.9385 |", `"epochs": 7`} { // Wilson of 2 of 3, by hand
		if !strings.Contains(readme, want) {
			t.Errorf("the card does not say %q:\n%s", want, readme)
		}
	}
	if files := must(filepath.Glob("hub/*")); strings.Join(files, " ") != "hub/README.md hub/model.onnx hub/training.json" {
		t.Errorf("got the files %q", files)
	}
	if _, err := kd(words...); err == nil || !strings.Contains(err.Error(), "hub is there already") {
		t.Errorf("again: got error %v", err)
	}
	if left := must(filepath.Glob(".hub-*")); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}
