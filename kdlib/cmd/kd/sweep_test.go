package main

import (
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/analysis"
)

// A sweep is one study: its students share the teacher and the classical student, and each learns from labels of its own temperature.
func TestStudySweep(t *testing.T) {
	xlatest.Backend(t) // or skip
	t.Chdir(t.TempDir())
	s := smallDemo()
	if err := recipe.WriteJSON("study.json", s); err != nil {
		t.Fatal(err)
	}
	sweep := []string{"study", "--config", "study.json", "--sweep", "temperature=1,4"}
	plan, err := kd(append(sweep, "--plan")...)
	if err != nil || strings.Count(plan, `"name"`) != 6 || !strings.Contains(plan, `"soft-t4/test.csv"`) {
		t.Errorf("plan: got %s, %v, want teacher, classical, hard, soft, soft-t4 and timing", plan, err)
	}
	if _, err := kd("data", "synth", "--n", "40", "--size", "32", "--out", "faces.tar"); err != nil {
		t.Fatal(err)
	}
	if _, err := kd(append(sweep, "--pictures", "faces.tar", "--cache", "cache", "--dir", "run")...); err != nil {
		t.Fatal(err)
	}
	run, err := analysis.Open("run")
	if err != nil {
		t.Fatal(err)
	}
	labels, err1 := run.TrainingLabels("soft-t4", predictions.Train)
	teacher, err2 := run.Predictions("teacher", predictions.Train)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for i, row := range teacher {
		if want := (distill.Soft{Temperature: 4}).Label(row.P, row.Label); labels[i] != want || want == row.P {
			t.Fatalf("%s: got the label %v, want %v of the prediction %v", row.ID, labels[i], want, row.P)
		}
	}
	if tables, err := kd("tables", "run"); err != nil || !strings.Contains(tables, "soft, temperature 4, alpha 0") {
		t.Errorf("tables: got %v, want one of the options", err)
	}
}
