package conv

import (
	. "github.com/gomlx/gomlx/core/graph"
)

// The plugin runs plain convolutions in YNNPACK, which is slow at kernel gradients, and those that YNNPACK refuses in Eigen,
// which is not. It refuses a filter that is larger than its picture.

// kernelByEigen is the kernel gradient of a convolution with stride 1 as GoMLX has it, a convolution of x, its channels as
// batch, with dy as the filter. Zeros under both make the filter taller than the picture, and no difference.
func kernelByEigen(x, dy *Node, g geometry) *Node {
	x = pad(x, g.padding)
	_, h, _, c := dims(x)
	_, outRows, _, o := dims(dy)
	more := h + 1 - outRows
	axes := ConvolveAxesConfig{
		InputBatch: 3, InputChannels: 0, InputSpatial: []int{1, 2},
		KernelInputChannels: 0, KernelOutputChannels: 3, KernelSpatial: []int{1, 2},
		OutputBatch: 2, OutputChannels: 3, OutputSpatial: []int{0, 1},
	}
	taller := pad(dy, [2][2]int{{0, more}, {}})
	dw := ConvGeneral(x, taller, axes, []int{1, 1}, [][2]int{{0, more}, {}}, nil, nil, 1, 1)
	return Reshape(dw, g.kernel[0], g.kernel[1], c, o)
}

// inPhases turns a convolution with stride 2 into one with stride 1 of half the rows and columns: the four phases of the padded
// picture side by side as channels, [n, rows/2, columns/2, 4c].
func inPhases(x *Node, g geometry) (*Node, geometry) {
	n, h, q, c := dims(x)
	folded := geometry{kernel: [2]int{ceilDiv(g.kernel[0], 2), ceilDiv(g.kernel[1], 2)}, stride: 1}
	rows, columns := g.out(h, q)
	r, s := rows+folded.kernel[0]-1, columns+folded.kernel[1]-1
	x = pad(x, [2][2]int{{g.padding[0][0], 2*r - h - g.padding[0][0]}, {g.padding[1][0], 2*s - q - g.padding[1][0]}})
	return Reshape(TransposeAllAxes(Reshape(x, n, r, 2, s, 2, c), 0, 1, 3, 2, 4, 5), n, r, s, 4*c), folded
}

// kernelByPhases is the kernel gradient of a convolution with stride 2, few channels and a large picture: the stem's.
func kernelByPhases(x, dy *Node, g geometry) *Node {
	c, o := x.Shape().Dimensions[3], dy.Shape().Dimensions[3]
	folded, f := inPhases(x, g)
	dw := kernelByEigen(OptimizationBarrier(folded), dy, f)
	dw = TransposeAllAxes(Reshape(dw, f.kernel[0], f.kernel[1], 2, 2, c, o), 0, 2, 1, 3, 4, 5)
	dw = Reshape(dw, 2*f.kernel[0], 2*f.kernel[1], c, o)
	return Slice(dw, AxisRange(0, g.kernel[0]), AxisRange(0, g.kernel[1]))
}
