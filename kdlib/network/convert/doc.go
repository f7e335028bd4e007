// Package convert moves networks between this library and others: it reads weights from the files of Keras and
// torchvision, so that a teacher or a student can start from ImageNet's, and writes trained networks for torchvision and
// as ONNX, so that a student can leave for another device.
//
//	Keras's legacy .h5          in       resnet50
//	Keras 3's .weights.h5       in       resnet50
//	torchvision, safetensors    in, out  all networks but resnet50
//	kdlib's own safetensors     in       all networks
//	ONNX                        out      all networks
//
// Names and layouts of this library are package resnet's; each other format has one file here that maps them.
package convert
