package folder_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"distillation/kdlib/internal/lock"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// A finished study of which the hard student is cut off, and what follows: each part is what its files, and who locks it, say. The lock of
// a process that is gone is none.
func TestStates(t *testing.T) {
	r := finished(t)
	for _, gone := range []string{"hard/test.csv", "hard-1", "soft-1", "timing.csv"} {
		if err := os.RemoveAll(filepath.Join(r.Dir, gone)); err != nil {
			t.Fatal(err)
		}
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	sign := func(part string, process int, host string) {
		t.Helper()
		text, _ := json.Marshal(lock.Holder{Program: "kd", Process: process, Host: host, Started: time.Unix(0, 0).UTC()})
		dir := filepath.Join(r.Dir, part)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, lock.File), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want map[string]string) {
		t.Helper()
		for _, s := range r.States() {
			if got, ok := want[s.Name]; ok && s.Is != got {
				t.Errorf("%s: got %s, want %s", s.Name, s.Is, got)
			}
		}
	}
	check(map[string]string{"teacher": folder.Done, "soft": folder.Done, "hard": folder.Interrupted, "hard-1": folder.Waiting, "soft-1": folder.Ready, "timing": folder.Ready})
	sign("soft-1", 1<<30, host) // above the largest process id
	check(map[string]string{"soft-1": folder.Ready})
	if folder.Busy(r.Dir) {
		t.Error("a study that nobody works on is busy")
	}
	sign("soft-1", os.Getpid(), host)
	sign("hard", 7, "another")
	check(map[string]string{"soft-1": folder.Running, "hard": folder.Running, "hard-1": folder.Waiting})
	if !folder.Busy(r.Dir) {
		t.Error("a study on two parts of which somebody works is not busy")
	}
	for _, s := range r.States() {
		if s.Name == "hard" && (s.By != "kd, process 7 on another since 1970-01-01 00:00:00 UTC" || s.Epoch != 1 || s.Epochs != 1) {
			t.Errorf("got %+v", s)
		}
	}
}

func TestKind(t *testing.T) {
	r := &folder.Study{Recipe: recipe.Demo}
	r.Recipe.Seeds = 2
	for model, want := range map[string]string{"soft-seed2": "soft", "classical": "classical", "hard-1": "hard-1", "teacher": "teacher", folder.Timing: folder.Timing} {
		if got := r.Kind(model); got != want {
			t.Errorf("%s: got %s, want %s", model, got, want)
		}
	}
}
