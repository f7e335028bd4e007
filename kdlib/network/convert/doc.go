// Package convert moves networks between this library and others. It reads weights from the files of Keras and torchvision, so
// that a teacher or a student can start from ImageNet's. It writes trained networks for torchvision and as ONNX, so that a
// student can run on another device.
//
//	Keras's legacy .h5          in       resnet50: weights, or a whole model
//	Keras 3's .weights.h5       in       resnet50
//	Keras 3's .keras            in       resnet50
//	torchvision, safetensors    in, out  all networks but resnet50; in also behind a prefix such as "module."
//	kdlib's own safetensors     in       all networks
//	ONNX                        out      all networks
//
// A Keras model may contain the network, with a head of its own, and with layers before and behind it that have no weights.
//
// Package architecture defines the names and layouts of this library. Each other format has one file here that maps them.
package convert
