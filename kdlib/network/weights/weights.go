// Package weights keeps the variables of a GoMLX store on disk as safetensors, a format that PyTorch, Keras and ONNX tools
// read.
//
// A variable's name is its path in the store without the leading slash, for example "conv1/kernel". Layouts are those of the
// graphs: convolution kernels are [height, width, in, out], dense kernels [in, out].
package weights

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/google/renameio/v2"
	"github.com/nlpodyssey/safetensors"
)

// File is the content of a safetensors file.
type File struct {
	Tensors map[string]*tensors.Tensor // by name, for example "conv1/kernel"
	Meta    map[string]string          // free text stored beside the tensors
}

// dtypeOf pairs the element types that networks and optimizers use.
var dtypeOf = map[dtypes.DType]safetensors.DType{
	dtypes.Float16: safetensors.F16,
	dtypes.Float32: safetensors.F32,
	dtypes.Float64: safetensors.F64,
	dtypes.Int32:   safetensors.I32,
	dtypes.Int64:   safetensors.I64,
	dtypes.Uint8:   safetensors.U8,
	dtypes.Uint32:  safetensors.U32,
	dtypes.Uint64:  safetensors.U64,
}

// Producer is what files of this library call their writer.
const Producer = "kdlib"

// Keys of a network's free text, in File.Meta and in ONNX files.
const (
	MetaClasses = "classes" // names of the labels 0 and 1 as JSON, such as ["cat","dog"]
	MetaSize    = "size"    // width and height of the pictures that it was trained on
	MetaLayout  = "layout"  // of the pictures that it takes, as recipe.ONNX has it
	MetaValues  = "values"  // of these pictures, as recipe.ONNX has them
	MetaCommit  = "commit"  // of the source that wrote the file
)

// WithClasses adds the names of the labels to a file's free text, unless they are not known.
func WithClasses(meta map[string]string, classes [2]string) map[string]string {
	if classes != [2]string{} {
		text, _ := json.Marshal(classes) // two strings always become JSON
		meta[MetaClasses] = string(text)
	}
	return meta
}

// Classes returns the names of the labels 0 and 1 from a file's free text, or empty names if the text has none.
func Classes(meta map[string]string) (classes [2]string) {
	var names []string
	if json.Unmarshal([]byte(meta[MetaClasses]), &names) == nil && len(names) == 2 {
		classes = [2]string(names)
	}
	return classes
}

// Network is the top scope of a network's variables, in its store and in its file. An optimizer's variables lie elsewhere.
const Network = "network"

// Name is the name under which a variable is stored: its path without the leading slash.
func Name(v *model.Variable) string { return strings.TrimPrefix(v.Path(), "/") }

// Save writes the variables of store that keep accepts (nil: all) to path, whole or not at all.
func Save(path string, store *model.Store, keep func(*model.Variable) bool, meta map[string]string) error {
	file := File{Tensors: map[string]*tensors.Tensor{}, Meta: meta}
	for v := range store.IterVariables() {
		if keep != nil && !keep(v) {
			continue
		}
		value, err := v.Value()
		if err != nil {
			return fmt.Errorf("weights: %s: tensor %s: %w", path, Name(v), err)
		}
		file.Tensors[Name(v)] = value
	}
	return file.Write(path)
}

// Write writes the file to path, whole or not at all.
func (f File) Write(path string) error {
	views := map[string]view{}
	for name, tensor := range f.Tensors {
		one, err := viewOf(tensor)
		if err != nil {
			return fmt.Errorf("weights: %s: tensor %s: %w", path, name, err)
		}
		views[name] = one
	}
	file, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644))
	if err != nil {
		return fmt.Errorf("weights: %w", err)
	}
	defer file.Cleanup()
	if err := safetensors.SerializeToWriter(views, f.Meta, file); err != nil {
		return fmt.Errorf("weights: %s: %w", path, err)
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("weights: %w", err)
	}
	return nil
}

// view is a tensor on its way into a file. The library's own view refuses scalars.
type view struct {
	dtype safetensors.DType
	shape []uint64
	data  []byte
}

func (v view) DType() safetensors.DType { return v.dtype }
func (v view) Shape() []uint64          { return v.shape }
func (v view) Data() []byte             { return v.data }
func (v view) DataLen() uint64          { return uint64(len(v.data)) }

func viewOf(tensor *tensors.Tensor) (view, error) {
	dtype, ok := dtypeOf[tensor.DType()]
	if !ok {
		return view{}, fmt.Errorf("element type %s has no place in a safetensors file", tensor.DType())
	}
	out := view{dtype: dtype, shape: []uint64{}} // JSON [] for a scalar, not null
	for _, d := range tensor.Shape().Dimensions {
		out.shape = append(out.shape, uint64(d))
	}
	err := tensor.ConstBytes(func(raw []byte) { out.data = slices.Clone(raw) })
	return out, err
}

// Read reads a safetensors file. A truncated or foreign file is an error that names it.
func Read(path string) (File, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return File{}, fmt.Errorf("weights: %w", err)
	}
	return parse(raw, path)
}

