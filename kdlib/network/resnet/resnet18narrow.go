package resnet

import . "github.com/gomlx/gomlx/core/graph"

// ResNet18Narrow is ResNet18 with a quarter of the channels in every layer: 0.7 instead of 11.2 million parameters, for drawn faces and
// courses, where a training should take seconds.
const ResNet18Narrow Network = "resnet18-narrow"

var resnet18NarrowSettings = settings{
	build: resnet18Narrow[*Node, builder], table: resnet18Narrow[shape, *recorder], steps: resnet18Narrow[flow, *planner],
	norm:   torchNorm,
	kernel: heNormal,
}

func resnet18Narrow[T any, L language[T]](l L, x T) T {
	return torchvision(l, x, []stage{{16, 2, 1}, {32, 2, 2}, {64, 2, 2}, {128, 2, 2}}, basicBlock[T, L])
}
