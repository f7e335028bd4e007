package resnet

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

// shape of a picture on its way through the network.
type shape struct {
	rows, columns, channels int
}

// recorder lists a network's layers: a language over shapes.
type recorder struct {
	layers []Layer
}

var _ language[shape] = (*recorder)(nil)

// Layers lists the layers for pictures of size x size, from the input to the dense layer of Logits. It leaves out dropout,
// which has no numbers and no shape of its own. Paddings are rows of their own where Keras has them so.
func (n Network) Layers(size int) ([]Layer, error) {
	s, err := n.settings()
	if err != nil {
		return nil, err
	}
	if size < MinSize {
		return nil, fmt.Errorf("resnet: size of pictures: got %d, want %d or more", size, MinSize)
	}
	r := &recorder{}
	features := s.table(r, shape{size, size, 3})
	weights := features.channels + 1 // and the bias
	r.layers = append(r.layers, Layer{HeadName, "Dense", []int{1}, weights, weights})
	return r.layers, nil
}

// row adds a layer that gives pictures of a shape.
func (r *recorder) row(out shape, l Layer) shape {
	l.Output = []int{out.rows, out.columns, out.channels}
	r.layers = append(r.layers, l)
	return out
}

func (r *recorder) input(x shape) shape {
	return r.row(x, Layer{Name: "input_layer", Kind: "InputLayer"})
}

// pad adds the row of a padding layer, unless the padding has no name of its own.
func (r *recorder) pad(name string, x shape, p int) shape {
	x.rows, x.columns = x.rows+2*p, x.columns+2*p
	if name != "" {
		r.row(x, Layer{Name: name, Kind: "ZeroPadding2D"})
	}
	return x
}

func (r *recorder) conv(name string, x shape, c convolution) shape {
	x = r.pad(c.padLayer, x, c.padding)
	params := c.kernel * c.kernel * x.channels * c.channels
	if c.bias {
		params += c.channels
	}
	out := shape{(x.rows-c.kernel)/c.stride + 1, (x.columns-c.kernel)/c.stride + 1, c.channels}
	return r.row(out, Layer{Name: name, Kind: "Conv2D", Params: params, Trainable: params})
}

// norm has gamma, beta and the two moving statistics.
func (r *recorder) norm(name string, x shape) shape {
	return r.row(x, Layer{Name: name, Kind: "BatchNormalization", Params: 4 * x.channels, Trainable: 2 * x.channels})
}

func (r *recorder) relu(name string, x shape) shape {
	return r.row(x, Layer{Name: name, Kind: "Activation"})
}

func (r *recorder) maxPool(name string, x shape, padLayer string) shape {
	x = r.pad(padLayer, x, 1)
	return r.row(shape{(x.rows-3)/2 + 1, (x.columns-3)/2 + 1, x.channels}, Layer{Name: name, Kind: "MaxPooling2D"})
}

func (r *recorder) add(name string, x, _ shape) shape {
	return r.row(x, Layer{Name: name, Kind: "Add"})
}

func (r *recorder) average(name string, x shape) shape {
	r.layers = append(r.layers, Layer{name, "GlobalAveragePooling2D", []int{x.channels}, 0, 0})
	return x
}
