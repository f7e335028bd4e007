package convert

import (
	"encoding/binary"
	"fmt"
	"math"

	"distillation/kdlib/network/resnet"
	"distillation/kdlib/network/weights"

	"google.golang.org/protobuf/encoding/protowire"
)

// message is a protocol buffer under construction. Fields are numbered as in onnx/onnx.proto of github.com/onnx/onnx; of
// its hundreds of fields a network needs the few below, so that no code is generated from it.
type message []byte

func (m *message) integer(field protowire.Number, v int) {
	*m = protowire.AppendTag(*m, field, protowire.VarintType)
	*m = protowire.AppendVarint(*m, uint64(v))
}

func (m *message) float(field protowire.Number, v float32) {
	*m = protowire.AppendTag(*m, field, protowire.Fixed32Type)
	*m = protowire.AppendFixed32(*m, math.Float32bits(v))
}

func (m *message) text(field protowire.Number, v string) {
	*m = protowire.AppendTag(*m, field, protowire.BytesType)
	*m = protowire.AppendString(*m, v)
}

func (m *message) nested(field protowire.Number, v message) {
	*m = protowire.AppendTag(*m, field, protowire.BytesType)
	*m = protowire.AppendBytes(*m, v)
}

// Fields and values of AttributeProto.
const (
	attributeName                        = 1
	attributeF, attributeI               = 2, 3
	attributeInts                        = 8
	attributeType                        = 20
	attributeFloat, attributeInt, asInts = 1, 2, 7
)

func floatAttribute(name string, v float32) (m message) {
	m.text(attributeName, name)
	m.float(attributeF, v)
	m.integer(attributeType, attributeFloat)
	return m
}

func intAttribute(name string, v int) (m message) {
	m.text(attributeName, name)
	m.integer(attributeI, v)
	m.integer(attributeType, attributeInt)
	return m
}

func intsAttribute(name string, values []int) (m message) {
	m.text(attributeName, name)
	for _, v := range values {
		m.integer(attributeInts, v)
	}
	m.integer(attributeType, asInts)
	return m
}

// node appends a NodeProto with one output.
func (g *onnxGraph) node(op, name string, inputs []string, output string, attributes ...message) {
	const fieldInput, fieldOutput, fieldName, fieldOp, fieldAttribute = 1, 2, 3, 4, 5
	var m message
	for _, in := range inputs {
		m.text(fieldInput, in)
	}
	m.text(fieldOutput, output)
	m.text(fieldName, name)
	m.text(fieldOp, op)
	for _, a := range attributes {
		m.nested(fieldAttribute, a)
	}
	g.nodes = append(g.nodes, m)
}

// elementFloat is TensorProto.FLOAT.
const elementFloat = 1

// constant appends a TensorProto.
func (g *onnxGraph) constant(name string, shape []int, data []float32) {
	const fieldDims, fieldType, fieldName, fieldRaw = 1, 2, 8, 9
	var m message
	for _, d := range shape {
		m.integer(fieldDims, d)
	}
	m.integer(fieldType, elementFloat)
	m.text(fieldName, name)
	raw := make(message, 0, 4*len(data)) // float32, little-endian
	for _, v := range data {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	m.nested(fieldRaw, raw)
	g.constants = append(g.constants, m)
}

// dimension is a number, or a name where any number will do.
type dimension struct {
	value int
	name  string
}

// value is a ValueInfoProto of a float32 tensor.
func value(name, about string, shape ...dimension) (m message) {
	const fieldName, fieldType, fieldDoc = 1, 2, 3
	const typeTensor, tensorElement, tensorShape, shapeDim, dimValue, dimName = 1, 1, 2, 1, 1, 2
	var dims, tensor, kind message
	for _, d := range shape {
		var dim message
		if d.name != "" {
			dim.text(dimName, d.name)
		} else {
			dim.integer(dimValue, d.value)
		}
		dims.nested(shapeDim, dim)
	}
	tensor.integer(tensorElement, elementFloat)
	tensor.nested(tensorShape, dims)
	kind.nested(typeTensor, tensor)
	m.text(fieldName, name)
	m.nested(fieldType, kind)
	m.text(fieldDoc, about)
	return m
}

// What goes in and what comes out, in words.
const (
	onnxTakes = "RGB pictures [n, 3, height, width], values 0 to 255, nearest neighbour resized as in training; the graph divides by 255"
)

// orCatDog are classes, or those of networks that do not name theirs.
func orCatDog(classes [2]string) [2]string {
	if classes == [2]string{} {
		return [2]string{"cat", "dog"}
	}
	return classes
}

// onnxGives says what the output is.
func onnxGives(classes [2]string) string {
	classes = orCatDog(classes)
	return fmt.Sprintf("P(%[2]s) [n, 1]: %[2]s when greater than 0.5, else %[1]s", classes[0], classes[1])
}

// model is the whole file: a ModelProto.
func (g *onnxGraph) model(network resnet.Network, classes [2]string) message {
	const fieldNode, fieldName, fieldConstant, fieldInput, fieldOutput = 1, 2, 5, 11, 12
	const fieldIR, fieldProducer, fieldGraph, fieldOpset, fieldMeta = 1, 2, 7, 8, 14
	const opsetVersion, metaKey, metaValue = 2, 1, 2
	var graph, opset, m message
	gives := onnxGives(classes)
	for _, n := range g.nodes {
		graph.nested(fieldNode, n)
	}
	graph.text(fieldName, string(network))
	for _, c := range g.constants {
		graph.nested(fieldConstant, c)
	}
	graph.nested(fieldInput, value(onnxInput, onnxTakes, dimension{name: "n"}, dimension{value: 3}, dimension{name: "height"}, dimension{name: "width"}))
	graph.nested(fieldOutput, value(onnxOutput, gives, dimension{name: "n"}, dimension{value: 1}))
	opset.integer(opsetVersion, onnxOpset)
	m.integer(fieldIR, onnxIR)
	m.text(fieldProducer, "kdlib")
	m.nested(fieldGraph, graph)
	m.nested(fieldOpset, opset)
	pairs := [][2]string{{"network", string(network)}, {"input", onnxTakes}, {"output", gives}}
	if names, ok := weights.WithClasses(map[string]string{}, classes)[weights.MetaClasses]; ok {
		pairs = append(pairs, [2]string{weights.MetaClasses, names})
	}
	for _, pair := range pairs {
		var entry message
		entry.text(metaKey, pair[0])
		entry.text(metaValue, pair[1])
		m.nested(fieldMeta, entry)
	}
	return m
}
