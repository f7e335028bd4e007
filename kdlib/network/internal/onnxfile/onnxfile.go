// Package onnxfile reads and writes ONNX files as plain structures, so that a network can be looked at and changed before
// its graph is built, and written without generated code.
//
// Names and numbers of fields are those of onnx/onnx.proto in github.com/onnx/onnx. What has no field here is kept as it is
// (Rest) and written again.
package onnxfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Model is a ModelProto: the whole file.
type Model struct {
	IR        int64         `field:"1"` // version of the file format
	Producer  string        `field:"2"` // name of the program that wrote it
	Graph     *Graph        `field:"7"`
	Opsets    []OperatorSet `field:"8"`
	Meta      []Entry       `field:"14"`
	Functions []Raw         `field:"25"` // operators that the file defines itself
	Rest      []byte        `field:"rest"`
}

// OperatorSet is an OperatorSetIdProto: which edition of a domain's operators the nodes are of.
type OperatorSet struct {
	Domain  string `field:"1"` // empty: ONNX's own
	Version int64  `field:"2"`
}

// Entry is a StringStringEntryProto.
type Entry struct {
	Key   string `field:"1"`
	Value string `field:"2"`
}

// Raw is a message of which nothing is looked at.
type Raw struct {
	Rest []byte `field:"rest"`
}

// Graph is a GraphProto.
type Graph struct {
	Nodes        []*Node   `field:"1"`
	Name         string    `field:"2"`
	Initializers []*Tensor `field:"5"` // weights and constants
	Inputs       []*Value  `field:"11"`
	Outputs      []*Value  `field:"12"`
	Known        []Raw     `field:"13"` // shapes of values between the nodes
	Sparse       []Raw     `field:"15"` // weights of which most are 0
	Rest         []byte    `field:"rest"`
}

// Node is a NodeProto: one operator at work.
type Node struct {
	Inputs     []string     `field:"1"` // an empty name: an input that is left out
	Outputs    []string     `field:"2"`
	Name       string       `field:"3"`
	Op         string       `field:"4"`
	Attributes []*Attribute `field:"5"`
	Domain     string       `field:"7"`
	Rest       []byte       `field:"rest"`
}

// Attribute is an AttributeProto. The field that counts is the one that Type tells.
type Attribute struct {
	Name   string    `field:"1"`
	F      float32   `field:"2"`
	I      int64     `field:"3"`
	S      []byte    `field:"4"`
	T      *Tensor   `field:"5"`
	Floats []float32 `field:"7"`
	Ints   []int64   `field:"8"`
	Type   int64     `field:"20"`
	Rest   []byte    `field:"rest"`
}

// Types of attributes (AttributeProto.AttributeType).
const (
	TypeFloat  = 1
	TypeInt    = 2
	TypeString = 3
	TypeTensor = 4
	TypeFloats = 6
	TypeInts   = 7
)

// Tensor is a TensorProto. Its numbers lie in Bytes, or in the field of their type.
type Tensor struct {
	Dims     []int64   `field:"1"`
	Type     int64     `field:"2"`
	Floats   []float32 `field:"4"`
	Int32s   []int64   `field:"5"` // of every type of at most 32 bits that is not Float
	Int64s   []int64   `field:"7"`
	Name     string    `field:"8"`
	Bytes    []byte    `field:"9"`  // little-endian
	External []Entry   `field:"13"` // where in another file the numbers lie: location, offset, length
	Rest     []byte    `field:"rest"`
}

// Types of numbers (TensorProto.DataType).
const (
	Float   = 1
	Int8    = 3
	Int64   = 7
	Float16 = 10
	Double  = 11
)

// Value is a ValueInfoProto: name, type and shape of an input or an output.
type Value struct {
	Name string `field:"1"`
	Type *Type  `field:"2"`
	Doc  string `field:"3"`
	Rest []byte `field:"rest"`
}

// Type is a TypeProto.
type Type struct {
	Tensor *TensorType `field:"1"` // nil: no tensor
	Rest   []byte      `field:"rest"`
}

// TensorType is a TypeProto.Tensor.
type TensorType struct {
	Type  int64  `field:"1"`
	Shape *Shape `field:"2"` // nil: not known
}

// Shape is a TensorShapeProto.
type Shape struct {
	Dims []Dim `field:"1"`
}

// Dim is a TensorShapeProto.Dimension: a number, or a name where any number will do.
type Dim struct {
	Value int64  `field:"1"`
	Name  string `field:"2"`
}

// FloatTensor returns a named tensor of float32.
func FloatTensor(name string, shape []int64, data []float32) *Tensor {
	raw := make([]byte, 0, 4*len(data))
	for _, v := range data {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return &Tensor{Name: name, Dims: shape, Type: Float, Bytes: raw}
}

// Int64Tensor returns a named list of int64, or a single number if it is a scalar.
func Int64Tensor(name string, scalar bool, data ...int64) *Tensor {
	t := &Tensor{Name: name, Dims: []int64{int64(len(data))}, Type: Int64}
	if scalar {
		t.Dims = nil
	}
	for _, v := range data {
		t.Bytes = binary.LittleEndian.AppendUint64(t.Bytes, uint64(v))
	}
	return t
}

// Ints returns the numbers of an int64 tensor.
func (t *Tensor) Ints() ([]int64, error) {
	const wide = 8
	if t.Type != Int64 || len(t.External) > 0 || len(t.Bytes)%wide != 0 {
		return nil, errors.New("want int64 numbers in the file itself")
	}
	all := t.Int64s
	for i := 0; i < len(t.Bytes); i += wide {
		all = append(all, int64(binary.LittleEndian.Uint64(t.Bytes[i:])))
	}
	return all, nil
}

// Float32s returns the numbers of a float32 tensor.
func (t *Tensor) Float32s() ([]float32, error) {
	const wide = 4
	if t.Type != Float || len(t.External) > 0 || len(t.Bytes)%wide != 0 {
		return nil, errors.New("want float32 numbers in the file itself")
	}
	all := t.Floats
	for i := 0; i < len(t.Bytes); i += wide {
		all = append(all, math.Float32frombits(binary.LittleEndian.Uint32(t.Bytes[i:])))
	}
	return all, nil
}

// FloatAttribute is an attribute of a node: one number.
func FloatAttribute(name string, v float32) *Attribute {
	return &Attribute{Name: name, F: v, Type: TypeFloat}
}

// IntAttribute is one whole number.
func IntAttribute(name string, v int64) *Attribute {
	return &Attribute{Name: name, I: v, Type: TypeInt}
}

// IntsAttribute is a list of whole numbers.
func IntsAttribute(name string, v ...int64) *Attribute {
	return &Attribute{Name: name, Ints: v, Type: TypeInts}
}

// TensorAttribute is a tensor.
func TensorAttribute(name string, v *Tensor) *Attribute {
	return &Attribute{Name: name, T: v, Type: TypeTensor}
}

// String is the value in words.
func (a *Attribute) String() string {
	switch a.Type {
	case TypeFloat:
		return fmt.Sprint(a.F)
	case TypeInt:
		return fmt.Sprint(a.I)
	case TypeString:
		return string(a.S)
	case TypeFloats:
		return fmt.Sprint(a.Floats)
	case TypeInts:
		return fmt.Sprint(a.Ints)
	}
	return fmt.Sprintf("of type %d", a.Type)
}
