package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
)

// Without a split a network can be asked about anything: all pictures of a study, a folder without classes, one picture. Each
// prediction is that which the same picture has in a split; predict says what it wrote.
func TestPredictWithoutLabels(t *testing.T) {
	xlatest.Backend(t)
	dir := t.TempDir()
	at := func(names ...string) string { return filepath.Join(append([]string{dir}, names...)...) }
	if _, err := kd("data", "synth", "--n", "40", "--size", "32", "--out", at("faces")); err != nil {
		t.Fatal(err)
	}
	network := []string{"predict", "--onnx", filepath.Join("..", "..", "network", "onnx", "testdata", "bytes_logit.onnx"), "--cache", at("cache")}
	predict := func(args ...string) string {
		t.Helper()
		said, err := kd(append(network, args...)...)
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	said := predict("--pictures", at("faces"), "--manifest", at("new", "split.csv"), "--split", "all", "--out", at("new", "split", "all.csv"))
	if want := at("new", "split", "all.csv") + ": predictions on 28 train, 6 validation, 6 test\n"; said != want {
		t.Errorf("said %q, want %q", said, want)
	}
	split, err := predictions.Read(at("new", "split", "all.csv"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{}
	for _, row := range split {
		want[row.ID] = row.P
	}

	said = predict("--pictures", at("faces"), "--out", at("all.csv"))
	all, err := predictions.ReadProbabilities(at("all.csv"))
	if err != nil || len(all) != 40 || said != at("all.csv")+": predictions on 40 pictures\n" {
		t.Errorf("said %q of %d pictures, %v, want 40", said, len(all), err)
	}
	for _, row := range all {
		if row.P != want[row.ID] {
			t.Errorf("%s: got %v, want %v", row.ID, row.P, want[row.ID])
		}
	}

	photo, err := os.ReadFile(at("faces", "dog.3.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{at("photos", "IMG_1.jpg"), at("photos", "IMG_2.jpg")} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, photo, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := fmt.Sprint(want["dog.3"])
	if got, want := predict("--pictures", at("photos")), "id,p\nIMG_1.jpg,"+p+"\nIMG_2.jpg,"+p+"\n"; got != want {
		t.Errorf("a folder without classes: got %q, want %q", got, want)
	}
	if got, want := predict("--pictures", at("faces", "dog.3.jpg")), "id,p\ndog.3.jpg,"+p+"\n"; got != want {
		t.Errorf("one picture: got %q, want %q", got, want)
	}

	for _, test := range []struct{ args, want string }{
		{"--split all", "--split: got all, which has no effect without --manifest"},
		{"--subset 4", "--subset: got 4, which has no effect"},
		{"--manifest " + at("new", "split.csv"), "--out is missing"},
	} {
		args := append(append(network, "--pictures", at("faces")), strings.Fields(test.args)...)
		if _, err := kd(args...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %v, want %q in it", test.args, err, test.want)
		}
	}
}

// The page's folder is made.
func TestReportMakesItsFolder(t *testing.T) {
	out := filepath.Join(t.TempDir(), "runs", "x.html")
	if _, err := kd("report", filepath.Join("..", "..", "..", "datasets", "results", "reduced"), "--out", out); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(out); err != nil || info.Size() == 0 {
		t.Errorf("got %v, %v, want the page", info, err)
	}
}
