package report

import (
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/predictions"
)

// By hand: logit(0.8) = ln 4, half of it is ln 2, whose sigmoid is 2/3; and 0.25 of the ground-truth label 1 beside it is 0.75.
func TestSoftenedTable(t *testing.T) {
	predicted := predictions.Table{{ID: "dog.1", Label: 1, P: 0.8}, {ID: "cat.1", Label: 0, P: 0}}
	got, err := SoftenedTable(predicted, 2, distill.Soft{}, distill.Soft{Temperature: 2}, distill.Soft{Temperature: 2, Alpha: 0.25})
	rows(t, got, err, map[int][]string{
		0: {"cat.1", "0", "0.00000", "0.00000", "0.00000", "0.00000"},
		1: {"dog.1", "1", "0.80000", "0.80000", "0.66667", "0.75000"},
	})
	if name := got.Columns[5].Name; name != "T = 2, alpha = 0.25" || got.Columns[3].Name != "T = 1" {
		t.Errorf("got columns %+v", got.Columns)
	}
	if _, err := SoftenedTable(predicted, 2, distill.Soft{Temperature: -1}); err == nil || !strings.Contains(err.Error(), "-1") {
		t.Errorf("got error %v, want one that names -1", err)
	}
}

func TestSoftLabelsFigure(t *testing.T) {
	figure, err := SoftLabelsFigure(1, distill.Soft{}, distill.Soft{Temperature: 3})
	if err != nil || !strings.Contains(figure.Title.Text, "ground truth is 1") || figure.X.Label.Text == "" || figure.Y.Label.Text == "" {
		t.Errorf("got %+v, %v, want a figure with its axes named", figure, err)
	}
	if _, err := SoftLabelsFigure(0, distill.Soft{Alpha: 2}); err == nil || !strings.Contains(err.Error(), "alpha = 2") {
		t.Errorf("got error %v, want one that names alpha = 2", err)
	}
}