// parse is Read on the content of a file; path stands in the errors.
func parse(raw []byte, path string) (File, error) {
	_, header, err := safetensors.ReadMetadata(raw)
	if err != nil {
		return File{}, fmt.Errorf("weights: %s is not a safetensors file, or it is cut short (%d bytes): %w", path, len(raw), err)
	}
	content, err := safetensors.Deserialize(raw)
	if err != nil {
		return File{}, fmt.Errorf("weights: %s: %w", path, err)
	}
	file := File{Tensors: map[string]*tensors.Tensor{}, Meta: header.Metadata()}
	for _, named := range content.Tensors() {
		tensor, err := tensorOf(named.TensorView)
		if err != nil {
			return File{}, fmt.Errorf("weights: %s: tensor %s: %w", path, named.Name, err)
		}
		file.Tensors[named.Name] = tensor
	}
	return file, nil
}

func tensorOf(stored safetensors.TensorView) (*tensors.Tensor, error) {
	for dtype, name := range dtypeOf {
		if name != stored.DType() {
			continue
		}
		var dims []int
		for _, d := range stored.Shape() {
			if d > math.MaxInt32 { // no network's; a foreign number might not fit an int
				return nil, fmt.Errorf("shape %v: got a dimension of %d, want at most %d", stored.Shape(), d, math.MaxInt32)
			}
			dims = append(dims, int(d))
		}
		tensor := tensors.FromShape(shapes.Make(dtype, dims...))
		err := tensor.MutableBytes(func(raw []byte) { copy(raw, stored.Data()) })
		return tensor, err
	}
	return nil, fmt.Errorf("element type %s is not one that networks here use", stored.DType())
}

// Restore sets the variables of store to the tensors of the file and creates those that do not exist yet. Call it on a store
// that is still empty, before its graphs are built.
func (f File) Restore(store *model.Store) error {
	for _, name := range slices.Sorted(maps.Keys(f.Tensors)) {
		if v := store.GetVariable("/" + name); v != nil {
			if err := v.SetValue(f.Tensors[name]); err != nil {
				return fmt.Errorf("weights: tensor %s: %w", name, err)
			}
		} else if _, err := store.CreateVariable("/"+name, f.Tensors[name]); err != nil {
			return fmt.Errorf("weights: tensor %s: %w", name, err)
		}
	}
	return nil
}

// InScope says whether a variable lies in a top scope of its store, for example "network".
func InScope(v *model.Variable, scope string) bool {
	return strings.HasPrefix(v.Path(), "/"+scope+"/")
}

// Match compares the tensors of the file at path with those variables of store that want accepts, as Compare does.
func (f File) Match(store *model.Store, want func(*model.Variable) bool, path string) error {
	wanted := map[string]shapes.Shape{}
	for v := range store.IterVariables() {
		if want(v) {
			wanted[Name(v)] = v.Shape()
		}
	}
	return f.Compare(wanted, path)
}

// CheckFinite returns an error that lists the tensors of the file at path with numbers that are not finite.
func (f File) CheckFinite(path string) error {
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(f.Tensors)) {
		n, err := notFinite(f.Tensors[name])
		if err != nil {
			return fmt.Errorf("weights: %s: tensor %s: %w", path, name, err)
		}
		if n > 0 {
			wrong = append(wrong, fmt.Sprintf("%s (%d of %d)", name, n, f.Tensors[name].Size()))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("weights: %s has numbers that are not finite, which training gives that has gone astray: %s", path, strings.Join(wrong, "; "))
}

// notFinite counts numbers.
func notFinite(tensor *tensors.Tensor) (n int, err error) {
	err = tensor.ConstFlatData(func(flat any) {
		switch all := flat.(type) {
		case []float32:
			for _, v := range all {
				if v-v != 0 { // NaN for what is not finite
					n++
				}
			}
		case []float64:
			for _, v := range all {
				if v-v != 0 {
					n++
				}
			}
		}
	})
	return n, err
}

// mostListed is how many tensors that do not fit an error names: of another network all would be hundreds.
const mostListed = 8

// Compare returns an error that lists the tensors of the file at path that are missing, extra or of another shape than the wanted
// ones: all of a few, of many the first and how many more there are.
func (f File) Compare(wanted map[string]shapes.Shape, path string) error {
	var wrong []string
	for name, shape := range wanted {
		tensor, ok := f.Tensors[name]
		switch {
		case !ok:
			wrong = append(wrong, "missing "+name)
		case !tensor.Shape().Equal(shape):
			wrong = append(wrong, fmt.Sprintf("%s is %s, want %s", name, tensor.Shape(), shape))
		}
	}
	for name := range f.Tensors {
		if _, ok := wanted[name]; !ok {
			wrong = append(wrong, "extra "+name)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	more := ""
	if n := len(wrong) - mostListed; n > 0 {
		wrong, more = wrong[:mostListed], fmt.Sprintf("; and %d more, so that it may hold another network", n)
	}
	return fmt.Errorf("weights: %s does not fit the network: %s%s", path, strings.Join(wrong, "; "), more)
}
