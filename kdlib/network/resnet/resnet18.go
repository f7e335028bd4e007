package resnet

import (
	"distillation/kdlib/network/architecture"

	. "github.com/gomlx/gomlx/core/graph"
)

// ResNet18 is the student, He et al. 2015 (arXiv:1512.03385), in the layout and with the names of torchvision.
const ResNet18 architecture.Network = "resnet18"

var resnet18Settings = architecture.Settings{
	Build: resnet18[*Node, architecture.Builder], Table: resnet18[architecture.Shape, *architecture.Recorder], Steps: resnet18[architecture.Flow, *architecture.Planner],
	Norm:        architecture.Normalization{Epsilon: architecture.TorchNorm.Epsilon, Momentum: architecture.TorchNorm.Momentum}, // the biased variance: it was trained with Keras
	Kernel:      architecture.HeNormal,
	Torchvision: "resnet18(num_classes=1)",
}

// resnet18 is He et al. 2015, table 1, column "18-layer", as torchvision/models/resnet.py has it.
func resnet18[T any, L architecture.Language[T]](l L, x T) T { return resnet18From(64, l, x) }

// resnet18From is the same with so many channels in the first stage; each further stage doubles them.
func resnet18From[T any, L architecture.Language[T]](channels int, l L, x T) T {
	return torchvision(l, x, []stage{{channels, 2, 1}, {2 * channels, 2, 2}, {4 * channels, 2, 2}, {8 * channels, 2, 2}}, basicBlock[T, L])
}
