package main

import (
	"bytes"
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
)

// The names of the classes are said when training starts, and travel in the manifest, the predictions' folder, the weights and
// the exports.
func TestClassesTravel(t *testing.T) {
	xlatest.Backend(t)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if _, err := kd("data", "synth", "--n", "40", "--size", "32", "--classes", "left,right", "--out", at("faces")); err != nil {
		t.Fatal(err)
	}
	pictures := []string{"--pictures", at("faces"), "--manifest", at("manifest.csv"), "--cache", at("cache"), "--size", "32"}
	var news bytes.Buffer
	// The step of TestStartsFromOtherWeights in package train, compiled once for both.
	args := append([]string{"train", "--dir", at("run"), "--epochs", "1", "--batch", "16", "--dropout", "0.5"}, pictures...)
	if err := run(context.Background(), io.Discard, &news, args); err != nil {
		t.Fatal(err)
	}
	if said := news.String(); !strings.Contains(said, "0 = left, 1 = right (labels from the folders left and right)") {
		t.Errorf("said %q, want the classes", said)
	}
	if _, err := kd(append([]string{"predict", "--model", at("run"), "--out", at("answers/test.csv")}, pictures...)...); err != nil {
		t.Error(err)
	}
	for format, file := range map[string]string{"onnx": "student.onnx", "safetensors": "student.safetensors"} {
		if _, err := kd("weights", "export", "--model", at("run"), "--format", format, "--out", at(file)); err != nil {
			t.Error(err)
		}
	}
	for file, want := range map[string]string{
		"manifest.csv":         "id,set,label,class\n",
		"run/classes.json":     `["left","right"]`,
		"answers/classes.json": `["left","right"]`,
		"student.onnx":         `["left","right"]`,
	} {
		if text, err := os.ReadFile(at(file)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v, want %s in it", file, err, want)
		}
	}
	if text, err := os.ReadFile(at("student.onnx")); err != nil || !strings.Contains(string(text), "P(right) [n, 1]: right when greater than 0.5, else left") {
		t.Errorf("student.onnx: %v, want it to say what it answers", err)
	}
	for _, file := range []string{"run/best.safetensors", "run/last.safetensors", "student.safetensors"} {
		content, err := weights.Read(at(file))
		if got := weights.Classes(content.Meta); err != nil || got != [2]string{"left", "right"} {
			t.Errorf("%s: got classes %q, %v, want left and right", file, got, err)
		}
	}
	checkOwnONNX(t, at, pictures)
	// A manifest of other classes, as of a machine that sorts them otherwise.
	text, err := os.ReadFile(at("manifest.csv"))
	if err != nil {
		t.Fatal(err)
	}
	swapped := strings.NewReplacer(",0,left", ",1,left", ",1,right", ",0,right").Replace(string(text))
	if err := os.WriteFile(at("manifest.csv"), []byte(swapped), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = kd(append([]string{"predict", "--model", at("run"), "--out", at("answers/test.csv")}, pictures...)...)
	if want := "manifest.csv: its label 0 is right, that of the pictures left"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want %q in it", err, want)
	}
}

// checkOwnONNX asks the export without --size: it knows its size, 32, and predicts what the network itself does. Both exports say
// what they take and where they are from.
func checkOwnONNX(t *testing.T, at func(string) string, pictures []string) {
	t.Helper()
	const tolerance = 1e-5 // two float32 programs of one network
	sized := len(pictures) - len([]string{"--size", "32"})
	if _, err := kd(append([]string{"predict", "--onnx", at("student.onnx"), "--out", at("exported/test.csv")}, pictures[:sized]...)...); err != nil {
		t.Fatal(err)
	}
	want, err1 := predictions.Read(at("answers/test.csv"))
	got, err2 := predictions.Read(at("exported/test.csv"))
	if err1 != nil || err2 != nil || len(got) != len(want) || len(got) == 0 {
		t.Fatalf("got %d predictions, %v, %v, want %d", len(got), err1, err2, len(want))
	}
	for i, row := range got {
		if !(math.Abs(row.P-want[i].P) <= tolerance) || row.ID != want[i].ID {
			t.Errorf("got %+v, want %+v", row, want[i])
		}
	}
	content, err := weights.Read(at("student.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	commit, _ := study.Commit()
	for key, value := range map[string]string{weights.MetaSize: "32", weights.MetaValues: recipe.Unit, weights.MetaLayout: recipe.NCHW, weights.MetaCommit: commit} {
		if !strings.HasPrefix(content.Meta[key], value) {
			t.Errorf("%s: got %q, want %q", key, content.Meta[key], value)
		}
	}
	if text, err := os.ReadFile(at("student.onnx")); err != nil || !strings.Contains(string(text), commit) {
		t.Errorf("student.onnx: %v, want the commit %s in it", err, commit)
	}
}

func TestCompareClasses(t *testing.T) {
	for _, test := range []struct{ trained, shown, said, err string }{
		{"|", "cat|dog", "", ""},
		{"cat|dog", "Cat|Dog", "", ""},
		{"cats|dogs", "cat|dog", "the network was trained with 0 = cats, 1 = dogs", ""},
		{"Birnen|Äpfel", "äpfel|birnen", "", "the network was trained with 0 = Birnen, 1 = Äpfel: got pictures with 0 = äpfel, 1 = birnen"},
	} {
		var said bytes.Buffer
		err := compareClasses([2]string(strings.Split(test.trained, "|")), [2]string(strings.Split(test.shown, "|")), newReporter(&said))
		if strings.TrimSpace(said.String()) != test.said || (err == nil) != (test.err == "") || err != nil && err.Error() != test.err {
			t.Errorf("%s, %s: said %q, %v, want %q, %q", test.trained, test.shown, said.String(), err, test.said, test.err)
		}
	}
}
