package architecture

// Language is what networks are described in, over any type T that stands for a picture on its way: graph nodes when the network
// is built (Builder), shapes when its layers are listed (Recorder), steps when it is written in another format (Planner). Names are
// the layers' names; the convolutions' names are scopes of variables too.
type Language[T any] interface {
	Input(x T) T
	Conv(name string, x T, c Convolution) T
	Norm(name string, x T) T
	Relu(name string, x T) T
	Relu6(name string, x T) T                    // at most 6
	MaxPool(name string, x T, padLayer string) T // 3x3, stride 2, padding 1
	Add(name string, x, y T) T
	Average(name string, x T) T
}

// Convolution is a square kernel with the same zeros on all sides.
type Convolution struct {
	Channels, Kernel, Stride, Padding int
	Depthwise                         bool   // each channel has a kernel of its own; Channels are those of the input
	Bias                              bool   // of plain ones only
	PadLayer                          string // name of the layer that pads in Keras's table, if it is one of its own
}

// shape is that of the kernel, over an input of so many channels.
func (c Convolution) shape(in int) []int {
	if c.Depthwise {
		in = 1
	}
	return []int{c.Kernel, c.Kernel, in, c.Channels}
}
