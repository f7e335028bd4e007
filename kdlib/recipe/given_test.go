package recipe_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/recipe"
)

// A teacher comes in exactly one way: trained, by its predictions, or as a network.
func TestOneTeacher(t *testing.T) {
	trained := recipe.Reduced.Teacher
	network := recipe.ONNX{File: "teacher.onnx"}
	for name, test := range map[string]struct {
		teacher recipe.Training
		given   recipe.Given
		want    string // in the error; "": valid
	}{
		"trained":                {trained, recipe.Given{}, ""},
		"predictions":            {recipe.Training{}, recipe.Given{Predictions: "answers.csv"}, ""},
		"network":                {recipe.Training{}, recipe.Given{ONNX: network, Augment: images.Augment{Flip: true}}, ""},
		"none":                   {recipe.Training{}, recipe.Given{}, `teacher: `},
		"trained, predictions":   {trained, recipe.Given{Predictions: "answers.csv"}, "teacher, given: got both"},
		"trained, network":       {trained, recipe.Given{ONNX: network}, "teacher, given: got both"},
		"predictions, network":   {recipe.Training{}, recipe.Given{Predictions: "answers.csv", ONNX: network}, "given: got both"},
		"predictions, augmented": {recipe.Training{}, recipe.Given{Predictions: "answers.csv", Augment: images.Augment{Flip: true}}, "given: augment"},
		"network, augmented":     {recipe.Training{}, recipe.Given{ONNX: network, Augment: images.Augment{Shift: 1.5}}, "given: augment.shift: got 1.5, want in [0, 1]"},
		"network, no file":       {recipe.Training{}, recipe.Given{ONNX: recipe.ONNX{Layout: recipe.NCHW}}, "given: onnx: file"},
		"network, layout":        {recipe.Training{}, recipe.Given{ONNX: recipe.ONNX{File: "t.onnx", Layout: "chw"}}, `given: onnx: layout: got "chw"`},
		"network, values":        {recipe.Training{}, recipe.Given{ONNX: recipe.ONNX{File: "t.onnx", Values: "255"}}, `given: onnx: values: got "255"`},
		"network, output":        {recipe.Training{}, recipe.Given{ONNX: recipe.ONNX{File: "t.onnx", Output: "p"}}, `given: onnx: output: got "p"`},
		"network, size":          {recipe.Training{}, recipe.Given{ONNX: recipe.ONNX{File: "t.onnx", Size: -1}}, "given: onnx: size: got -1"},
	} {
		s := recipe.Reduced
		s.Teacher, s.Given = test.teacher, test.given
		err := s.Validate()
		if test.want == "" {
			if err != nil {
				t.Errorf("%s: got error %v", name, err)
			}
			path := filepath.Join(t.TempDir(), "study.json")
			if err := recipe.WriteJSON(path, s); err != nil {
				t.Fatal(err)
			}
			if got, err := recipe.Read(path); err != nil || !reflect.DeepEqual(got, s) {
				t.Errorf("%s: read back %+v, %v", name, got, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %v, want one with %q", name, err, test.want)
		}
	}
}
