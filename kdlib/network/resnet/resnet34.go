package resnet

import . "github.com/gomlx/gomlx/core/graph"

// ResNet34 is He et al. 2015 (arXiv:1512.03385), table 1, column "34-layer", in the layout and with the names of torchvision.
const ResNet34 Network = "resnet34"

var resnet34Settings = settings{
	build: resnet34[*Node, builder], table: resnet34[shape, *recorder], steps: resnet34[flow, *planner],
	norm:        torchNorm,
	kernel:      heNormal,
	torchvision: "resnet34",
}

func resnet34[T any, L language[T]](l L, x T) T {
	return torchvision(l, x, []stage{{64, 3, 1}, {128, 4, 2}, {256, 6, 2}, {512, 3, 2}}, basicBlock[T, L])
}
