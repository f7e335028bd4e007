package recipe_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/recipe"
)

// The preset "paper" is the paper's table of models and training, number by number.
func TestPaperIsThePapers(t *testing.T) {
	teacher := recipe.Training{Network: "resnet50", Weights: "datasets/weights/resnet50_notop.h5", Dropout: 0.5, Epochs: 25, Batch: 32, Seed: 1,
		Optimizer: recipe.Optimizer{Variant: "keras", LearningRate: 1e-6, Decay: 0.01}, Augment: images.Augment{Flip: true}}
	student := recipe.Training{Network: "resnet18", Epochs: 100, Batch: 32, Seed: 1,
		Optimizer: recipe.Optimizer{Variant: "keras", LearningRate: 1e-4}, Augment: images.Augment{Flip: true, Shift: 0.4}}
	got := recipe.Paper
	if !got.Teacher.Equal(teacher) || !got.Student.Equal(student) {
		t.Errorf("got\n%+v\n%+v, want\n%+v\n%+v", got.Teacher, got.Student, teacher, student)
	}
	if got.Data.Size != 224 || got.Data.Pictures != 0 || got.Generations != 6 || got.Timing.Images != 3750 {
		t.Errorf("got %+v, want 224x224, all pictures, 6 generations, 3750 timed pictures", got)
	}
}

// Generation 0 is the student; a recipe without one for the chains trains all generations as the student.
func TestGenerationsAreTrainedAsChains(t *testing.T) {
	s := recipe.Full
	for k, want := range []recipe.Training{s.Student, s.Chain, s.Chain} {
		if got := s.Generation(k); !got.Equal(want) {
			t.Errorf("generation %d: got %+v, want %+v", k, got, want)
		}
	}
	if got := s.FirstAlike(); got != 1 {
		t.Errorf("trained alike from generation %d, want 1", got)
	}
	if s.Chain = s.Student; s.FirstAlike() != 0 {
		t.Error("a chain trained as the student: not alike from generation 0")
	}
	if got := recipe.Paper.Generation(3); !got.Equal(recipe.Paper.Student) {
		t.Errorf("the paper's generation 3: got %+v, want its student %+v", got, recipe.Paper.Student)
	}
}

// Only the paper's teacher starts from a file of weights: the other presets are for who has none.
func TestOnlyThePaperNeedsWeights(t *testing.T) {
	for _, s := range recipe.Presets() {
		files := s.Teacher.Weights + s.Student.Weights + s.Chain.Weights
		if (files != "") != (s.Name == "paper") {
			t.Errorf("%s: got weights %q, want some of the preset paper alone", s.Name, files)
		}
	}
}

