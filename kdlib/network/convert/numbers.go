package convert

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/network/internal/onnxfile"
)

// Numbers says in which numbers an ONNX file keeps the weights of a network. It computes in float32 with any of them.
type Numbers string

// The numbers that weights can be kept in.
const (
	Float32 Numbers = "float32" // as they were trained
	Half    Numbers = "float16" // IEEE 754's half precision, to nearest even: half the size
	Int8    Numbers = "int8"    // whole numbers from -127 to 127 times a scale for each output channel: a quarter of the size
)

// AllNumbers are all of them, the largest file first.
var AllNumbers = []Numbers{Float32, Half, Int8}

// fewestNumbers is from how many on a weight is kept in smaller numbers: all smaller ones together are no part of a file's size.
const fewestNumbers = 2048

// Shrink returns the content of an ONNX file with the weights of its convolutions and dense layers kept in other numbers. In the
// graph a Cast makes float32 of them, and a Mul scales those of Int8. Runtimes compute both once, when they load the file, so
// that the network is as fast as before. (DequantizeLinear, ONNX's operator for both, stays in onnxruntime's graph: a picture
// then took a ResNet-18 11 ms instead of 6.)
//
// Int8 is symmetric: the largest weight of a channel, by magnitude, is 127. Half leaves weights beyond 65504, its largest number,
// as they are. Weights in a file beside this one are an error.
func Shrink(content []byte, to Numbers) ([]byte, error) {
	if !slices.Contains(AllNumbers, to) {
		return nil, fmt.Errorf("convert: numbers: got %q, want one of %q", string(to), AllNumbers)
	}
	m, err := onnxfile.Parse(content)
	if err != nil {
		return nil, fmt.Errorf("convert: %w", err)
	}
	if to == Float32 {
		return content, nil
	}
	g := m.Graph
	outputs := outputAxes(g)
	var unpacking []*onnxfile.Node
	var constants []*onnxfile.Tensor
	for _, t := range g.Initializers {
		axis, isWeight := outputs[t.Name]
		if !isWeight || t.Type != onnxfile.Float || countOf(t.Dims) < fewestNumbers {
			constants = append(constants, t)
			continue
		}
		values, err := t.Float32s()
		if err != nil {
			return nil, fmt.Errorf("convert: weights %q: %w", t.Name, err)
		}
		kept, nodes := packed(t, values, axis, to)
		constants, unpacking = append(constants, kept...), append(unpacking, nodes...)
		g.Inputs = slices.DeleteFunc(g.Inputs, func(v *onnxfile.Value) bool { return v.Name == t.Name }) // older files list weights there
	}
	g.Initializers, g.Nodes = constants, append(unpacking, g.Nodes...)
	m.Meta = append(m.Meta, onnxfile.Entry{Key: "numbers", Value: string(to)})
	return m.Bytes(), nil
}

// noAxis marks weights of which two nodes take other axes for their output channels.
const noAxis = -1

// outputAxes are the weights of convolutions and dense layers, and which of their axes counts the output channels.
func outputAxes(g *onnxfile.Graph) map[string]int {
	found := map[string]int{}
	for _, n := range g.Nodes {
		var axis int
		switch {
		case len(n.Inputs) < 2 || n.Domain != "":
			continue
		case n.Op == "Conv":
			axis = 0 // [out, in, rows, columns]
		case n.Op == "Gemm":
			axis = 1 // [in, out]
			if slices.ContainsFunc(n.Attributes, func(a *onnxfile.Attribute) bool { return a.Name == "transB" && a.I != 0 }) {
				axis = 0
			}
		case n.Op == "MatMul":
			axis = 1
		default:
			continue
		}
		if was, twice := found[n.Inputs[1]]; twice && was != axis {
			axis = noAxis
		}
		found[n.Inputs[1]] = axis
	}
	return found
}

func countOf(dims []int64) int64 {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	return n
}

// packed returns a weight in smaller numbers, and the nodes that make the old one of it; the weight itself where it has none.
func packed(t *onnxfile.Tensor, values []float32, axis int, to Numbers) ([]*onnxfile.Tensor, []*onnxfile.Node) {
	small, scales := t.Name+"."+string(to), t.Name+".scale"
	cast := func(output string) *onnxfile.Node {
		return &onnxfile.Node{Op: "Cast", Name: output + ".cast", Inputs: []string{small}, Outputs: []string{output},
			Attributes: []*onnxfile.Attribute{onnxfile.IntAttribute("to", onnxfile.Float)}}
	}
	if to == Half {
		halves := &onnxfile.Tensor{Name: small, Dims: t.Dims, Type: onnxfile.Float16}
		for _, v := range values {
			bits, ok := half(v)
			if !ok {
				return []*onnxfile.Tensor{t}, nil
			}
			halves.Bytes = binary.LittleEndian.AppendUint16(halves.Bytes, bits)
		}
		return []*onnxfile.Tensor{halves}, []*onnxfile.Node{cast(t.Name)}
	}
	if axis == noAxis || axis >= len(t.Dims) {
		return []*onnxfile.Tensor{t}, nil
	}
	whole, steps := quantized(values, t.Dims, axis)
	shape := slices.Repeat([]int64{1}, len(t.Dims))
	shape[axis] = t.Dims[axis]
	plain := t.Name + ".whole"
	return []*onnxfile.Tensor{{Name: small, Dims: t.Dims, Type: onnxfile.Int8, Bytes: whole}, onnxfile.FloatTensor(scales, shape, steps)},
		[]*onnxfile.Node{cast(plain), {Op: "Mul", Name: t.Name + ".mul", Inputs: []string{plain, scales}, Outputs: []string{t.Name}}}
}

// half returns the bits of the float16 nearest to v, that with an even fraction of two; ok is false beyond its largest number.
func half(v float32) (bits uint16, ok bool) {
	const fraction, bias, least, infinity = 10, 15, -14, 0x7c00
	size := math.Abs(float64(v))
	exponent := least // of numbers too small for a fraction that begins with 1, too
	if size > 0 {
		exponent = max(math.Ilogb(size), least)
	}
	steps := math.RoundToEven(math.Ldexp(size, fraction-exponent)) // 1024 for 1; 2048 carries into the exponent
	if steps += float64((exponent + bias - 1) << fraction); !(steps < infinity) {
		return 0, false
	}
	bits = uint16(steps)
	if math.Signbit(float64(v)) {
		bits |= 1 << 15
	}
	return bits, true
}

// quantized returns row-major weights as int8 in two's complement, and the scale of each index along an axis.
func quantized(values []float32, dims []int64, axis int) (whole []byte, scales []float32) {
	const most = 127
	inner := int(countOf(dims[axis+1:]))
	channel := func(i int) int { return i / inner % int(dims[axis]) }
	scales = make([]float32, dims[axis])
	for i, v := range values {
		scales[channel(i)] = max(scales[channel(i)], float32(math.Abs(float64(v)))/most)
	}
	whole = make([]byte, len(values))
	for i, v := range values {
		if scale := scales[channel(i)]; scale > 0 {
			q := math.RoundToEven(float64(v) / float64(scale))
			whole[i] = byte(int8(min(max(q, -most), most)))
		}
	}
	return whole, scales
}
