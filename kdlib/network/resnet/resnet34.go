package resnet

import (
	"distillation/kdlib/network/architecture"

	. "github.com/gomlx/gomlx/core/graph"
)

// ResNet34 is He et al. 2015 (arXiv:1512.03385), table 1, column "34-layer", in the layout and with the names of torchvision.
const ResNet34 architecture.Network = "resnet34"

var resnet34Settings = architecture.Settings{
	Build: resnet34[*Node, architecture.Builder], Table: resnet34[architecture.Shape, *architecture.Recorder], Steps: resnet34[architecture.Flow, *architecture.Planner],
	Norm:        architecture.TorchNorm,
	Kernel:      architecture.HeNormal,
	Torchvision: "resnet34(num_classes=1)",
}

func resnet34[T any, L architecture.Language[T]](l L, x T) T {
	return torchvision(l, x, []stage{{64, 3, 1}, {128, 4, 2}, {256, 6, 2}, {512, 3, 2}}, basicBlock[T, L])
}
