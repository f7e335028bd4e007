package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/folder"
)

// turnLabels makes models sure of every picture's truth, and gives some pictures the other label.
func turnLabels(t *testing.T, ids ...string) {
	t.Helper()
	for _, model := range []string{"teacher", "classical", "hard", "soft"} {
		for _, split := range folder.Splits {
			path := folder.PredictionPath("run", model, split)
			var rows predictions.Table
			for _, e := range must(images.ReadManifest("run/manifest.csv")).Of(split) {
				row := predictions.Row{ID: e.ID, Split: split, Label: float64(e.Label), P: 0.05 + 0.9*float64(e.Label)}
				for _, id := range ids {
					if id == e.ID {
						row.Label = 1 - row.Label
					}
				}
				rows = append(rows, row)
			}
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := predictions.Write(path, rows); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Labels that were turned are found, the user keeps one of them, and a new split lacks the others; all that stay have their sets.
func TestLabelsRound(t *testing.T) {
	facesStudy(t, 60)
	test := must(images.ReadManifest("run/manifest.csv")).Of(predictions.Test).IDs()
	turned := []string{test[1], test[4]}
	turnLabels(t, turned...)
	out := must(kd("labels", "run"))
	for _, id := range turned {
		if !strings.Contains(out, "\n"+id+" ") {
			t.Errorf("%s is not among the doubted labels:\n%s", id, out)
		}
	}
	if out := must(kd("labels", "run", "--out", "doubted.csv")); out != "doubted.csv: 2 labels\n" {
		t.Errorf("said %q", out)
	}
	lines := strings.SplitAfter(string(must(os.ReadFile("doubted.csv"))), "\n")
	if lines[0] != "id,set,label,quality,models_against\n" || !strings.HasSuffix(lines[1], "0.05000,4\n") {
		t.Errorf("wrote %q", lines)
	}
	left, _, _ := strings.Cut(lines[1], ",")
	if err := os.WriteFile("doubted.csv", []byte(lines[0]+lines[1]), 0o644); err != nil { // the user looked at the other
		t.Fatal(err)
	}
	if out := must(kd(strings.Fields("data split faces --out new.csv --without doubted.csv")...)); !strings.Contains(out, "; 1 left out, which doubted.csv names\n") {
		t.Errorf("split: said %q", out)
	}
	want := slices.DeleteFunc(must(images.ReadManifest("run/manifest.csv")), func(e images.Entry) bool { return e.ID == left })
	if got := must(images.ReadManifest("new.csv")); !slices.Equal(got, want) {
		t.Errorf("split: got %v, want %v", got, want)
	}
	if out := must(kd("labels", "run", "--without", "doubted.csv")); !strings.Contains(out, "The test set of 8 pictures, and without 1 of them") ||
		!strings.Contains(out, "teacher     0.75000") || !strings.Contains(out, " 0.85714 ") || !strings.Contains(out, "The paper's claims") {
		t.Errorf("with and without:\n%s", out)
	}
}

func TestWithoutErrors(t *testing.T) {
	facesStudy(t, 60)
	turnLabels(t)
	train := must(images.ReadManifest("run/manifest.csv")).Of(predictions.Train).IDs()[0]
	for name, text := range map[string]string{"unknown.csv": "id\ndog.999\n", "train.csv": "id\n" + train + "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for words, want := range map[string]string{
		"data split faces --out new.csv --without unknown.csv": `unknown.csv: got the picture "dog.999", want one of the 60`,
		"labels run --without train.csv":                       "train.csv: report: run: none of the 1 pictures to leave out is in the test set",
		"labels run --split train":                             "networks that learned from these labels",
	} {
		if out, err := kd(strings.Fields(words)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("kd %s: said %q, error %v, want %q", words, out, err, want)
		}
	}
}
