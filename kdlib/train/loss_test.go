package train

import (
	"math"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/golden"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/recipe"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

const lossTolerance = 1e-14 // float64, relative to 1

type hintonCases struct {
	Logits, Labels, Teacher []float64
	Cases                   []struct {
		Temperature, Alpha, Loss float64
		Gradient                 []float64
	}
}

// lossAndGradient is a loss of a batch, and its gradient by the logits.
func lossAndGradient(t *testing.T, l recipe.Loss, logits []float64, columns ...[]float64) (float64, []float64) {
	t.Helper()
	flat := make([]float64, 0, len(logits)*len(columns))
	for i := range logits {
		for _, c := range columns {
			flat = append(flat, c[i])
		}
	}
	out := MustNewExec(xlatest.Backend(t), func(z, y *Node) (*Node, *Node) {
		loss := lossOf(l, y, z)
		return loss, Gradient(loss, z)[0]
	}).MustCall(tensors.FromFlatDataAndDimensions(logits, len(logits), 1), tensors.FromFlatDataAndDimensions(flat, len(logits), len(columns)))
	return tensors.ToScalar[float64](out[0]), tensors.MustCopyFlatData[float64](out[1])
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= lossTolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestHintonAgainstTorch(t *testing.T) {
	var g hintonCases
	golden.Read(t, "hinton_golden.json", &g)
	for _, c := range g.Cases {
		loss, gradient := lossAndGradient(t, recipe.Loss{Name: recipe.Hinton, Temperature: c.Temperature, Alpha: c.Alpha}, g.Logits, g.Labels, g.Teacher)
		near(t, "loss", loss, c.Loss)
		for i := range gradient {
			near(t, "gradient", gradient[i], c.Gradient[i])
		}
	}
}

// At T = 1 the loss is the cross-entropy on labels of rule (14) with the same alpha; at T = 2 it is not.
func TestHintonAgreesWithSoftLabelsAtOne(t *testing.T) {
	var g hintonCases
	golden.Read(t, "hinton_golden.json", &g)
	for _, temperature := range []float64{1, 2} {
		rule := distill.Soft{Temperature: temperature, Alpha: 0.3}
		labels := make([]float64, len(g.Labels))
		for i, p := range g.Teacher {
			labels[i] = rule.Label(p, g.Labels[i])
		}
		want, wantGradient := lossAndGradient(t, recipe.Loss{}, g.Logits, labels)
		got, gotGradient := lossAndGradient(t, recipe.Loss{Name: recipe.Hinton, Temperature: temperature, Alpha: rule.Alpha}, g.Logits, g.Labels, g.Teacher)
		if temperature != 1 {
			if math.Abs(got-want) < 0.01 {
				t.Errorf("T = %v: got loss %v in both forms, want others", temperature, got)
			}
			continue
		}
		near(t, "loss", got, want)
		for i := range gotGradient {
			near(t, "gradient", gotGradient[i], wantGradient[i])
		}
	}
}

// A teacher that is certain stays so at any temperature: BCE(1, z/T) and BCE(0, z/T), by hand.
func TestHintonOfCertainTeacher(t *testing.T) {
	loss, gradient := lossAndGradient(t, recipe.Loss{Name: recipe.Hinton, Temperature: 2}, []float64{0, 0}, []float64{1, 0}, []float64{1, 0})
	near(t, "loss", loss, 4*math.Ln2)
	near(t, "gradient of a sure dog", gradient[0], -0.5) // T (sigmoid(0) - 1) / n
	near(t, "gradient of a sure cat", gradient[1], 0.5)
}
