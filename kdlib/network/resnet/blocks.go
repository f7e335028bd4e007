package resnet

import (
	"fmt"

	"distillation/kdlib/network/architecture"
)

// stage of blocks: channels inside a block, number of blocks, stride of the first.
type stage struct {
	channels, blocks, stride int
}

// A block of a stage: a few convolutions beside a shortcut.
type block struct {
	name             string
	channels, stride int
	first            bool // of its stage
}

// block is the nth of a stage, from 0. The first alone has the stage's stride.
func (s stage) block(name string, n int) block {
	if n == 0 {
		return block{name, s.channels, s.stride, true}
	}
	return block{name: name, channels: s.channels, stride: 1}
}

// layerName is torchvision's name of a block of a stage, both as torchvision counts them: stages from 1, blocks from 0.
func layerName(stage, block int) string { return fmt.Sprintf("layer%d.%d", stage, block) }

// torchvision is torchvision's class ResNet up to its pooling, with its modules' names; the stem is as wide as the first stage.
func torchvision[T any, L architecture.Language[T]](l L, x T, stages []stage, build func(l L, x T, b block) T) T {
	x = l.Conv("conv1", l.Input(x), architecture.Convolution{Channels: stages[0].channels, Kernel: 7, Stride: 2, Padding: 3})
	x = l.Relu("relu", l.Norm("bn1", x))
	x = l.MaxPool("maxpool", x, "")
	for i, s := range stages {
		for n := range s.blocks {
			x = build(l, x, s.block(layerName(i+1, n), n))
		}
	}
	return l.Average("avgpool", x)
}

// basicBlock is two 3x3 convolutions beside a shortcut, which is a 1x1 convolution where the shape changes: in the first
// block of a stage with stride.
func basicBlock[T any, L architecture.Language[T]](l L, x T, b block) T {
	changes := b.stride > 1
	y := l.Conv(b.name+".conv1", x, architecture.Convolution{Channels: b.channels, Kernel: 3, Stride: b.stride, Padding: 1})
	y = l.Relu(b.name+".relu1", l.Norm(b.name+".bn1", y))
	y = l.Conv(b.name+".conv2", y, architecture.Convolution{Channels: b.channels, Kernel: 3, Stride: 1, Padding: 1})
	y = l.Norm(b.name+".bn2", y)
	shortcut := x
	if changes {
		shortcut = l.Conv(b.name+".downsample.0", x, architecture.Convolution{Channels: b.channels, Kernel: 1, Stride: b.stride})
		shortcut = l.Norm(b.name+".downsample.1", shortcut)
	}
	return l.Relu(b.name+".relu2", l.Add(b.name+".add", y, shortcut))
}

// bottleneckV15 is 1x1, 3x3 and 1x1 convolutions beside a shortcut, which is a 1x1 convolution in the first block of a
// stage. The stride lies in the 3x3 convolution; in resnet50's bottleneck it lies in the first.
func bottleneckV15[T any, L architecture.Language[T]](l L, x T, b block) T {
	y := l.Conv(b.name+".conv1", x, architecture.Convolution{Channels: b.channels, Kernel: 1, Stride: 1})
	y = l.Relu(b.name+".relu1", l.Norm(b.name+".bn1", y))
	y = l.Conv(b.name+".conv2", y, architecture.Convolution{Channels: b.channels, Kernel: 3, Stride: b.stride, Padding: 1})
	y = l.Relu(b.name+".relu2", l.Norm(b.name+".bn2", y))
	y = l.Conv(b.name+".conv3", y, architecture.Convolution{Channels: 4 * b.channels, Kernel: 1, Stride: 1})
	y = l.Norm(b.name+".bn3", y)
	shortcut := x
	if b.first {
		shortcut = l.Conv(b.name+".downsample.0", x, architecture.Convolution{Channels: 4 * b.channels, Kernel: 1, Stride: b.stride})
		shortcut = l.Norm(b.name+".downsample.1", shortcut)
	}
	return l.Relu(b.name+".relu3", l.Add(b.name+".add", y, shortcut))
}
