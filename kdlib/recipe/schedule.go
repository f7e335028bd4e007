package recipe

import (
	"errors"
	"fmt"
	"math"

	"distillation/kdlib/optimizer/reference"
)

// The schedules of the learning rate that know its end.
const (
	OneCycle = "one cycle" // linearly from 0 to the peak, then as a cosine to 0
	Cosine   = "cosine"    // from the peak as a cosine to 0
)

// Schedule says how the learning rate goes from step to step, until it is 0 at the end of the recipe's last epoch; its peak is
// Optimizer.LearningRate. Its zero value is the rate of (9). The formula is reference.Schedule.
type Schedule struct {
	Name   string  `json:"name"`              // OneCycle or Cosine
	WarmUp float64 `json:"warm_up,omitempty"` // OneCycle only: the part of all steps in which the rate rises, (0, 1)
}

// Over is the schedule of a run of so many steps.
func (s Schedule) Over(steps int) reference.Schedule {
	warmUp := int(math.Round(s.WarmUp * float64(steps)))
	return reference.Schedule{WarmUp: min(warmUp, steps-1), Steps: steps} // a last step falls
}

// Validate returns every fault of the schedule.
func (s Schedule) Validate() error {
	var errs []error
	switch {
	case s == Schedule{}:
	case s.Name == OneCycle && !(s.WarmUp > 0 && s.WarmUp < 1):
		errs = append(errs, fmt.Errorf("optimizer.schedule.warm_up: got %v, want in (0, 1) for %q", s.WarmUp, OneCycle))
	case s.Name == Cosine && s.WarmUp != 0:
		errs = append(errs, fmt.Errorf("optimizer.schedule.warm_up: got %v, want none for %q", s.WarmUp, Cosine))
	case s.Name != OneCycle && s.Name != Cosine:
		errs = append(errs, fmt.Errorf("optimizer.schedule.name: got %q, want %q or %q", s.Name, OneCycle, Cosine))
	}
	return errors.Join(errs...)
}
