package recipe

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Of few pictures a student takes many epochs. The numbers are by hand: 700/32 = 21 steps, 2500/21 = 119 epochs, at most 100;
// 2800/32 = 87, 2500/87 = 28.7; 17500/32 = 546, 4.6 epochs, at least 10; 42/32 = 1 step, 42/16 = 2, 42/8 = 5, the smallest batch.
// The learning rate falls to a twelfth: d = 11 / (steps of all epochs).
func TestOwn(t *testing.T) {
	teacher := Given{Predictions: "mine.csv"}
	for _, test := range []struct {
		train, test           int
		epochs, batch, images int
		decay                 float64
	}{
		{700, 150, 100, 32, 40, 0.0052},     // 11/2100
		{2800, 600, 29, 32, 40, 0.0044},     // 11/2523
		{17500, 3750, 10, 32, 40, 0.0020},   // 11/5460
		{42, 9, 100, 8, 5, 0.022},           // 11/500
		{1_000_000, 9, 10, 32, 5, 0.000035}, // 11/312500
		{2, 1, 100, 8, 1, 0.11},             // 11/100
	} {
		s := Own(teacher, test.train, test.test)
		how := s.Student
		if how.Epochs != test.epochs || how.Batch != test.batch || s.Timing.Images != test.images || how.Optimizer.Decay != test.decay {
			t.Errorf("%d and %d pictures: got %d epochs, batches of %d, %d timed, d = %v, want %+v", test.train, test.test,
				how.Epochs, how.Batch, s.Timing.Images, how.Optimizer.Decay, test)
		}
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
		if s.Given != teacher || s.Generations != 0 || s.Data.Pictures != 0 || s.Data.Size != 64 || !s.Data.GroupDuplicates || len(s.Rules()) != 2 {
			t.Errorf("got %+v, want all pictures at 64x64, the teacher, and no chains", s)
		}
	}
}

// A field of the study inside one of its parts is said to be in the wrong place.
func TestMisplacedField(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.json")
	for text, want := range map[string]string{
		`{"teacher": {"given": {"answers": "mine.csv"}}}`: `"given" stands at the top of the recipe, beside "student", not inside another field; with it there is no "teacher"`,
		`{"student": {"generations": 2}}`:                 `"generations" stands at the top of the recipe`,
		`{"student": {"colour": 2}}`:                      `unknown field "colour"`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Read(path)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(want, "colour") && strings.Contains(err.Error(), "top of") {
			t.Errorf("%s: got error %v, want %q in it", text, err, want)
		}
	}
}
