package resnet

import (
	"fmt"

	"distillation/kdlib/network/architecture"

	. "github.com/gomlx/gomlx/core/graph"
)

// ResNet50 is the teacher in the form of keras.applications.ResNet50 (v1): the stride of a stage lies in the first 1x1
// convolution, convolutions have biases. Scopes are named as Keras's layers.
const ResNet50 architecture.Network = "resnet50"

var resnet50Settings = architecture.Settings{
	Build: resnet50[*Node, architecture.Builder], Table: resnet50[architecture.Shape, *architecture.Recorder], Steps: resnet50[architecture.Flow, *architecture.Planner],
	Norm:   architecture.Normalization{Epsilon: 1.001e-5, Momentum: 0.99}, // Keras resnet.py; BatchNormalization's default
	Kernel: architecture.GlorotUniform,
}

// blockName is Keras's name of a block: stages from 2, blocks from 1.
func blockName(stage, block int) string { return fmt.Sprintf("conv%d_block%d", stage, block) }

// resnet50 is keras/src/applications/resnet.py: ResNet50 and stack_residual_blocks_v1, with its layers' names and order.
func resnet50[T any, L architecture.Language[T]](l L, x T) T {
	stem := architecture.Convolution{Channels: 64, Kernel: 7, Stride: 2, Padding: 3, Bias: true, PadLayer: "conv1_pad"}
	x = l.Conv("conv1_conv", l.Input(x), stem)
	x = l.Relu("conv1_relu", l.Norm("conv1_bn", x))
	x = l.MaxPool("pool1_pool", x, "pool1_pad")
	for i, s := range []stage{{64, 3, 1}, {128, 4, 2}, {256, 6, 2}, {512, 3, 2}} {
		for n := range s.blocks {
			x = bottleneck(l, x, s.block(blockName(i+2, n+1), n))
		}
	}
	return l.Average("avg_pool", x)
}

// bottleneck is 1x1, 3x3 and 1x1 convolutions beside a shortcut, which is a 1x1 convolution in the first block of a stage.
func bottleneck[T any, L architecture.Language[T]](l L, x T, b block) T {
	y := l.Conv(b.name+"_1_conv", x, architecture.Convolution{Channels: b.channels, Kernel: 1, Stride: b.stride, Bias: true})
	y = l.Relu(b.name+"_1_relu", l.Norm(b.name+"_1_bn", y))
	y = l.Conv(b.name+"_2_conv", y, architecture.Convolution{Channels: b.channels, Kernel: 3, Stride: 1, Padding: 1, Bias: true})
	y = l.Relu(b.name+"_2_relu", l.Norm(b.name+"_2_bn", y))
	wide := architecture.Convolution{Channels: 4 * b.channels, Kernel: 1, Stride: 1, Bias: true}
	shortcut := x
	if b.first {
		widen := wide
		widen.Stride = b.stride
		shortcut = l.Conv(b.name+"_0_conv", x, widen)
	}
	y = l.Conv(b.name+"_3_conv", y, wide)
	if b.first {
		shortcut = l.Norm(b.name+"_0_bn", shortcut)
	}
	y = l.Norm(b.name+"_3_bn", y)
	return l.Relu(b.name+"_out", l.Add(b.name+"_add", shortcut, y))
}