func TestPresetsAreValid(t *testing.T) {
	for _, s := range recipe.Presets() {
		if err := s.Validate(); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		if got, err := recipe.Preset(s.Name); err != nil || !reflect.DeepEqual(got, s) {
			t.Errorf("Preset(%q): got %+v, %v", s.Name, got, err)
		}
	}
	if _, err := recipe.Preset("huge"); err == nil || !strings.Contains(err.Error(), `"huge"`) {
		t.Errorf("unknown preset: got error %v", err)
	}
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "study.json")
	if err := recipe.WriteJSON(path, recipe.Reduced); err != nil {
		t.Fatal(err)
	}
	if got, err := recipe.Read(path); err != nil || !reflect.DeepEqual(got, recipe.Reduced) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestFaultsAreNamed(t *testing.T) {
	tests := map[string]struct {
		change func(*recipe.Study)
		want   string
	}{
		"network":       {func(s *recipe.Study) { s.Teacher.Network = "" }, `teacher: network: got an empty name`},
		"variant":       {func(s *recipe.Study) { s.Student.Optimizer.Variant = "sgd" }, `student: optimizer.variant: got "sgd"`},
		"learning rate": {func(s *recipe.Study) { s.Student.Optimizer.LearningRate = 0 }, "optimizer.learning_rate: got 0"},
		"decay":         {func(s *recipe.Study) { s.Student.Optimizer.Decay = -1 }, "optimizer.decay: got -1"},
		"dropout":       {func(s *recipe.Study) { s.Teacher.Dropout = 1 }, "dropout: got 1, want in [0, 1)"},
		"shift":         {func(s *recipe.Study) { s.Teacher.Augment.Shift = 1.5 }, "augment.shift: got 1.5"},
		"epochs":        {func(s *recipe.Study) { s.Teacher.Epochs = 0 }, "epochs: got 0"},
		"batch":         {func(s *recipe.Study) { s.Student.Batch = 1 }, "batch: got 1"},
		"size":          {func(s *recipe.Study) { s.Data.Size = 16 }, "data.size: got 16, want at least 32"},
		"pictures":      {func(s *recipe.Study) { s.Data.Pictures = -4 }, "data.pictures: got -4"},
		"hand labels":   {func(s *recipe.Study) { s.Data.HandLabels = 3 }, "data.hand_labels: got 3"},
		"hand and soft": {func(s *recipe.Study) { s.Data.HandLabels, s.SoftLabels.Alpha = 4, 0.5 }, "soft with alpha = 0.5 mixes in the ground truth"},
		"repetitions":   {func(s *recipe.Study) { s.Repetitions = -1 }, "got 2, -1, 40"},
		"chain":         {func(s *recipe.Study) { s.Chain = s.Student; s.Chain.Epochs = 0 }, "chain: epochs: got 0"},
		"timing, one":   {func(s *recipe.Study) { s.Timing.Batch = 1 }, "timing.batch: got 1"},
		"timing, many":  {func(s *recipe.Study) { s.Timing.Batch = 41 }, "timing.batch: got 41, want 0 or from 2 to the number of images, 40"},
		"seeds":         {func(s *recipe.Study) { s.Seeds = -1 }, "seeds: got -1"},
		"schedule":      {func(s *recipe.Study) { s.Student.Optimizer = scheduled("linear", 0) }, `student: optimizer.schedule.name: got "linear"`},
		"cosine rises":  {func(s *recipe.Study) { s.Student.Optimizer = scheduled(recipe.Cosine, 0.3) }, "optimizer.schedule.warm_up: got 0.3, want none"},
		"no rise":       {func(s *recipe.Study) { s.Student.Optimizer = scheduled(recipe.OneCycle, 0) }, "optimizer.schedule.warm_up: got 0, want in (0, 1)"},
		"two schedules": {func(s *recipe.Study) { s.Student.Optimizer.Schedule.Name = recipe.Cosine }, `optimizer.decay: got 0.002 with the schedule "cosine"`},
		"stage":         {func(s *recipe.Study) { s.Student.EarlyStages = []recipe.Stage{{1, 16, 0}} }, "early_stages: stage 1: got 1 epochs at size 16"},
		"stages":        {func(s *recipe.Study) { s.Student.EarlyStages = []recipe.Stage{{4, 32, 0}, {4, 48, 0}} }, "early_stages: got 8 epochs, want fewer than all 8"},
		"average":       {func(s *recipe.Study) { s.Student.Average = 1 }, "average: got 1, want in (0, 1)"},
		"answer":        {func(s *recipe.Study) { s.Student.Answer = "best" }, `answer: got "best"`},
		"no average":    {func(s *recipe.Study) { s.Student.Answer = recipe.AverageWeights }, `answer: got "average" and no average`},
		"loss":          {func(s *recipe.Study) { s.Student.Loss = recipe.Loss{Name: "l2"} }, `student: loss.name: got "l2"`},
		"study's loss":  {func(s *recipe.Study) { s.Student.Loss = recipe.Loss{Name: recipe.Hinton, Temperature: 2} }, `loss: got "hinton" in a study`},
		"convolutions":  {func(s *recipe.Study) { s.Student.Convolutions = "quick" }, `student: convolutions: got "quick", want one of ["fast" "winograd" "plain"] or none`},
		"rule twice":    {func(s *recipe.Study) { s.FurtherRules = []distill.Named{{Rule: distill.Hard{}}} }, "further_rules: got hard twice"},
		"rule's option": {func(s *recipe.Study) { s.FurtherRules = []distill.Named{{Rule: distill.Smoothed{Smoothing: 2}}} }, "further_rules: smoothed: smoothing: got 2"},
		"name":          {func(s *recipe.Study) { s.Name = "" }, "name: got an empty one"},
	}
	for name, test := range tests {
		s := recipe.Reduced
		test.change(&s)
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %v, want one with %q", name, err, test.want)
		}
	}
	s := recipe.Reduced
	if s.Repetitions, s.Timing = 0, (recipe.Timing{}); s.Validate() != nil {
		t.Errorf("neither evaluations with augmentation nor timing: got error %v", s.Validate())
	}
}

