package resnet

import (
	"slices"

	"distillation/kdlib/network/architecture"
)

// members are all networks of this package, smaller ones first.
var members = []architecture.Network{
	architecture.Register(ResNet18Sixteenth, resnet18SixteenthSettings),
	architecture.Register(ResNet18Eighth, resnet18EighthSettings),
	architecture.Register(ResNet18Narrow, resnet18NarrowSettings),
	architecture.Register(ResNet18, resnet18Settings),
	architecture.Register(ResNet34, resnet34Settings),
	architecture.Register(ResNet50, resnet50Settings),
	architecture.Register(ResNet50V15, resnet50V15Settings),
}

// Networks are all of them, smaller ones first.
func Networks() []architecture.Network { return slices.Clone(members) }
