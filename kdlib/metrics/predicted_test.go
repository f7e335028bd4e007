package metrics

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/golden"
)

type oneLoss struct{ P, Z, Y, Loss float64 }

// The losses of probabilities at the ends, and of logits of any size, are torch's.
func TestLossAgainstTorch(t *testing.T) {
	var want struct {
		Probabilities, Logits []oneLoss
		Constant, Certain     map[string]float64
	}
	golden.Read(t, "loss_golden.json", &want)
	for _, c := range want.Probabilities {
		if got := CrossEntropy(c.P, c.Y); !(math.Abs(got-c.Loss) <= tolerance*c.Loss) { // relative: 1e-50 is no 0
			t.Errorf("CrossEntropy(%v, %v) = %v, want %v", c.P, c.Y, got, c.Loss)
		}
	}
	for _, c := range want.Logits {
		if got := CrossEntropyOfLogit(c.Z, c.Y); !(math.Abs(got-c.Loss) <= tolerance*c.Loss) {
			t.Errorf("CrossEntropyOfLogit(%v, %v) = %v, want %v", c.Z, c.Y, got, c.Loss)
		}
		allowed := tolerance * c.Loss
		if math.Abs(c.Z) <= 25 {
			allowed = 8e-6 // exp(25) 2^-53, see exactLogit
		}
		if got := saturated(c.Z).CrossEntropy(0, c.Y); !(math.Abs(got-c.Loss) <= allowed) {
			t.Errorf("logit %v: CrossEntropy on %v = %v, want %v", c.Z, c.Y, got, c.Loss)
		}
	}
	half := slices.Concat(make([]float64, 8), slices.Repeat([]float64{1}, 8))
	for text, loss := range want.Constant {
		z, _ := strconv.ParseFloat(text, 64)
		a := saturated(slices.Repeat([]float64{z}, 16)...)
		if s, err := a.Summarize(half, distill.Threshold); err != nil || s.Loss != loss || s.Clamped != 0 || s.ClampedNote() != "" {
			t.Errorf("logit %v for all: got %+v, %v, want the loss %v", z, s, err, loss)
		}
	}
	for text, loss := range want.Certain {
		p, _ := strconv.ParseFloat(text, 64)
		s, err := Summarize(slices.Repeat([]float64{p}, 16), half, distill.Threshold)
		if err != nil || s.Loss != loss || s.Clamped != 8 || !strings.HasPrefix(s.ClampedNote(), "8 of 16 predictions") {
			t.Errorf("probability %v for all: got %+v, %v, want the loss %v, 8 clamped", p, s, err, loss)
		}
	}
}

// saturated are the predictions of logits, as float64 holds them.
func saturated(z ...float64) Predicted {
	p := make([]float64, len(z))
	for i, z := range z {
		p[i] = 1 / (1 + math.Exp(-z))
	}
	return Predicted{P: p, Logits: z}
}

// Up to exactLogit a file with logits has the same loss as one without, to the last bit.
func TestLogitsChangeNoOtherLoss(t *testing.T) {
	z := []float64{-25, -20.5, -3, 0, 1e-3, 16.7, 25}
	y := []float64{1, 0, 0.2, 1, 0, 0, 0}
	with := saturated(z...)
	one, err1 := with.LogLoss(y)
	other, err2 := LogLoss(with.P, y)
	if err1 != nil || err2 != nil || one != other {
		t.Errorf("got %v, %v with logits, %v, %v without", one, err1, other, err2)
	}
}

func TestOnlyWhatCountsIsClamped(t *testing.T) {
	s, err := Summarize([]float64{0, 1, 1, 0, 1e-44, 1e-40, 1, 0.5}, []float64{0, 1, 0, 0.5, 1, 1, 0.999, 0}, distill.Threshold)
	if err != nil || s.Clamped != 4 { // log 1e-44 = -101.3, log 1e-40 = -92.1
		t.Errorf("got %+v, %v, want 4 clamped: the third, fourth, fifth and seventh", s, err)
	}
}

func TestPredictedRefuses(t *testing.T) {
	for want, a := range map[string]Predicted{
		"1 predictions and 2 logits": {P: []float64{0.5}, Logits: []float64{0, 0}},
		"logit 0: got +Inf":          {P: []float64{1}, Logits: []float64{math.Inf(1)}},
		"logit 0: got NaN":           {P: []float64{1}, Logits: []float64{math.NaN()}},
		"prediction 0: got 2":        {P: []float64{2}},
	} {
		if s, err := a.Summarize([]float64{1}, distill.Threshold); err == nil || !strings.Contains(err.Error(), want) || s != (Summary{}) {
			t.Errorf("%+v: got %+v, %v, want the error %q", a, s, err, want)
		}
	}
}
