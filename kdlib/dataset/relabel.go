package dataset

import (
	"fmt"
	"slices"

	"distillation/kdlib/distill"
	"distillation/kdlib/predictions"
)

// Relabel is distillation: it returns the same pictures with new labels, which a rule makes of a teacher's predictions and of
// data's labels, the ground truth. teacher has one prediction for each example, in the same order; it is nil for a rule that
// needs no teacher. Relabel does not change data.
func Relabel(data Data, rule distill.Rule, teacher predictions.Table) (Data, error) {
	if err := rule.Validate(); err != nil {
		return Data{}, fmt.Errorf("dataset: rule %s: %w", rule, err)
	}
	data.Examples = slices.Clone(data.Examples)
	if !rule.NeedsTeacher() {
		for i, e := range data.Examples {
			data.Examples[i].Label = float32(rule.Label(0, float64(e.Label)))
		}
		return data, nil
	}
	if err := data.answeredBy(teacher); err != nil {
		return Data{}, err
	}
	for i, row := range teacher {
		data.Examples[i].Label = float32(rule.Label(row.P, float64(data.Examples[i].Label)))
	}
	return data, nil
}

// WithTeacher returns the same examples with a teacher's predictions beside their labels, for a loss that takes both
// (recipe.Hinton). There is one prediction for each example, in the same order.
func WithTeacher(data Data, teacher predictions.Table) (Data, error) {
	if err := data.answeredBy(teacher); err != nil {
		return Data{}, err
	}
	data.Teacher = make([]float32, len(teacher))
	for i, row := range teacher {
		data.Teacher[i] = float32(row.P)
	}
	return data, nil
}

// answeredBy refuses predictions on other pictures.
func (d Data) answeredBy(teacher predictions.Table) error {
	if len(teacher) != len(d.Examples) {
		return fmt.Errorf("dataset: got %d predictions of the teacher, want %d, one for each picture", len(teacher), len(d.Examples))
	}
	for i, row := range teacher {
		if row.ID != d.Examples[i].ID {
			return fmt.Errorf("dataset: prediction %d of the teacher: got picture %s, want %s", i+1, row.ID, d.Examples[i].ID)
		}
		if !(row.P >= 0 && row.P <= 1) {
			return fmt.Errorf("dataset: prediction %d of the teacher: got p = %v, want in [0, 1]", i+1, row.P)
		}
	}
	return nil
}
