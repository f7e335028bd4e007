package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// The parts of a plan, each made by a process of its own and two processes at a time, are the study that one process makes: but for
// the clock the same bits.
func TestPartsInTwoProcesses(t *testing.T) {
	xlatest.Backend(t) // or skip
	dir := t.TempDir()
	t.Chdir(dir)
	s := smallDemo()
	s.Teacher.Epochs = 1
	s.Teacher.Dropout = s.Student.Dropout
	if err := recipe.WriteJSON("study.json", s); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"data", "synth", "--n", "40", "--size", "32", "--out", "faces.tar"},
		{"data", "decode", "faces.tar", "--size", "32", "--cache", "cache"},
	} {
		if _, err := kd(args...); err != nil {
			t.Fatal(err)
		}
	}
	start := func(run string, more ...string) *exec.Cmd {
		args := append([]string{"study", "--config", "study.json", "--pictures", "faces.tar", "--cache", "cache", "--dir", run}, more...)
		cmd := command(t, run+".txt", args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	wait := func(run string, commands ...*exec.Cmd) {
		for _, cmd := range commands {
			if err := cmd.Wait(); err != nil {
				text, _ := os.ReadFile(run + ".txt")
				t.Fatalf("%q: %v\n%s", cmd.Args, err, text)
			}
		}
	}
	wait("whole", start("whole"))
	plan := planOf(t, "study.json")
	if !slices.Equal(plan.Sizes, []int{32}) {
		t.Errorf("plan: got the sizes %v, want 32", plan.Sizes)
	}
	var made []string
	for len(plan.Parts) > 0 {
		var ready []*exec.Cmd
		var left []folder.Part
		for _, part := range plan.Parts {
			if len(ready) < 2 && len(missing("parts", part.Needs)) == 0 {
				ready, made = append(ready, start("parts", "--only", part.Name)), append(made, part.Makes...)
			} else {
				left = append(left, part)
			}
		}
		if len(ready) == 0 {
			t.Fatalf("nobody makes what %+v needs", left)
		}
		wait("parts", ready...)
		plan.Parts = left
	}
	if none := missing("parts", made); len(none) > 0 {
		t.Errorf("not made: %q", none)
	}
	run, err := folder.Open("parts")
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Complete(); err != nil {
		t.Error(err)
	}
	if sessions, err := run.Sessions(); err != nil || len(sessions) != 5 {
		t.Errorf("got %d sessions, %v, want one of each part", len(sessions), err)
	}
	checkSameStudy(t, "parts", "whole")
}

// planOf is what --plan prints of a recipe.
func planOf(t *testing.T, config string) folder.Plan {
	t.Helper()
	text, err := kd("study", "--plan", "--config", config)
	if err != nil {
		t.Fatal(err)
	}
	var plan folder.Plan
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		t.Fatal(err)
	}
	return plan
}

// missing are the files that are not there.
func missing(dir string, files []string) []string {
	return slices.DeleteFunc(slices.Clone(files), func(file string) bool {
		_, err := os.Stat(filepath.Join(dir, file))
		return err == nil
	})
}
