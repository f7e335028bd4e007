package resnet

import (
	"fmt"

	. "github.com/gomlx/gomlx/core/graph"
)

// ResNet50 is the teacher in the form of keras.applications.ResNet50 (v1): the stride of a stage lies in the first 1x1
// convolution, convolutions have biases. Scopes are named as Keras's layers.
const ResNet50 Network = "resnet50"

var resnet50Settings = settings{
	build: resnet50[*Node, builder], table: resnet50[shape, *recorder], steps: resnet50[flow, *planner],
	norm:   normalization{epsilon: 1.001e-5, momentum: 0.99}, // Keras resnet.py; BatchNormalization's default
	kernel: glorotUniform,
}

// blockName is Keras's name of a block: stages from 2, blocks from 1.
func blockName(stage, block int) string { return fmt.Sprintf("conv%d_block%d", stage, block) }

// resnet50 is keras/src/applications/resnet.py: ResNet50 and stack_residual_blocks_v1, with its layers' names and order.
func resnet50[T any, L language[T]](l L, x T) T {
	stem := convolution{channels: 64, kernel: 7, stride: 2, padding: 3, bias: true, padLayer: "conv1_pad"}
	x = l.conv("conv1_conv", l.input(x), stem)
	x = l.relu("conv1_relu", l.norm("conv1_bn", x))
	x = l.maxPool("pool1_pool", x, "pool1_pad")
	for i, s := range []stage{{64, 3, 1}, {128, 4, 2}, {256, 6, 2}, {512, 3, 2}} {
		for n := range s.blocks {
			x = bottleneck(l, x, s.block(blockName(i+2, n+1), n))
		}
	}
	return l.average("avg_pool", x)
}

// bottleneck is 1x1, 3x3 and 1x1 convolutions beside a shortcut, which is a 1x1 convolution in the first block of a stage.
func bottleneck[T any, L language[T]](l L, x T, b block) T {
	y := l.conv(b.name+"_1_conv", x, convolution{channels: b.channels, kernel: 1, stride: b.stride, bias: true})
	y = l.relu(b.name+"_1_relu", l.norm(b.name+"_1_bn", y))
	y = l.conv(b.name+"_2_conv", y, convolution{channels: b.channels, kernel: 3, stride: 1, padding: 1, bias: true})
	y = l.relu(b.name+"_2_relu", l.norm(b.name+"_2_bn", y))
	wide := convolution{channels: 4 * b.channels, kernel: 1, stride: 1, bias: true}
	shortcut := x
	if b.first {
		widen := wide
		widen.stride = b.stride
		shortcut = l.conv(b.name+"_0_conv", x, widen)
	}
	y = l.conv(b.name+"_3_conv", y, wide)
	if b.first {
		shortcut = l.norm(b.name+"_0_bn", shortcut)
	}
	y = l.norm(b.name+"_3_bn", y)
	return l.relu(b.name+"_out", l.add(b.name+"_add", shortcut, y))
}
