package onnxfile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"distillation/kdlib/network/internal/onnxfile"
)

func files(t testing.TB) (contents [][]byte) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "onnx", "testdata", "*.onnx"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("got %d files, %v", len(paths), err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		contents = append(contents, raw)
	}
	return contents
}

// What is written is what was read: names, weights, and fields that are not looked at.
func TestReadAndWrite(t *testing.T) {
	for _, raw := range files(t) {
		m, err := onnxfile.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		again, err := onnxfile.Parse(m.Bytes())
		if err != nil || !reflect.DeepEqual(m, again) {
			t.Errorf("%s: got another model back, %v", m.Graph.Name, err)
		}
	}
}

// By hand, after onnx.proto: the node Relu(x) -> y and the attribute axes = [1, -1], packed and not.
func TestBytes(t *testing.T) {
	node := "\x0a\x01x\x12\x01y\x22\x04Relu"
	for _, ints := range []string{"\x42\x0b\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x40\x01\x40\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"} {
		attribute := "\x0a\x04axes" + ints + "\xa0\x01\x07"
		whole := node + "\x2a" + string(rune(len(attribute))) + attribute
		graph := "\x0a" + string(rune(len(whole))) + whole + "\x62\x03\x0a\x01y"
		m, err := onnxfile.Parse([]byte("\x08\x08\x3a" + string(rune(len(graph))) + graph))
		if err != nil {
			t.Fatal(err)
		}
		n := onnxfile.Node{Inputs: []string{"x"}, Outputs: []string{"y"}, Op: "Relu", Attributes: []*onnxfile.Attribute{onnxfile.IntsAttribute("axes", 1, -1)}}
		if m.IR != 8 || !reflect.DeepEqual(*m.Graph.Nodes[0], n) || m.Graph.Outputs[0].Name != "y" {
			t.Errorf("got %+v, want %+v", *m.Graph.Nodes[0], n)
		}
	}
}

// Any bytes give an error, or a model that can be written and read again.
func FuzzParse(f *testing.F) {
	for _, raw := range files(f) {
		if len(raw) < 1<<12 {
			f.Add(raw)
		}
	}
	f.Add(bytes.Repeat([]byte("\x3a\x00"), 3))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := onnxfile.Parse(raw)
		if err != nil {
			return
		}
		if _, err := onnxfile.Parse(m.Bytes()); err != nil {
			t.Error(err)
		}
	})
}
