package resnet

import . "github.com/gomlx/gomlx/core/graph"

// Networks of ResNet18's form with fewer channels in every layer, for drawn faces and courses, where a training should take seconds.
const (
	ResNet18Narrow    Network = "resnet18-narrow"    // a quarter of the channels: 0.7 instead of 11.2 million parameters
	ResNet18Eighth    Network = "resnet18-eighth"    // 0.18 million parameters
	ResNet18Sixteenth Network = "resnet18-sixteenth" // 0.04 million parameters
)

var (
	resnet18NarrowSettings    = narrow18(16)
	resnet18EighthSettings    = narrow18(8)
	resnet18SixteenthSettings = narrow18(4)
)

// narrow18 is ResNet18 with so many channels in its first stage, where ResNet18 has 64.
func narrow18(channels int) settings {
	return settings{
		build:  func(b builder, x *Node) *Node { return resnet18From(channels, b, x) },
		table:  func(r *recorder, x shape) shape { return resnet18From(channels, r, x) },
		steps:  func(p *planner, x flow) flow { return resnet18From(channels, p, x) },
		norm:   torchNorm,
		kernel: heNormal,
	}
}
