package report

import (
	"cmp"
	"errors"
	"fmt"

	"distillation/kdlib/chart"
	"distillation/kdlib/distill"
	"distillation/kdlib/predictions"
	"distillation/kdlib/table"

	"gonum.org/v1/plot"
)

// SoftLabelsFigure draws the label that each option of (14) makes of every possible prediction of a teacher, in [0, 1]. The
// picture has the ground-truth label 0 or 1.
func SoftLabelsFigure(truth float64, options ...distill.Soft) (*plot.Plot, error) {
	var curves []chart.Curve
	for _, soft := range options {
		if err := soft.Validate(); err != nil {
			return nil, fmt.Errorf("report: %s: %w", optionName(soft), err)
		}
		curves = append(curves, chart.Sampled(optionName(soft), chart.Even(0, 1, 201), func(p float64) float64 { return soft.Label(p, truth) }))
	}
	return chart.Lines(chart.Axes{
		Title: fmt.Sprintf("What a prediction becomes on a picture whose ground truth is %v", truth),
		X:     "teacher's prediction p", Y: "soft label",
	}, curves...)
}

// SoftenedTable shows n of a teacher's predictions on a set, evenly spread from the surest cat to the surest dog, with the
// label that each option of (14) makes of them.
func SoftenedTable(predicted predictions.Table, n int, options ...distill.Soft) (table.Table, error) {
	t := table.Table{Title: "Predictions and the soft labels that they become",
		Columns: []table.Column{table.Text("picture"), table.Number("ground truth"), table.Number("prediction p")}}
	var errs []error
	for _, soft := range options {
		t.Columns = append(t.Columns, table.Number(optionName(soft)))
		errs = append(errs, soft.Validate())
	}
	if err := errors.Join(errs...); err != nil {
		return t, fmt.Errorf("report: %w", err)
	}
	for _, row := range spread(predicted, n) {
		cells := []string{row.ID, fmt.Sprint(row.Label), table.Fixed(row.P, table.Decimals)}
		for _, soft := range options {
			cells = append(cells, table.Fixed(soft.Label(row.P, row.Label), table.Decimals))
		}
		t.Add(cells...)
	}
	return t, nil
}

// optionName is "T = 2, alpha = 0.3"; an alpha of 0 is not said.
func optionName(s distill.Soft) string {
	name := fmt.Sprintf("T = %v", cmp.Or(s.Temperature, 1))
	if s.Alpha != 0 {
		name += fmt.Sprintf(", alpha = %v", s.Alpha)
	}
	return name
}
