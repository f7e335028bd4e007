package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"distillation/kdlib/recipe"
)

// One command makes the recipe of one's own study by the number of pictures; with --show it can be edited.
func TestStudyOfOnesOwn(t *testing.T) {
	dir := t.TempDir()
	faces := filepath.Join(dir, "faces")
	if _, err := kd("data", "synth", "--n", "100", "--size", "32", "--out", faces); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		want recipe.Given
	}{
		{[]string{"--teacher", "mine.csv"}, recipe.Given{Predictions: "mine.csv"}},
		{[]string{"--preset", "own", "--teacher", "net.onnx", "--onnx-values", "imagenet"},
			recipe.Given{ONNX: recipe.ONNX{File: "net.onnx", Values: recipe.ImageNet}, Augment: recipe.Paper.Teacher.Augment}},
	} {
		said, err := kd(append([]string{"study", "--show", "--pictures", faces}, test.args...)...)
		if err != nil {
			t.Fatal(err)
		}
		var got recipe.Study
		if err := json.Unmarshal([]byte(said), &got); err != nil {
			t.Fatal(err)
		}
		// Of 50 pictures of a class 35 are trained on, 8 validate and 7 test.
		if want := recipe.Own(test.want, 70, 14); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %+v, want %+v", test.args, got, want)
		}
	}
	own := []string{"study", "--pictures", faces}
	for _, test := range []struct{ args, want string }{
		{"--teacher mine.txt", `--teacher: got "mine.txt", want FILE.csv or FILE.onnx`},
		{"--preset own", "--teacher is missing: FILE.csv with the columns id and p"},
		{"--preset demo --teacher mine.csv", "--teacher: got mine.csv, which has no effect beside a recipe that has its own teacher"},
		{"--teacher mine.csv --onnx-output logit", "--onnx-output: got logit, which has no effect without an ONNX file"},
		{"--teacher mine.csv --config own.json", "config teacher"},
		{"--teacher mine.csv --cache " + dir + " --dir " + filepath.Join(dir, "run"), "mine.csv: no such file"},
	} {
		if _, err := kd(append(own, strings.Fields(test.args)...)...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %v, want %q in it", test.args, err, test.want)
		}
	}
	// What it will do is said before anything is done: 3 students, 100 epochs, 70 pictures of 4.3 ms are 90 s.
	var news bytes.Buffer
	_ = run(context.Background(), io.Discard, &news, append(own, "--teacher", "mine.csv", "--dir", filepath.Join(dir, "run"), "--cache", dir)) // there is no mine.csv
	if want := "100 pictures, 70 of them to train on; 3 students, 100 epochs each: about 2 minutes on two cores"; !strings.HasPrefix(news.String(), want) {
		t.Errorf("said %q, want %q first", news.String(), want)
	}
}
