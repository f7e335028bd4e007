package onnx

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"distillation/kdlib/network/internal/onnxfile"

	"github.com/gomlx/onnx-gomlx/onnx"
	"github.com/gomlx/onnx-gomlx/onnx/parser"
)

// read reads an ONNX file as it is.
func read(path string) (*onnxfile.Model, error) {
	file, err := onnxfile.Read(path)
	if err != nil {
		return nil, err
	}
	return file, checkNumbers(file, filepath.Dir(path))
}

// builder hands a rewritten file to the library that builds its graph; weights beside the file lie in dir.
func builder(file *onnxfile.Model, dir string) (onnx.Model, error) {
	m, err := parser.Parse(file.Bytes())
	if err != nil {
		return nil, err
	}
	m.DisableFusion() // it recognizes patterns by shapes that the file tells, and the file may be wrong
	return m.WithBaseDir(dir), nil
}

// sizes are the bytes of a number, by its type.
var sizes = map[int64]int64{
	onnxfile.Float: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, onnxfile.Int64: 8, 9: 1, onnxfile.Float16: 2, onnxfile.Double: 8, 12: 4, 13: 8, 16: 2,
}

// checkNumbers refuses weights of which there are fewer or more numbers than their shape says, in the file or beside it.
func checkNumbers(file *onnxfile.Model, dir string) error {
	for _, t := range file.Graph.Initializers {
		if err := checkTensor(t, dir); err != nil {
			return fmt.Errorf("weights %q %v: %w", t.Name, t.Dims, err)
		}
	}
	for _, n := range file.Graph.Nodes {
		for _, a := range n.Attributes {
			if a.T == nil {
				continue
			}
			if err := checkTensor(a.T, dir); err != nil {
				return fmt.Errorf("%s: attribute %s %v: %w", nodeName(n), a.Name, a.T.Dims, err)
			}
		}
	}
	return nil
}

func checkTensor(t *onnxfile.Tensor, dir string) error {
	const most = 1 << 40 // bytes, beyond any file
	size, ok := sizes[t.Type]
	if !ok {
		return fmt.Errorf("numbers of type %d are not read", t.Type)
	}
	total := size
	for _, d := range t.Dims {
		if d < 0 || d > 0 && total > most/d {
			return errors.New("got a shape that no network has")
		}
		total *= d
	}
	got := int64(len(t.Bytes))
	switch listed := int64(len(t.Floats) + len(t.Int32s) + len(t.Int64s)); {
	case len(t.External) > 0:
		return checkBeside(t, total, dir)
	case listed > 0:
		got = listed * size
	case got == 0 && len(t.Rest) > 0:
		return nil // lists of the rarer types, which the builder counts
	}
	if got != total {
		return fmt.Errorf("got %d bytes of numbers, want %d", got, total)
	}
	return nil
}

// checkBeside looks for numbers that lie in another file, as exporters of large networks write them.
func checkBeside(t *onnxfile.Tensor, total int64, dir string) error {
	told := func(key string) string {
		if i := slices.IndexFunc(t.External, func(e onnxfile.Entry) bool { return e.Key == key }); i >= 0 {
			return t.External[i].Value
		}
		return ""
	}
	name := told("location")
	if !filepath.IsLocal(name) {
		return fmt.Errorf("they lie in the file %q, want one beside the network's", name)
	}
	offset, err := strconv.ParseInt(told("offset"), 10, 64)
	if err != nil {
		offset = 0 // the default
	}
	info, err := os.Stat(filepath.Join(dir, name))
	if err != nil {
		return fmt.Errorf("they lie in another file, which has to come along: %w", err)
	}
	if end := offset + total; offset < 0 || info.Size() < end {
		return fmt.Errorf("they lie in %s up to byte %d, which has only %d", name, end, info.Size())
	}
	return nil
}