func scheduled(name string, warmUp float64) recipe.Optimizer {
	return recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1e-3, Schedule: recipe.Schedule{Name: name, WarmUp: warmUp}}
}

// By hand: epochs 1 and 2 are of the first stage, 3 of the second, 4 and later ones of none.
func TestStages(t *testing.T) {
	first, second := recipe.Stage{Epochs: 2, Size: 64, Shift: 0.2}, recipe.Stage{Epochs: 1, Size: 96, Shift: 0.1}
	training := recipe.Training{EarlyStages: []recipe.Stage{first, second}, Epochs: 5}
	for i, want := range []recipe.Stage{first, first, second, {}, {}} {
		if got, early := training.Stage(i + 1); got != want || early != (i < 3) {
			t.Errorf("epoch %d: got %+v, %t, want %+v, %t", i+1, got, early, want, i < 3)
		}
	}
}

func TestUnknownFieldIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "study.json")
	if err := os.WriteFile(path, []byte(`{"name": "x", "epoch": 3}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := recipe.Read(path); err == nil || !strings.Contains(err.Error(), "epoch") || !strings.Contains(err.Error(), path) {
		t.Errorf("got error %v, want one with the file and the field", err)
	}
}

func TestExtends(t *testing.T) {
	short := recipe.Full.Student
	long, other := short, short
	long.Epochs++
	other.Epochs++
	other.Seed++
	ending, later := short, long
	ending.Optimizer, later.Optimizer = scheduled(recipe.OneCycle, 0.3), scheduled(recipe.OneCycle, 0.3)
	for _, c := range []struct {
		t, before recipe.Training
		want      bool
	}{{ending, ending, true}, {later, ending, false}, {short, short, true}, {long, short, true}, {short, long, false}, {other, short, false}} {
		if got := c.t.Extends(c.before); got != c.want {
			t.Errorf("%d epochs from seed %d after %d from seed %d: got %t, want %t", c.t.Epochs, c.t.Seed, c.before.Epochs, c.before.Seed, got, c.want)
		}
	}
}

func TestStudyExtends(t *testing.T) {
	fewer, other := recipe.Seeds, recipe.Seeds
	fewer.Seeds--
	fewer.Reductions, fewer.Notes = []string{"older words"}, []string{"a note"}
	other.Seeds--
	other.Student.Seed++
	for name, c := range map[string]struct {
		s, before recipe.Study
		want      bool
	}{"the same": {recipe.Seeds, recipe.Seeds, true}, "more seeds": {recipe.Seeds, fewer, true},
		"fewer seeds": {fewer, recipe.Seeds, false}, "other seeds": {recipe.Seeds, other, false}} {
		if got := c.s.Extends(c.before); got != c.want {
			t.Errorf("%s: got %t, want %t", name, got, c.want)
		}
	}
}

// A slip in a recipe is named with its line, counted by hand.
func TestFaultyJSONNamesItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"{\n  \"name\": \"x\",\n  \"seeds\": 3,,\n}\n": "line 3: invalid character ','",
		"{\n  \"name\": \"x\",\n}\n":                   "line 3: invalid character '}'",
		"{\n\n  \"seeds\": \"three\"\n}\n":             "line 3: json: cannot unmarshal string",
		"{}\n\n{}\n":                                   "line 3: text after the JSON value",
	} {
		path := filepath.Join(t.TempDir(), "study.json")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := recipe.Read(path); err == nil || !strings.Contains(err.Error(), path+": "+want) {
			t.Errorf("%q: got error %v, want %q", text, err, want)
		}
	}
}
