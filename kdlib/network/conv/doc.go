// Package conv writes two-dimensional convolutions and the networks' max pooling as graphs that XLA runs fast on a CPU.
//
// XLA compiles a convolution and GoMLX's gradients of it into code that is slow in two places: convolutions of tiny
// pictures, and kernel gradients. The same sums, arranged as matrix products or as other convolutions, are much faster.
// Auto picks by shape:
//
//	kernel and output         value         input gradient          kernel gradient
//	1x1                       one product   one product             one product, up to 128 channels turned to come first (stride 2: as it is)
//	output up to 7x7          one product of columns, as its input gradient; kernel gradient: see the next rows (stride 2: as value)
//	stride 1                  convolution   reversed kernel         up to 128 channels by shifts, a product for each row of the kernel;
//	                                                                more: one product of shifts ("cross")
//	stride 2                  convolution   a convolution a phase   a product for each place
//	stride 2, up to 4         convolution   a convolution a phase   GoMLX's own
//	channels (the stem)                     (dropped for a picture)
//
// Columns are the pixels that meet each place of the kernel, side by side. Gradients that are not GoMLX's own come in through
// network/internal/customgrad. A gradient that nobody asks for, such as that of the picture, is not built.
//
// Winograd is Auto but for these, of the convolutions with more than 4 channels, a 3x3 kernel, stride 1 and one zero around, and
// of the stem. F(2x2) and F(4x4) are Winograd's minimal filtering in tiles of so many pixels:
//
//	output                 value     input gradient   kernel gradient
//	up to 3x3              as Auto   as Auto          as Auto
//	4x4 to 6x6             F(2x2)    F(2x2)           F(2x2)
//	7x7 to 14x14           F(2x2)    F(4x4)           F(4x4)
//	15x15 to 28x28         as Auto   F(4x4)           F(4x4)
//	larger                 as Auto   as Auto          a convolution that Eigen does
//	stride 2, up to 4      as Auto   as Auto          the same of the picture's four phases
//	channels (the stem)
//
// Values are never in tiles of 4x4: their rounding, 1e-5, gives rectifiers behind them another sign often enough that a network's
// gradients differ from the plain forms' by 3.6e-3, where those of F(2x2) and of gradients in tiles of 4x4 differ by 1.1e-5, and
// Auto's by 5.7e-6.
//
// Depthwise has one form, which XLA makes one loop of: products of shifted pictures, added up. XLA's own depthwise convolution takes six
// to thirty times as long, and GoMLX's gradient of it is a convolution a channel. The input gradient is of the same form, phase by
// phase where the stride is 2. The kernel gradient adds up a few pictures in a loop and their pixels in a product with ones, since
// XLA's sums over pixels are no loop of vectors. Milliseconds of processor time on a busy Intel Xeon with AVX-512, least of four runs or
// more, batch 32 (BenchmarkDepthwise):
//
//	size, channels, stride    value: XLA's    input gradient    kernel gradient: XLA's sums : a product a channel
//	32, 32, 1                 3.6 : 58        2.6               10 : 31 : 72
//	32, 96, 2                 7.4 : 39        2.6               8.5 : 33 : 66
//	16, 144, 1                2.1 : 36        2.7               13 : 28 : 70
//	8, 192, 1                 0.5 : 14        0.8               4.1 : 4.9 : 14
//	4, 384, 1                 0.7 : 10        0.6               2.6 : 2.6 : 7.3
//	112, 32, 1                94 : 463        93                – : 361 : 965
//	56, 144, 1                121 : 771       104               – : 360 : 853
//	14, 384, 1                6.1 : 92        6.8               – : 65 : 223
//
// Milliseconds on two cores of an AMD EPYC with AVX-512, XLA CPU plugin 0.115, batch 32, float32, plain form against the
// chosen one (BenchmarkForms, four runs each; single values vary by a third):
//
//	size, channels, kernel, stride     value         input gradient   kernel gradient
//	224, 3 to 64, 7x7, 2               42            190 : 58         163
//	56, 64 to 64, 3x3, 1               34            20 : 26          70 : 62
//	28, 128 to 128, 3x3, 1             20            22 : 20          33 : 33
//	14, 256 to 256, 3x3, 1             26            28 : 28          37 : 28
//	7, 512 to 512, 3x3, 1              24 : 24       28 : 33          77 : 40
//	56, 64 to 128, 3x3, 2              15            22 : 16          24 : 33
//	14, 256 to 512, 3x3, 2             14 : 13       15 : 12          20 : 16
//	56, 64 to 256, 1x1, 1              14 : 14       11 : 13          135 : 36
//	8, 128 to 128, 3x3, 1              2.3           3.2 : 2.5        3.7 : 2.7
//	4, 256 to 256, 3x3, 1              2.5 : 3.0     3.2 : 2.6        3.5 : 2.7
//	2, 512 to 512, 3x3, 1              237 : 2.5     216 : 1.9        3.1 : 3.3
//	4, 256 to 512, 3x3, 2              2.5 : 1.6     83 : 1.6         2.4 : 1.8
//
// And on two hardware threads of an Intel Xeon with AVX-512, a slower machine, the least of eight runs in turns; "F2" and "F4" are
// Winograd's tiles, "other" the best of Auto's forms (BenchmarkForms, -benchtime 8x):
//
//	size, channels, kernel, stride     value                        input gradient               kernel gradient
//	                                   plain : other : F2 : F4      plain : other : F2 : F4      plain : other : Eigen : F2 : F4
//	224, 3 to 64, 7x7, 2               90 : 279                     232 : 122                    237 : 159 (phases)
//	56, 64 to 64, 3x3, 1               38 : 195 : 110 : 56          37 : 34 : 110 : 54           121 : 140 : 94 : 188 : 99
//	28, 128 to 128, 3x3, 1             44 : 118 : 54 : 40           37 : 35 : 53 : 37            138 : 78 : 59 : 73 : 56
//	14, 256 to 256, 3x3, 1             44 : 70 : 32 : 32            55 : 45 : 38 : 35            142 : 56 : 46 : 44 : 40
//	7, 512 to 512, 3x3, 1              93 : 60 : 43 : 43            86 : 46 : 35 : 44            95 : 37 : 51 : 42 : 41
//	16, 64 to 64, 3x3, 1               3.0 : 6.9 : 3.4 : 2.7        2.9 : 3.0 : 3.7 : 2.7        14 : 8.4 : 7.6 : 9.9 : 4.8
//	8, 128 to 128, 3x3, 1              4.1 : 6.7 : 3.4 : 2.0        4.0 : 4.2 : 3.6 : 2.2        3.8 : 4.3 : 5.7 : 4.2 : 2.8
//	4, 256 to 256, 3x3, 1              7.1 : 4.6 : 2.9 : 3.4        7.6 : 3.0 : 3.0 : 2.9        4.8 : 4.4 : 6.6 : 3.7 : 4.0
//
// A training step of ResNet-18 there, batch 32 at 224x224, took 3.2 s with Auto and 2.5 s with Winograd, where PyTorch took 2.1 s.
//
// What bounds that step: the convolutions' least times add up to 0.65 s of values, 0.47 s of input gradients and 1.05 s of kernel gradients,
// nearly all of it. In operations of the definition, GFLOP in a second of one processor, where a product of two 2048x2048 matrices
// reaches 127 (otherwise idle; BenchmarkForms, BenchmarkProduct):
//
//	size, channels, kernel, stride     value            input gradient   kernel gradient
//	224, 3 to 64, 7x7, 2               60 (plain)                        27 (phases)
//	56, 64 to 64, 3x3, 1               67 (plain)       104 (plain)      43 (Eigen)
//	28, 128 to 128, 3x3, 1             132 (plain)      108 (plain)      73 (Eigen)
//	14, 256 to 256, 3x3, 1             149 (F2)         207 (F4)         96 (F4)
//	7, 512 to 512, 3x3, 1              97 (F2)          128 (columns)    158 (F4)
//	56, 64 to 128, 3x3, 2              84 (plain)       76 (phases)      29 (phases)
//	28, 128 to 256, 3x3, 2             86 (plain)       98 (phases)      54 (taps)
//	14, 256 to 512, 3x3, 2             88 (columns)     111 (columns)    88 (columns)
//
// So the kernel gradients of large pictures are what is left to gain: at 56x56 and the stem they reach a third and a fifth of a product. Batch
// normalization is no part of it: XLA's sums over pixels run at the memory's speed (19 ms for two sums over two arrays of 103 MB, as
// products with ones 16 to 70 ms).
//
// Kernel gradients of large 3x3 convolutions gain little on the first machine, where a Xeon took 287 ms for the plain one at 56, 64
// to 64: one rule serves both. Tried and lost: the stem by space to depth (310 ms) and as a product a tap (220 ms); all nine
// shifts of x in one product (96 ms at 56, 64 to 64); a canonical convolution of the transposed pictures for the kernel
// gradient (59 to 70 ms there); every optimization barrier. Of a training step of ResNet-18 at 224x224 the matrix kernels of
// XLA's library take half, at 250 to 400 GFLOP/s each, which is what its plain matrix product reaches. For whole steps see
// BenchmarkTrain of package resnet and figures/speed.
package conv
