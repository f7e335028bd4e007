package train

import (
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/network/weights"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// notFinite is the error of a loss after a step, with the variables of the network that the step has spoilt.
func (m *Model) notFinite(loss float64) error {
	var all int
	var spoilt []string
	for v := range m.store.IterVariables() {
		if !m.inNetwork(v) {
			continue
		}
		all++
		if !finite(v) {
			spoilt = append(spoilt, weights.Name(v))
		}
	}
	if len(spoilt) == 0 {
		return fmt.Errorf("train: loss: got %v, want a finite number (all variables are still finite)", loss)
	}
	return fmt.Errorf("train: loss: got %v, want a finite number (of %d variables %d are not finite after this step, such as %s): "+
		"what was stored before stays; a lower learning rate may help", loss, all, len(spoilt), slices.Min(spoilt))
}

// finite says whether all numbers of a variable are; one that cannot be read is not.
func finite(v *model.Variable) bool {
	value, err := v.Value()
	if err != nil {
		return false
	}
	flat, err := tensors.CopyFlatData[float32](value)
	return err == nil && !slices.ContainsFunc(flat, func(x float32) bool { return isNotFinite(float64(x)) })
}

func isNotFinite(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
