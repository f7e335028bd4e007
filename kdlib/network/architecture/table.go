package architecture

import "fmt"

// MinSize is the least side of a picture: five halvings leave one pixel.
const MinSize = 32

// Layer is a row of the layer table (figure 1 of the paper, Keras's model.summary).
type Layer struct {
	Name      string // as Keras's or torchvision's
	Kind      string // Keras's class: "Conv2D", "BatchNormalization", ...
	Output    []int  // shape without the batch: rows, columns, channels, or features alone
	Params    int    // all numbers of the layer, moving statistics too, as Keras counts
	Trainable int    // of these, the trained ones, as torch counts
}

// Shape of a picture on its way through the network.
type Shape struct {
	rows, columns, channels int
}

// Recorder lists a network's layers: a Language over shapes.
type Recorder struct {
	layers []Layer
}

var _ Language[Shape] = (*Recorder)(nil)

// Layers lists the layers for pictures of size x size, from the input to the dense layer of Logits. It leaves out dropout,
// which has no numbers and no shape of its own. Paddings are rows of their own where Keras has them so.
func (n Network) Layers(size int) ([]Layer, error) {
	s, err := n.settings()
	if err != nil {
		return nil, err
	}
	if size < MinSize {
		return nil, fmt.Errorf("architecture: size of pictures: got %d, want %d or more", size, MinSize)
	}
	r := &Recorder{}
	features := s.Table(r, Shape{size, size, 3})
	weights := features.channels + 1 // and the bias
	r.layers = append(r.layers, Layer{HeadName, "Dense", []int{1}, weights, weights})
	return r.layers, nil
}

// Summary lists the network with its head in five rows, as figure 1 and Keras's model.summary do for pictures of size x size: the
// feature part as one layer, average pooling, dropout, the dense layer and the activation that makes a probability of its output.
func (n Network) Summary(size int) ([]Layer, error) {
	layers, err := n.Layers(size)
	if err != nil {
		return nil, err
	}
	const after = 2 // average pooling and the dense layer
	inner, pooling, dense := layers[:len(layers)-after], layers[len(layers)-after], layers[len(layers)-1]
	features := Layer{string(n), "Functional", inner[len(inner)-1].Output, 0, 0}
	for _, l := range inner {
		features.Params += l.Params
		features.Trainable += l.Trainable
	}
	return []Layer{features, pooling, {"dropout", "Dropout", pooling.Output, 0, 0}, dense, {"activation", "Activation", dense.Output, 0, 0}}, nil
}

// row adds a layer that gives pictures of a shape.
func (r *Recorder) row(out Shape, l Layer) Shape {
	l.Output = []int{out.rows, out.columns, out.channels}
	r.layers = append(r.layers, l)
	return out
}

// Input adds the row of the pictures.
func (r *Recorder) Input(x Shape) Shape {
	return r.row(x, Layer{Name: "input_layer", Kind: "InputLayer"})
}

// pad adds the row of a padding layer, unless the padding has no name of its own.
func (r *Recorder) pad(name string, x Shape, p int) Shape {
	x.rows, x.columns = x.rows+2*p, x.columns+2*p
	if name != "" {
		r.row(x, Layer{Name: name, Kind: "ZeroPadding2D"})
	}
	return x
}

// Conv counts the kernel and the bias.
func (r *Recorder) Conv(name string, x Shape, c Convolution) Shape {
	x = r.pad(c.PadLayer, x, c.Padding)
	kind, params := "Conv2D", 1
	if c.Depthwise {
		kind = "DepthwiseConv2D"
	}
	for _, d := range c.shape(x.channels) {
		params *= d
	}
	if c.Bias {
		params += c.Channels
	}
	out := Shape{(x.rows-c.Kernel)/c.Stride + 1, (x.columns-c.Kernel)/c.Stride + 1, c.Channels}
	return r.row(out, Layer{Name: name, Kind: kind, Params: params, Trainable: params})
}

// Norm has gamma, beta and the two moving statistics.
func (r *Recorder) Norm(name string, x Shape) Shape {
	return r.row(x, Layer{Name: name, Kind: "BatchNormalization", Params: 4 * x.channels, Trainable: 2 * x.channels})
}

// Relu adds a row.
func (r *Recorder) Relu(name string, x Shape) Shape {
	return r.row(x, Layer{Name: name, Kind: "Activation"})
}

// Relu6 adds a row of Keras's ReLU, which has a greatest value, as its MobileNetV2 has it.
func (r *Recorder) Relu6(name string, x Shape) Shape {
	return r.row(x, Layer{Name: name, Kind: "ReLU"})
}

// MaxPool adds a row, and that of its padding.
func (r *Recorder) MaxPool(name string, x Shape, padLayer string) Shape {
	x = r.pad(padLayer, x, 1)
	return r.row(Shape{(x.rows-3)/2 + 1, (x.columns-3)/2 + 1, x.channels}, Layer{Name: name, Kind: "MaxPooling2D"})
}

// Add adds a row.
func (r *Recorder) Add(name string, x, _ Shape) Shape {
	return r.row(x, Layer{Name: name, Kind: "Add"})
}

// Average adds the row of the features.
func (r *Recorder) Average(name string, x Shape) Shape {
	r.layers = append(r.layers, Layer{name, "GlobalAveragePooling2D", []int{x.channels}, 0, 0})
	return x
}
