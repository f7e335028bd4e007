// Package mobilenet describes MobileNetV2, Sandler et al. 2018 (arXiv:1801.04381), a network for phones: a fifth of ResNet-18's
// parameters and a sixth of its products, in depthwise convolutions between 1x1 ones. Layers and names are torchvision's.
//
// parity_test.go compares outputs, gradients and moving statistics with torchvision.
package mobilenet

import (
	"fmt"
	"slices"

	"distillation/kdlib/network/architecture"

	. "github.com/gomlx/gomlx/core/graph"
)

const (
	// MobileNetV2 has 2.2 million parameters before its head.
	MobileNetV2 architecture.Network = "mobilenet-v2"
	// MobileNetV2Quarter has a quarter of the channels in every layer but the last, and 0.25 million parameters.
	MobileNetV2Quarter architecture.Network = "mobilenet-v2-quarter"
)

// members are all networks of this package, smaller ones first.
var members = []architecture.Network{
	architecture.Register(MobileNetV2Quarter, settings(0.25, "mobilenet_v2(width_mult=0.25, num_classes=1)")),
	architecture.Register(MobileNetV2, settings(1, "mobilenet_v2(num_classes=1)")),
}

// Networks are all of them, smaller ones first.
func Networks() []architecture.Network { return slices.Clone(members) }

// settings are those of MobileNetV2 with so many times its channels.
func settings(width float64, torchvision string) architecture.Settings {
	return architecture.Settings{
		Build: func(b architecture.Builder, x *Node) *Node { return mobileNetV2(width, b, x) },
		Table: func(r *architecture.Recorder, x architecture.Shape) architecture.Shape {
			return mobileNetV2(width, r, x)
		},
		Steps: func(p *architecture.Planner, x architecture.Flow) architecture.Flow {
			return mobileNetV2(width, p, x)
		},
		Norm:        architecture.TorchNorm,
		Kernel:      architecture.HeNormal,
		Torchvision: torchvision,
		TorchHead:   "classifier.1",
	}
}

// stage of inverted residuals: how many times as many channels they have inside, channels between them, their number, stride of the
// first.
type stage struct {
	expansion, channels, blocks, stride int
}

// stages are those of Sandler et al. 2018, table 2.
var stages = []stage{{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}}

const (
	firstChannels = 32
	lastChannels  = 1280 // no fewer in narrow networks
)

// mobileNetV2 is torchvision/models/mobilenetv2.py up to its pooling.
func mobileNetV2[T any, L architecture.Language[T]](width float64, l L, x T) T {
	in := divisible(firstChannels * width)
	x = convolution(l, "features.0", l.Input(x), architecture.Convolution{Channels: in, Kernel: 3, Stride: 2, Padding: 1})
	at := 1
	for _, s := range stages {
		out := divisible(float64(s.channels) * width)
		for n := range s.blocks {
			b := residual{name: fmt.Sprintf("features.%d", at), in: in, inside: in * s.expansion, out: out, stride: s.stride}
			if n > 0 {
				b.stride = 1
			}
			x = invertedResidual(l, x, b)
			in, at = out, at+1
		}
	}
	last := divisible(lastChannels * max(1, width))
	x = convolution(l, fmt.Sprintf("features.%d", at), x, architecture.Convolution{Channels: last, Kernel: 1, Stride: 1})
	return l.Average("avgpool", x)
}

// residual is an inverted residual: its channels before, inside and behind.
type residual struct {
	name                    string
	in, inside, out, stride int
}

// invertedResidual is a 1x1 convolution that widens, a depthwise one, and a 1x1 convolution that narrows, without a rectifier; beside
// a shortcut where the shape stays.
func invertedResidual[T any, L architecture.Language[T]](l L, x T, b residual) T {
	y, at := x, 0
	layer := func() string {
		name := fmt.Sprintf("%s.conv.%d", b.name, at)
		at++
		return name
	}
	if b.inside != b.in {
		y = convolution(l, layer(), y, architecture.Convolution{Channels: b.inside, Kernel: 1, Stride: 1})
	}
	y = convolution(l, layer(), y, architecture.Convolution{Channels: b.inside, Kernel: 3, Stride: b.stride, Padding: 1, Depthwise: true})
	y = l.Conv(layer(), y, architecture.Convolution{Channels: b.out, Kernel: 1, Stride: 1})
	y = l.Norm(layer(), y)
	if b.stride > 1 || b.in != b.out {
		return y
	}
	return l.Add(b.name+".add", x, y)
}

// convolution is torchvision's Conv2dNormActivation: normalized and rectified.
func convolution[T any, L architecture.Language[T]](l L, name string, x T, c architecture.Convolution) T {
	return l.Relu6(name+".2", l.Norm(name+".1", l.Conv(name+".0", x, c)))
}

// divisible is torchvision's _make_divisible: the multiple of 8 that is nearest to a number of channels, a tenth less at most.
func divisible(channels float64) int {
	const divisor = 8
	n := max(divisor, int(channels+divisor/2)/divisor*divisor)
	if float64(n) < 0.9*channels {
		n += divisor
	}
	return n
}
