// Package conv writes two-dimensional convolutions and the networks' max pooling as graphs that XLA runs fast on a CPU.
//
// XLA compiles a convolution and GoMLX's gradients of it into code that is slow in two places: convolutions of tiny
// pictures, and kernel gradients. The same sums, arranged as matrix products or as other convolutions, are much faster.
// Auto picks by shape:
//
//	kernel and output         value         input gradient          kernel gradient
//	1x1                       one product   one product             one product
//	output up to 7x7          a product for each place of the kernel, all three
//	stride 1                  convolution   reversed kernel         one product of shifts ("cross")
//	stride 2                  convolution   a convolution a phase   a product for each place
//	stride 2, up to 4         convolution   a convolution a phase   GoMLX's own
//	channels (the stem)                     (dropped for a picture)
//
// The gradients of the first two rows are GoMLX's own for slices and products; the others come in through
// internal/customgrad. A gradient that nobody asks for, such as that of the picture, is not built.
//
// Milliseconds on two cores of an AMD EPYC with AVX-512, XLA CPU plugin 0.115, batch 32, float32, plain form against the
// chosen one (BenchmarkForms; the machine had other work: read them as ratios):
//
//	size, channels, kernel, stride     value         input gradient   kernel gradient
//	224, 3 to 64, 7x7, 2               109           643 : 71         133
//	56, 64 to 64, 3x3, 1               37            25 : 29          82 : 104
//	14, 256 to 256, 3x3, 1             22            23 : 22          37 : 41
//	56, 64 to 128, 3x3, 2              14            51 : 19          27 : 52
//	14, 256 to 512, 3x3, 2             14 : 12       13 : 10          21 : 13
//	56, 64 to 256, 1x1, 1              62 : 60       23 : 25          276 : 52
//	56, 256 to 512, 1x1, 2             56 : 59       87 : 82          423 : 52
//	2, 512 to 512, 3x3, 1              407 : 5       414 : 4          5 : 5
//	4, 256 to 512, 3x3, 2              2 : 2         105 : 2          3 : 3
//
// Kernel gradients of large 3x3 convolutions are the exception: alone they lose a little on this machine, where a Xeon
// took 287 ms for the plain one at 56, 64 to 64. In a whole training step of ResNet-18 at 224 x 224 the chosen forms take
// 3.7 s of processor time on the EPYC too, against 4.2 s with GoMLX's own gradients for these shapes, so that one rule
// serves. The stem's by space to depth (310 ms) and as a product a tap (220 ms) lost. For whole steps see BenchmarkTrain
// of package resnet.
package conv
