package recipe_test

import (
	"slices"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/recipe"
)

// What a study says of itself follows from its values: expected sentences are written by hand from the presets' numbers and the
// paper's.
func TestDifferences(t *testing.T) {
	for _, c := range []struct {
		of   recipe.Study
		want []string
	}{
		{recipe.Paper, nil},
		{recipe.Full, []string{
			"students see pictures of 64x64 instead of 224x224",
			"the teacher is given as a network, teacher-efficientnet-lite0.onnx, instead of a trained ResNet-50",
			"students: 10 epochs instead of 100, learning rate 1e-3 with d = 0.002 instead of 1e-4 without, shifts up to 0.1 instead of 0.4",
			"generations 1 to 6 of the chains, unlike the student, generation 0: 4 epochs instead of 10, learning rate 1e-3 with d = 0.005 instead of 1e-3 with d = 0.002; they compare with each other alone",
			"3 repetitions of an evaluation with augmentation instead of 5",
		}},
		{recipe.Better, []string{
			"pictures of 128x128 instead of 224x224",
			"the teacher: a head on the network efficientnet-lite0-imagenet.onnx and that from /_blocks.10/Add_output_0 on instead of ResNet-50, " +
				"5 epochs instead of 25, learning rate 1e-4 without instead of 1e-6 with d = 0.01, dropout 0.2 instead of 0.5",
			"students: 29 epochs instead of 100, batches of 64 instead of 32, learning rate up to 2e-3 in 0.25 of the steps and then as a cosine to 0 instead of 1e-4, " +
				"shifts up to 0.1 instead of 0.4, epochs 1 to 16 on pictures of 64x64 with shifts up to 0.2, epochs 17 to 26 on pictures of 96x96 with shifts up to 0.15, " +
				"the moving average of the weights (0.995) instead of those of the best one",
			"no recursive chains",
			"3 repetitions of an evaluation with augmentation instead of 5",
			"timing on 40 pictures a network instead of 3,750",
		}},
		{recipe.Deep, []string{
			"4,000 pictures instead of 25,000",
			"students see pictures of 64x64 instead of 224x224",
			"the teacher is given as a network, teacher-efficientnet-lite0.onnx, instead of a trained ResNet-50",
			"students: ResNet-50 instead of ResNet-18, 10 epochs instead of 100, learning rate 1e-3 with d = 0.0125 instead of 1e-4 without, shifts up to 0.1 instead of 0.4",
			"no recursive chains",
			"3 repetitions of an evaluation with augmentation instead of 5",
			"timing on 40 pictures a network instead of 3,750",
		}},
		{recipe.Demo, []string{
			"pictures of 32x32 instead of 224x224",
			"the teacher: ResNet-18 instead of ResNet-50, from random weights instead of ImageNet's, 2 epochs instead of 25, learning rate 1e-3 with d = 0.002 instead of 1e-6 with d = 0.01, dropout 0.2 instead of 0.5, shifts up to 0.1",
			"students: 1 epoch instead of 100, learning rate 1e-3 with d = 0.002 instead of 1e-4 without, shifts up to 0.1 instead of 0.4",
			"1 generation a chain instead of 6",
			"1 repetition of an evaluation with augmentation instead of 5",
			"timing on 3 pictures a network instead of 3,750",
			"timing on pictures of 32x32 instead of 224x224",
		}},
	} {
		if got := c.of.Differences(); !slices.Equal(got, c.want) {
			t.Errorf("%s: got\n%q, want\n%q", c.of.Name, got, c.want)
		}
	}
}

// Each value that is unlike the paper's is said, and each is said once.
func TestEveryDifferenceIsSaid(t *testing.T) {
	for want, change := range map[string]func(*recipe.Study){
		"1,234,567 pictures instead of 25,000":                                           func(s *recipe.Study) { s.Data.Pictures = 1234567 },
		"pictures with the same pixels are in one set":                                   func(s *recipe.Study) { s.Data.GroupDuplicates = true },
		"the teacher: from random weights instead of ImageNet's":                         func(s *recipe.Study) { s.Teacher.Weights = "" },
		"students: learning rate from 1e-4 as a cosine to 0 instead of 1e-4":             func(s *recipe.Study) { s.Student.Optimizer.Schedule.Name = recipe.Cosine },
		"students: the weights of the last epoch instead of those of the best one":       func(s *recipe.Study) { s.Student.Answer = recipe.LastEpoch },
		"the teacher: dropout 0 instead of 0.5":                                          func(s *recipe.Study) { s.Teacher.Dropout = 0 },
		"the teacher: learning rate 1e-6 without instead of 1e-6 with d = 0.01":          func(s *recipe.Study) { s.Teacher.Optimizer.Decay = 0 },
		"students: from the weights mine.safetensors instead of random weights":          func(s *recipe.Study) { s.Student.Weights = "a/mine.safetensors" },
		"students: batches of 16 instead of 32":                                          func(s *recipe.Study) { s.Student.Batch = 16 },
		"students: the literal optimizer instead of the keras one":                       func(s *recipe.Study) { s.Student.Optimizer = s.Student.Optimizer.Literal() },
		"students: learning rate 0.05 instead of 1e-4":                                   func(s *recipe.Study) { s.Student.Optimizer.LearningRate = 0.05 },
		"students: no shifts instead of up to 0.4, no flips":                             func(s *recipe.Study) { s.Student.Augment = images.Augment{} },
		"each student is trained from 3 seeds":                                           func(s *recipe.Study) { s.Seeds = 3 },
		"soft labels at the temperature 2":                                               func(s *recipe.Study) { s.SoftLabels = distill.Soft{Temperature: 2} },
		"soft labels with a share of 0.3 of the ground truth":                            func(s *recipe.Study) { s.SoftLabels = distill.Soft{Temperature: 1, Alpha: 0.3} },
		"students by further rules: smoothed":                                            func(s *recipe.Study) { s.FurtherRules = []distill.Named{{Rule: distill.Smoothed{Smoothing: 0.1}}} },
		"the teacher is given by its predictions, t.csv, instead of a trained ResNet-50": func(s *recipe.Study) { s.Given = recipe.Given{Predictions: "a/t.csv"} },
		"no recursive chains":                                                            func(s *recipe.Study) { s.Generations = 0 },
		"drawn by a friend":                                                              func(s *recipe.Study) { s.Notes = []string{"drawn by a friend"} },
	} {
		s := recipe.Paper
		change(&s)
		if got := s.Differences(); !slices.Equal(got, []string{want}) {
			t.Errorf("got %q, want %q alone", got, want)
		}
	}
}

// Studies of older versions keep their words.
func TestOlderStudiesKeepTheirWords(t *testing.T) {
	s := recipe.Demo
	s.Reductions = []string{"as it was"}
	if got := s.Differences(); !slices.Equal(got, s.Reductions) {
		t.Errorf("got %q, want %q", got, s.Reductions)
	}
}
