package resnet

import (
	"distillation/kdlib/network/architecture"

	. "github.com/gomlx/gomlx/core/graph"
)

// Networks of ResNet18's form with fewer channels in every layer, for drawn faces and courses, where a training should take seconds.
const (
	ResNet18Narrow    architecture.Network = "resnet18-narrow"    // a quarter of the channels: 0.7 instead of 11.2 million parameters
	ResNet18Eighth    architecture.Network = "resnet18-eighth"    // 0.18 million parameters
	ResNet18Sixteenth architecture.Network = "resnet18-sixteenth" // 0.04 million parameters
)

var (
	resnet18NarrowSettings    = narrow18(16)
	resnet18EighthSettings    = narrow18(8)
	resnet18SixteenthSettings = narrow18(4)
)

// narrow18 is ResNet18 with so many channels in its first stage, where ResNet18 has 64.
func narrow18(channels int) architecture.Settings {
	return architecture.Settings{
		Build: func(b architecture.Builder, x *Node) *Node { return resnet18From(channels, b, x) },
		Table: func(r *architecture.Recorder, x architecture.Shape) architecture.Shape {
			return resnet18From(channels, r, x)
		},
		Steps: func(p *architecture.Planner, x architecture.Flow) architecture.Flow {
			return resnet18From(channels, p, x)
		},
		Norm:   architecture.TorchNorm,
		Kernel: architecture.HeNormal,
	}
}
