package resnet_test

import (
	"fmt"
	"testing"

	"distillation/kdlib/network/conv"
	"distillation/kdlib/network/internal/parity"
	"distillation/kdlib/network/resnet"

	"github.com/gomlx/compute/dtypes"
)

var (
	keras18  = parity.Oracle{Network: resnet.ResNet18, File: "resnet18_golden.json", Form: conv.Auto}
	keras50  = parity.Oracle{Network: resnet.ResNet50, File: "resnet50_golden.json", Form: conv.Auto}
	torch18  = parity.Oracle{Network: resnet.ResNet18, File: "resnet18_torch_golden.json", Form: conv.Winograd}
	torch34  = parity.Oracle{Network: resnet.ResNet34, File: "resnet34_golden.json", Form: conv.Auto}
	torch50  = parity.Oracle{Network: resnet.ResNet50V15, File: "resnet50-v1.5_golden.json", Form: conv.Auto}
	oracles  = []parity.Oracle{keras18, keras50, torch18, torch34, torch50}
	networks = resnet.Networks()
)

func TestInferenceAgainstOracles(t *testing.T) {
	for _, o := range oracles {
		t.Run(o.File, o.Inference)
	}
}

// Formulas are compared in float64, where rounding does not hide a small mistake, and ResNet-18 in float32 too.
func TestTrainingStepAgainstOracles(t *testing.T) {
	for _, c := range []struct {
		parity.Oracle
		dtype     dtypes.DType
		tolerance float64
	}{
		{keras18, dtypes.Float32, parity.Float32Output},
		{keras18, dtypes.Float64, parity.Float64Rounding},
		{keras50, dtypes.Float64, parity.Float64Rounding},
		{torch18, dtypes.Float64, parity.Float64Rounding},
		{torch34, dtypes.Float64, parity.Float64Rounding},
		{torch50, dtypes.Float64, parity.Float64Rounding},
	} {
		t.Run(fmt.Sprintf("%s/%s", c.File, c.dtype), func(t *testing.T) { c.TrainingStep(t, c.dtype, c.tolerance) })
	}
}
