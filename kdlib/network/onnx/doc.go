// Package onnx predicts with networks that others trained: any ONNX classifier of cats and dogs can be a teacher.
//
// A file's graph is written anew before it is built. Attributes and inputs that change nothing go, as do training's leftovers;
// operators and attributes that the library which builds graphs lacks, or passes over in silence, are expressed by those that it
// has. What cannot be expressed is refused by the names of operator and attribute.
//
// A Backbone is such a network up to its features, with a head of this library's on them, to be trained: the head, all, or what comes after
// a value inside. It is written as ONNX again.
//
// # Operators
//
// Operator sets from 7 on are read (ten of torchvision's networks are tested as torch exports them, in the sets 11 to 23), and of them
//
//	Abs Add And AveragePool BatchNormalization Cast Ceil Celu Clip Concat Constant ConstantOfShape Conv Cos Div
//	Dropout Einsum Elu Equal Erf Exp Expand Flatten Floor Gather GatherElements Gelu Gemm GlobalAveragePool
//	GlobalMaxPool Greater GreaterOrEqual GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization
//	LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax MatMul Max MaxPool Mean Min Mish Mod Mul Neg Not
//	Or PRelu Pad Pow Range Reciprocal ReduceL1 ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
//	ReduceSumSquare Relu Reshape Selu Shape Sigmoid Sign Sin Size Slice Softmax Softplus Softsign Split Sqrt
//	Squeeze Sub Sum Swish Tanh Tile Transpose Unsqueeze Where Xor
//
// with these limits:
//
//	AveragePool                 auto_pad SAME_UPPER and SAME_LOWER are refused
//	AveragePool, MaxPool        dilations other than 1 are refused, and ceil_mode where a window might lie in the padding alone
//	BatchNormalization          training_mode is refused
//	Einsum                      of two inputs
//	GlobalMaxPool               of pictures [n, channels, height, width]
//	GroupNormalization          from set 21 on
//	MaxPool and all but Split   one output
//	Pad                         constant and reflect, without axes; of a Backbone constant, of widths that the file tells
//	Slice                       backwards only along the whole of one axis
//
// Weights may lie beside the file, as exporters of large networks write them. Networks that define functions, and weights
// stored as sparse, are refused.
package onnx
