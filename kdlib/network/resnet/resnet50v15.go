package resnet

import (
	"distillation/kdlib/network/architecture"

	. "github.com/gomlx/gomlx/core/graph"
)

// ResNet50V15 is ResNet50 in the form of torchvision.models.resnet50 (v1.5): the stride of a stage lies in the 3x3
// convolution, convolutions have no biases. Scopes are named as torchvision's modules.
const ResNet50V15 architecture.Network = "resnet50-v1.5"

var resnet50V15Settings = architecture.Settings{
	Build: resnet50V15[*Node, architecture.Builder], Table: resnet50V15[architecture.Shape, *architecture.Recorder], Steps: resnet50V15[architecture.Flow, *architecture.Planner],
	Norm:        architecture.TorchNorm,
	Kernel:      architecture.HeNormal,
	Torchvision: "resnet50(num_classes=1)",
}

// resnet50V15 is the column "50-layer" of He et al. 2015, table 1, as torchvision/models/resnet.py has it (v1.5).
func resnet50V15[T any, L architecture.Language[T]](l L, x T) T {
	return torchvision(l, x, []stage{{64, 3, 1}, {128, 4, 2}, {256, 6, 2}, {512, 3, 2}}, bottleneckV15[T, L])
}
