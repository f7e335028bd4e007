package onnxfile

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// Read reads an ONNX file. One that is empty, cut short or something else is an error that names it and says so.
func Read(path string) (*Model, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(raw)
}

// Parse is Read on the content of a file, which the model goes on using.
func Parse(raw []byte) (*Model, error) {
	if len(raw) == 0 {
		return nil, errors.New("the file is empty, want an ONNX network")
	}
	var m Model
	if err := decode(raw, reflect.ValueOf(&m).Elem(), 0); err != nil {
		return nil, fmt.Errorf("not an ONNX file, or one that is cut short (%d bytes): %w", len(raw), err)
	}
	if m.Graph == nil || len(m.Graph.Nodes) == 0 || len(m.Graph.Outputs) == 0 {
		return nil, fmt.Errorf("not an ONNX file, or one that is cut short (%d bytes): it holds no graph with nodes and outputs", len(raw))
	}
	return &m, nil
}

// Bytes returns the content of the file. Fields that are empty or 0 are left out, as is their default.
func (m *Model) Bytes() []byte { return encode(nil, reflect.ValueOf(m).Elem()) }

// maxDepth is how far messages may lie in each other: a damaged file must not use up the stack.
const maxDepth = 64

// field is where a message's field goes, by the tag `field:"n"`; "rest" is number 0.
func field(message reflect.Value, number protowire.Number) (reflect.Value, bool) {
	want := strconv.Itoa(int(number))
	for i := range message.NumField() {
		if message.Type().Field(i).Tag.Get("field") == want {
			return message.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func rest(message reflect.Value) reflect.Value { return message.FieldByName("Rest") }

// decode fills a message's fields.
func decode(raw []byte, message reflect.Value, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("messages lie more than %d deep in each other", maxDepth)
	}
	for len(raw) > 0 {
		number, kind, tag := protowire.ConsumeTag(raw)
		if tag < 0 {
			return protowire.ParseError(tag)
		}
		size := protowire.ConsumeFieldValue(number, kind, raw[tag:])
		if size < 0 {
			return protowire.ParseError(size)
		}
		whole, value := raw[:tag+size], raw[tag:tag+size]
		raw = raw[tag+size:]
		target, ok := field(message, number)
		if !ok {
			if r := rest(message); r.IsValid() {
				r.SetBytes(append(r.Bytes(), whole...))
			}
			continue
		}
		if kind == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(value)
		}
		if err := set(target, kind, value, depth); err != nil {
			return fmt.Errorf("%s, field %d: %w", message.Type().Name(), number, err)
		}
	}
	return nil
}

// set gives a field one value of a file, without its length, or appends it.
func set(target reflect.Value, kind protowire.Type, value []byte, depth int) error {
	switch target.Interface().(type) {
	case []byte:
		return want(kind, protowire.BytesType, func() { target.SetBytes(value) })
	case []int64, []float32:
		return numbers(target, kind, value)
	}
	switch target.Kind() {
	case reflect.String:
		return want(kind, protowire.BytesType, func() { target.SetString(string(value)) })
	case reflect.Int64:
		v, _ := protowire.ConsumeVarint(value)
		return want(kind, protowire.VarintType, func() { target.SetInt(int64(v)) })
	case reflect.Float32:
		v, _ := protowire.ConsumeFixed32(value)
		return want(kind, protowire.Fixed32Type, func() { target.SetFloat(float64(math.Float32frombits(v))) })
	case reflect.Slice:
		one := reflect.New(target.Type().Elem()).Elem()
		err := set(one, kind, value, depth)
		target.Set(reflect.Append(target, one))
		return err
	case reflect.Pointer:
		if target.IsNil() {
			target.Set(reflect.New(target.Type().Elem()))
		}
		return set(target.Elem(), kind, value, depth)
	}
	if kind != protowire.BytesType {
		return errKind
	}
	return decode(value, target, depth+1)
}

var errKind = errors.New("not of the kind that ONNX has there")

func want(got, want protowire.Type, set func()) error {
	if got != want {
		return errKind
	}
	set()
	return nil
}

// numbers appends one number, or many that are packed.
func numbers(target reflect.Value, kind protowire.Type, value []byte) error {
	of := protowire.VarintType
	if target.Type().Elem().Kind() == reflect.Float32 {
		of = protowire.Fixed32Type
	}
	if kind != of && kind != protowire.BytesType {
		return errKind
	}
	for len(value) > 0 {
		size := protowire.ConsumeFieldValue(1, of, value)
		if size < 0 {
			return protowire.ParseError(size)
		}
		one := reflect.New(target.Type().Elem()).Elem()
		if err := set(one, of, value[:size], 0); err != nil {
			return err
		}
		target.Set(reflect.Append(target, one))
		value = value[size:]
	}
	return nil
}

// encode appends a message's fields, lists of numbers packed.
func encode(out []byte, message reflect.Value) []byte {
	for i := range message.NumField() {
		number, err := strconv.Atoi(message.Type().Field(i).Tag.Get("field"))
		if err != nil { // "rest"
			out = append(out, message.Field(i).Bytes()...)
			continue
		}
		out = appendField(out, protowire.Number(number), message.Field(i))
	}
	return out
}

func appendField(out []byte, number protowire.Number, value reflect.Value) []byte {
	appendBytes := func(text []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(out, number, protowire.BytesType), text)
	}
	if value.IsZero() {
		return out
	}
	switch v := value.Interface().(type) {
	case []byte:
		return appendBytes(v)
	case string:
		return appendBytes([]byte(v))
	case int64:
		return protowire.AppendVarint(protowire.AppendTag(out, number, protowire.VarintType), uint64(v))
	case float32:
		return protowire.AppendFixed32(protowire.AppendTag(out, number, protowire.Fixed32Type), math.Float32bits(v))
	case []int64:
		var packed bytes.Buffer
		for _, one := range v {
			packed.Write(protowire.AppendVarint(nil, uint64(one)))
		}
		return appendBytes(packed.Bytes())
	case []float32:
		var packed bytes.Buffer
		for _, one := range v {
			packed.Write(protowire.AppendFixed32(nil, math.Float32bits(one)))
		}
		return appendBytes(packed.Bytes())
	case []string:
		for _, one := range v { // an empty one counts
			out = appendBytes([]byte(one))
		}
		return out
	}
	if value.Kind() == reflect.Slice {
		for i := range value.Len() {
			out = appendBytes(encode(nil, reflect.Indirect(value.Index(i))))
		}
		return out
	}
	return appendBytes(encode(nil, reflect.Indirect(value)))
}
