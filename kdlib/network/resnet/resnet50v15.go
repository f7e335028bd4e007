package resnet

import . "github.com/gomlx/gomlx/core/graph"

// ResNet50V15 is ResNet50 in the form of torchvision.models.resnet50 (v1.5): the stride of a stage lies in the 3x3
// convolution, convolutions have no biases. Scopes are named as torchvision's modules.
const ResNet50V15 Network = "resnet50-v1.5"

var resnet50V15Settings = settings{
	build: resnet50V15[*Node, builder], table: resnet50V15[shape, *recorder], steps: resnet50V15[flow, *planner],
	norm:        torchNorm,
	kernel:      heNormal,
	torchvision: "resnet50",
}

// resnet50V15 is the column "50-layer" of He et al. 2015, table 1, as torchvision/models/resnet.py has it (v1.5).
func resnet50V15[T any, L language[T]](l L, x T) T {
	return torchvision(l, x, []stage{{64, 3, 1}, {128, 4, 2}, {256, 6, 2}, {512, 3, 2}}, bottleneckV15[T, L])
}
