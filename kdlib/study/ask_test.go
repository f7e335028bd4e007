package study_test

import (
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
)

// Each model of a study says of a picture, by whatever name, what it said of it in the study. The teacher is found from anywhere
// by the path that the recipe has, if it is the same file.
func TestAsk(t *testing.T) {
	const tolerance = 1e-6                                                                              // of other pictures in the batch; measured: 0
	network, err := os.ReadFile(filepath.Join("..", "network", "onnx", "testdata", "bytes_logit.onnx")) // of 32x32 pictures
	if err != nil {
		t.Fatal(err)
	}
	s := givenStudy(t, recipe.Given{ONNX: recipe.ONNX{File: filepath.Join("weights", "net.onnx")}})
	s.Recipe.Data.Size, s.Recipe.Seeds, s.Recipe.FurtherRules, s.AnyTeacher = 40, 0, nil, true
	dir := filepath.Dir(s.Dir)
	t.Chdir(dir)
	write := func(path string, content []byte) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(s.Recipe.Given.ONNX.File, network)
	backend := xlatest.Backend(t)
	if err := s.Run(context.Background(), backend); err != nil {
		t.Fatal(err)
	}
	run, err := folder.Open(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := run.Predictions("soft", predictions.Test)
	if err != nil {
		t.Fatal(err)
	}
	asked := stored[1]
	write("holiday/IMG_7.jpg", pictureOf(t, s.Pictures, asked.ID))
	t.Chdir(t.TempDir())
	answers, err := study.Ask(t.Context(), backend, study.Question{Study: s.Dir, Pictures: filepath.Join(dir, "holiday")})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(answers.Models, " "); got != "teacher classical hard soft" || !slices.Equal(answers.IDs, []string{"IMG_7.jpg"}) || len(answers.Notes) > 0 {
		t.Errorf("got %s of %q, %q, want all four of IMG_7.jpg", got, answers.IDs, answers.Notes)
	}
	for k, name := range answers.Models {
		table, err := run.Predictions(name, predictions.Test)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := answers.P[k][0], table[1].P; !(math.Abs(got-want) <= tolerance) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	if shown := answers.Shown; len(shown) != 1 || len(shown[0]) != 40*40*3 || len(answers.Table().Rows) != 1 {
		t.Errorf("got %d pictures and %v, want one", len(shown), answers.Table())
	}
	write(filepath.Join(dir, "weights", "net.onnx"), append(network, 0))
	one := filepath.Join(dir, "holiday", "IMG_7.jpg")
	changed, err := study.Ask(t.Context(), backend, study.Question{Study: s.Dir, Pictures: one, Models: []string{"teacher", "soft"}})
	if err != nil || !slices.Equal(changed.Models, []string{"soft"}) || len(changed.Notes) != 1 || !strings.Contains(changed.Notes[0], "net.onnx is not the file that taught") {
		t.Errorf("another teacher: got %+v, %v, want soft alone and a note", changed, err)
	}
	if _, err := study.Ask(t.Context(), backend, study.Question{Study: s.Dir, Pictures: one, Models: []string{"sofft"}}); err == nil || !strings.Contains(err.Error(), `got the model "sofft", want one of teacher, classical, hard, soft`) {
		t.Errorf("got error %v, want one that lists the models", err)
	}
	write(one, []byte("\xff\xd8\xff no picture"))
	if _, err := study.Ask(t.Context(), backend, study.Question{Study: s.Dir, Pictures: one, Models: []string{"soft"}}); err == nil || !strings.Contains(err.Error(), "1 of them broken, the first IMG_7.jpg: ") {
		t.Errorf("got error %v, want one that says what is wrong with the picture", err)
	}
}

// pictureOf is the file of a picture in an archive.
func pictureOf(t *testing.T, archive, id string) []byte {
	t.Helper()
	source, err := images.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	var content []byte
	err = source.Each(t.Context(), func(p images.Picture, r io.Reader) error {
		if p.ID != id {
			return nil
		}
		content, err = io.ReadAll(r)
		return err
	})
	if err != nil || content == nil {
		t.Fatalf("%s: got %d bytes, %v", id, len(content), err)
	}
	return content
}
