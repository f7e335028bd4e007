package dataset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/predictions"
)

var (
	pets    = dataset.Data{Examples: []dataset.Example{{ID: "cat.1", Label: 0}, {ID: "dog.2", Label: 1}, {ID: "cat.3", Label: 0}}}
	teacher = predictions.Table{{ID: "cat.1", P: 0.125}, {ID: "dog.2", P: 0.5}, {ID: "cat.3", P: 0.75}}
)

func ExampleRelabel() {
	for _, rule := range []distill.Rule{distill.Hard{}, distill.Soft{}, distill.Smoothed{Smoothing: 0.25}} {
		student, err := dataset.Relabel(pets, rule, teacher)
		if err != nil {
			panic(err)
		}
		fmt.Println(rule, student.Labels())
	}
	// Output:
	// hard [0 0 1]
	// soft [0.125 0.5 0.75]
	// smoothed [0.125 0.875 0.125]
}

// Labels are made of the ground truth, which stays.
func TestRelabelLeavesDataAlone(t *testing.T) {
	for range 2 {
		got, err := dataset.Relabel(pets, distill.Soft{Alpha: 0.5}, teacher)
		if want := []float64{0.0625, 0.75, 0.375}; err != nil || !slices.Equal(got.Labels(), want) {
			t.Errorf("got labels %v, %v, want %v", got.Labels(), err, want)
		}
	}
	if got := pets.Labels(); !slices.Equal(got, []float64{0, 1, 0}) {
		t.Errorf("ground truth: got %v", got)
	}
	if _, err := dataset.Relabel(pets, distill.Smoothed{}, nil); err != nil {
		t.Errorf("no teacher: %v", err)
	}
}

func TestRelabelRefuses(t *testing.T) {
	other := slices.Clone(teacher)
	other[1].ID = "dog.7"
	wrong := slices.Clone(teacher)
	wrong[2].P = 1.5
	for want, c := range map[string]struct {
		rule    distill.Rule
		teacher predictions.Table
	}{
		"got 2 predictions of the teacher, want 3":                   {distill.Hard{}, teacher[:2]},
		"prediction 2 of the teacher: got picture dog.7, want dog.2": {distill.Hard{}, other},
		"prediction 3 of the teacher: got p = 1.5, want in [0, 1]":   {distill.Soft{}, wrong},
		"rule soft: alpha: got 2, want in [0, 1]":                    {distill.Soft{Alpha: 2}, teacher},
	} {
		if _, err := dataset.Relabel(pets, c.rule, c.teacher); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
	}
}
