package lab

import (
	"math"
	"testing"

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/recipe"

	"github.com/gomlx/gomlx/core/tensors"
)

// Two students in one program go where each goes alone by NumPy's formulas.
func TestStudentsLearnAsByNumPy(t *testing.T) {
	const tolerance = 5e-6 // of a logit, after 40 float32 steps against float64; measured: 7.6e-7
	var want struct {
		X                      []float32
		Features, Width, Batch int
		Rate, Decay            float64
		Students               []struct {
			First         [][]float32
			Y             []float32
			Rows          [][]int32
			Logits        []float64
			Losses, Right float64
		}
	}
	golden.Read(t, "students_golden.json", &want)
	pictures := len(want.X) / want.Features
	how := recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: want.Rate, Decay: want.Decay}
	p, err := newProgram(xlatest.Backend(t), shape{len(want.Students), pictures, want.Features, want.Width, want.Batch, how})
	if err != nil {
		t.Fatal(err)
	}
	defer p.finalize()
	first := make([][]float32, len(variables))
	for _, s := range want.Students {
		for i, values := range s.First {
			first[i] = append(first[i], values...)
		}
	}
	x := tensors.FromFlatDataAndDimensions(want.X, pictures, want.Features)
	steps := len(want.Students[0].Rows)
	for range 2 { // the second time as the first: nothing is left of it
		if err := p.begin(first, recipe.Training{Optimizer: how}, steps); err != nil {
			t.Fatal(err)
		}
		for step := range steps {
			var rows []int32
			var y []float32
			for _, s := range want.Students {
				rows = append(rows, s.Rows[step]...)
				for _, i := range s.Rows[step] {
					y = append(y, s.Y[i])
				}
			}
			batch := []int{len(want.Students), want.Batch}
			if err := p.learn(x, tensors.FromFlatDataAndDimensions(rows, batch...), tensors.FromFlatDataAndDimensions(y, batch...)); err != nil {
				t.Fatal(err)
			}
		}
		losses, right, err := p.epochSums()
		if err != nil {
			t.Fatal(err)
		}
		logits, err := p.logits(x)
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for s, student := range want.Students {
			if !(math.Abs(losses[s]-student.Losses) <= tolerance*float64(steps)) || right[s] != student.Right {
				t.Errorf("student %d: got losses %v and %v right, want %v and %v", s, losses[s], right[s], student.Losses, student.Right)
			}
			for i, z := range student.Logits {
				e := math.Abs(float64(logits[s][i]) - z)
				if worst = max(worst, e); !(e <= tolerance) {
					t.Errorf("student %d, picture %d: got the logit %v, want %v", s, i, logits[s][i], z)
				}
			}
		}
		t.Logf("worst difference %.2g", worst)
	}
}
