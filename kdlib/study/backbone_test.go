package study_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
)

// A study trains its teacher on a network from a file, with a history and predictions as of any other, and says so.
func TestTeacherOnFile(t *testing.T) {
	s := tiny(t)
	file := filepath.Join("..", "network", "onnx", "testdata", "bytes_logit.onnx")
	s.Recipe.Teacher.Network = recipe.ONNXNetwork
	s.Recipe.Teacher.Backbone = recipe.Backbone{ONNX: recipe.ONNX{File: file}, Features: "/net/ReduceMean_output_0", Trained: recipe.HeadOnly}
	s.Only, s.Report = paper.Teacher, &recorder{epochs: map[string]int{}}
	if err := s.Run(context.Background(), xlatest.Backend(t)); err != nil {
		t.Fatal(err)
	}
	rows, err := predictions.Read(folder.PredictionPath(s.Dir, paper.Teacher, predictions.Test))
	if err != nil || len(rows) == 0 {
		t.Errorf("got %d predictions, %v", len(rows), err)
	}
	run, err := report.Open(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if past, err := run.History(paper.Teacher); err != nil || len(past) != 1 {
		t.Errorf("history: got %v, %v, want an epoch", past, err)
	}
	var text strings.Builder
	if err := run.SettingsTable(paper.Teacher).WriteText(&text); err != nil || !strings.Contains(text.String(), "bytes_logit.onnx, trained: head") {
		t.Errorf("settings: got %s, %v", text.String(), err)
	}
	if words := strings.Join(s.Recipe.Differences(), "; "); !strings.Contains(words, "a head on the network bytes_logit.onnx instead of ResNet-50") {
		t.Errorf("differences: got %q", words)
	}
}

// What does not fit the file is seen before any picture is read.
func TestTeacherOnFileIsChecked(t *testing.T) {
	file := filepath.Join("..", "network", "onnx", "testdata", "bytes_logit.onnx")
	for want, b := range map[string]recipe.Backbone{
		"teacher: onnx: absent.onnx: ":                                 {ONNX: recipe.ONNX{File: "absent.onnx"}, Trained: recipe.HeadOnly},
		"teacher: onnx: " + file + `: trained: value "x": none of its`: {ONNX: recipe.ONNX{File: file}, Trained: "x"},
		"got pictures of 64x64, want 32x32":                            {ONNX: recipe.ONNX{File: file}, Trained: recipe.HeadOnly},
	} {
		s := study.Study{Recipe: recipe.Demo, Pictures: "no pictures", Dir: t.TempDir()}
		s.Recipe.Data.Size = 64
		s.Recipe.Teacher.Network, s.Recipe.Teacher.Backbone = recipe.ONNXNetwork, b
		if err := s.Run(context.Background(), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q in it", err, want)
		}
	}
}
