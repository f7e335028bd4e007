package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// facesStudy is a study on disk of n drawn faces in the folder faces, with predictions of two models.
func facesStudy(t *testing.T, n int) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, args := range []string{fmt.Sprintf("data synth --n %d --size 32 --out faces", n), "data split faces --out run/manifest.csv"} {
		if _, err := kd(strings.Fields(args)...); err != nil {
			t.Fatal(err)
		}
	}
	how := recipe.Demo
	how.Data.Size = 32
	if err := recipe.WriteJSON(filepath.Join("run", folder.StudyFile), how); err != nil {
		t.Fatal(err)
	}
	manifest := must(images.ReadManifest("run/manifest.csv"))
	for model, p := range map[string]float64{"teacher": 0.8, "soft": 0.4} {
		for _, split := range folder.Splits {
			var rows predictions.Table
			for _, e := range manifest.Of(split) {
				rows = append(rows, predictions.Row{ID: e.ID, Split: split, Label: float64(e.Label), P: p})
			}
			path := folder.PredictionPath("run", model, split)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := predictions.Write(path, rows); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A page with pictures has a thumbnail for each of its sets' pictures, and its size was said before, to a few per cent.
func TestReportWithPictures(t *testing.T) {
	facesStudy(t, 24)
	if out, err := kd("report", "run", "--out", "plain.html"); err != nil {
		t.Fatal(out, err)
	}
	var out bytes.Buffer // both streams, in order
	if err := run(t.Context(), &out, &out, strings.Fields("report run --out page.html --pictures faces --cache decoded")); err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`page\.html: (\d+) thumbnails, about (\d+) KB\n(?s:.*)page\.html: (\d+) KB\n$`).FindStringSubmatch(out.String())
	if said == nil || said[1] != "8" {
		t.Fatalf("said %q, want 8 thumbnails, their size, then that of the file", out.String())
	}
	plain, page := must(os.ReadFile("plain.html")), must(os.ReadFile("page.html"))
	grown, about := float64(len(page)-len(plain))/1000, must(strconv.ParseFloat(said[2], 64))
	if about < 0.9*grown-1 || about > 1.1*grown+1 {
		t.Errorf("said %v KB before, but it grew by %.1f KB", about, grown)
	}
	if caches := must(filepath.Glob("decoded/*-32.cache")); len(caches) != 1 {
		t.Errorf("got %d caches of 32x32 in --cache, want 1", len(caches))
	}
}

// Pictures that were not drawn here are put into no page unless the user says that they may be; nothing is written.
func TestReportRefusesPicturesOfOthers(t *testing.T) {
	facesStudy(t, 24)
	if err := os.Remove("faces/truth.csv"); err != nil { // now they are like any others
		t.Fatal(err)
	}
	words := strings.Fields("report run --out page.html --pictures faces --cache decoded")
	out, err := kd(words...)
	if status(err) != exitUsage || !strings.Contains(err.Error(), "--pass-on") {
		t.Errorf("said %q, error %v, want one of usage that names --pass-on", out, err)
	}
	for _, path := range []string{"page.html", "decoded"} {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s was written", path)
		}
	}
	if out, err := kd(append(words, "--pass-on")...); err != nil {
		t.Errorf("with --pass-on: said %q, error %v", out, err)
	}
}
