// Package convert moves networks between this library and others: it reads weights from the files of Keras and
// torchvision, so that a teacher or a student can start from ImageNet's, and writes trained networks for torchvision and
// as ONNX, so that a student can leave for another device.
//
//	Keras's legacy .h5          in       resnet50: weights, or a whole model
//	Keras 3's .weights.h5       in       resnet50
//	Keras 3's .keras            in       resnet50
//	torchvision, safetensors    in, out  all networks but resnet50; in also behind a prefix such as "module."
//	kdlib's own safetensors     in       all networks
//	ONNX                        out      all networks
//
// A Keras model may have the network inside of it, with a head of its own and whatever has no weights before and behind it.
//
// Names and layouts of this library are package resnet's; each other format has one file here that maps them.
package convert
