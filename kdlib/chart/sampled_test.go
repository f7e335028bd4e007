package chart

import (
	"reflect"
	"testing"
)

func TestSampledAndPicked(t *testing.T) {
	square := Sampled("x^2", []float64{1, 2, 4}, func(x float64) float64 { return x * x })
	if want := (Curve{Name: "x^2", X: []float64{1, 2, 4}, Y: []float64{1, 4, 16}}); !reflect.DeepEqual(square, want) {
		t.Errorf("got %v, want %v", square, want)
	}
	if got, want := Picked("", []float64{1, 3}, []float64{5, 6, 7}).Y, []float64{5, 7}; !reflect.DeepEqual(got, want) {
		t.Errorf("picked %v, want %v", got, want)
	}
}

func TestEven(t *testing.T) {
	if got, want := Even(-1, 1, 5), []float64{-1, -0.5, 0, 0.5, 1}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestStepsAreWholeAscendingAndComplete(t *testing.T) {
	if got, want := Steps(6), []float64{1, 2, 3, 4, 5, 6}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	got := Steps(12345)
	if got[0] != 1 || got[len(got)-1] != 12345 || len(got) > 4.1*stepsADecade+1 {
		t.Errorf("%d steps from %v to %v", len(got), got[0], got[len(got)-1])
	}
	for i, v := range got[1:] {
		if v <= got[i] || v != float64(int(v)) {
			t.Errorf("step %d: %v after %v", i+1, v, got[i])
		}
	}
	if got := Steps(1); !reflect.DeepEqual(got, []float64{1}) {
		t.Errorf("Steps(1) = %v", got)
	}
}
