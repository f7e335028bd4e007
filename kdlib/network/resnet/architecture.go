package resnet

// A network is described once, over any type T that stands for a picture on its way: graph nodes when the network is
// built (builder), shapes when its layers are listed (recorder). Names are the layers' names; the convolutions' names are
// scopes of variables too.
type language[T any] interface {
	input(x T) T
	conv(name string, x T, c convolution) T
	norm(name string, x T) T
	relu(name string, x T) T
	maxPool(name string, x T, padLayer string) T // 3x3, stride 2, padding 1
	add(name string, x, y T) T
	average(name string, x T) T
}

// convolution is a square kernel with the same zeros on all sides.
type convolution struct {
	channels, kernel, stride, padding int
	bias                              bool
	padLayer                          string // name of the layer that pads in Keras's table, if it is one of its own
}

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

// torchvision is torchvision's class ResNet up to its pooling, with its modules' names; the stem is as wide as the first stage.
func torchvision[T any, L language[T]](l L, x T, stages []stage, build func(l L, x T, b block) T) T {
	x = l.conv("conv1", l.input(x), convolution{channels: stages[0].channels, kernel: 7, stride: 2, padding: 3})
	x = l.relu("relu", l.norm("bn1", x))
	x = l.maxPool("maxpool", x, "")
	for i, s := range stages {
		for n := range s.blocks {
			x = build(l, x, s.block(layerName(i+1, n), n))
		}
	}
	return l.average("avgpool", x)
}

// basicBlock is two 3x3 convolutions beside a shortcut, which is a 1x1 convolution where the shape changes: in the first
// block of a stage with stride.
func basicBlock[T any, L language[T]](l L, x T, b block) T {
	changes := b.stride > 1
	y := l.conv(b.name+".conv1", x, convolution{channels: b.channels, kernel: 3, stride: b.stride, padding: 1})
	y = l.relu(b.name+".relu1", l.norm(b.name+".bn1", y))
	y = l.conv(b.name+".conv2", y, convolution{channels: b.channels, kernel: 3, stride: 1, padding: 1})
	y = l.norm(b.name+".bn2", y)
	shortcut := x
	if changes {
		shortcut = l.conv(b.name+".downsample.0", x, convolution{channels: b.channels, kernel: 1, stride: b.stride})
		shortcut = l.norm(b.name+".downsample.1", shortcut)
	}
	return l.relu(b.name+".relu2", l.add(b.name+".add", y, shortcut))
}

// bottleneckV15 is 1x1, 3x3 and 1x1 convolutions beside a shortcut, which is a 1x1 convolution in the first block of a
// stage. The stride lies in the 3x3 convolution; in resnet50's bottleneck it lies in the first.
func bottleneckV15[T any, L language[T]](l L, x T, b block) T {
	y := l.conv(b.name+".conv1", x, convolution{channels: b.channels, kernel: 1, stride: 1})
	y = l.relu(b.name+".relu1", l.norm(b.name+".bn1", y))
	y = l.conv(b.name+".conv2", y, convolution{channels: b.channels, kernel: 3, stride: b.stride, padding: 1})
	y = l.relu(b.name+".relu2", l.norm(b.name+".bn2", y))
	y = l.conv(b.name+".conv3", y, convolution{channels: 4 * b.channels, kernel: 1, stride: 1})
	y = l.norm(b.name+".bn3", y)
	shortcut := x
	if b.first {
		shortcut = l.conv(b.name+".downsample.0", x, convolution{channels: 4 * b.channels, kernel: 1, stride: b.stride})
		shortcut = l.norm(b.name+".downsample.1", shortcut)
	}
	return l.relu(b.name+".relu3", l.add(b.name+".add", y, shortcut))
}
