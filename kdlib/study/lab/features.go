package lab

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes/float16"
	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/stat"
)

// Features are what a network finds in each picture, in the order of a manifest.
type Features struct {
	Width  int       // features of a picture
	Values []float32 // [pictures, Width]; each feature has mean 0 and standard deviation 1 over the training pictures
	// Meta says where they come from: the network's file and its SHA-256, the inner values, the size of the pictures, the SHA-256 of
	// the split, the command and the commit.
	Meta map[string]string
}

// Names of the tensor and of the free text in a file of features.
const (
	tensorName   = "features" // float16 [pictures, width]
	metaNetwork  = "network"
	metaSum      = "network_sha256"
	metaInner    = "values"
	metaManifest = "manifest_sha256"
	metaCommand  = "command"
)

// Extraction says how features are computed: a network in an ONNX file sees every picture, as it is, and the means of its inner
// values over the places of the picture are kept (see onnx.OpenInner).
type Extraction struct {
	Network  recipe.ONNX
	Values   []string // names of values inside the network; several lie side by side
	Pictures *study.Collection
	Batch    int
	Progress dataset.Progress // may be nil
}

// Size is the width and height of the pictures that the network takes.
func (e Extraction) Size(backend compute.Backend) (int, error) {
	inner, err := onnx.OpenInner(backend, e.Network, e.Values...)
	if err != nil {
		return 0, err
	}
	defer inner.Finalize()
	return inner.Is().Size, nil
}

// Run computes the features of all pictures of the collection's split and standardises them on its training set.
func (e Extraction) Run(ctx context.Context, backend compute.Backend) (*Features, error) {
	inner, err := onnx.OpenInner(backend, e.Network, e.Values...)
	if err != nil {
		return nil, err
	}
	defer inner.Finalize()
	data := dataset.Data{Pictures: e.Pictures.Cache}
	for _, split := range folder.Splits {
		data.Examples = append(data.Examples, e.Pictures.GroundTruth(split).Examples...)
	}
	f := &Features{}
	if f.Values, f.Width, err = inner.Features(ctx, data, dataset.PredictOptions{Batch: e.Batch, Progress: e.Progress}); err != nil {
		return nil, err
	}
	if err := f.standardise(len(e.Pictures.Manifest.Of(predictions.Train))); err != nil {
		return nil, err
	}
	f.Meta, err = e.describe(inner.Is().Size)
	return f, err
}

// describe says where features come from.
func (e Extraction) describe(size int) (map[string]string, error) {
	content, err := os.ReadFile(e.Network.File)
	if err != nil {
		return nil, fmt.Errorf("lab: %w", err)
	}
	now := study.NewSession()
	for i, word := range now.Command { // where files lie says nothing
		now.Command[i] = filepath.Base(word)
	}
	return map[string]string{
		metaNetwork: filepath.Base(e.Network.File), metaSum: sum(content), metaInner: strings.Join(e.Values, " "),
		weights.MetaSize: strconv.Itoa(size), metaManifest: manifestSum(e.Pictures.Manifest),
		metaCommand: strings.Join(now.Command, " "), weights.MetaCommit: now.Commit,
	}, nil
}

// standardise moves every feature to mean 0 and standard deviation 1 over the first rows.
func (f *Features) standardise(rows int) error {
	column := make([]float64, rows)
	for j := range f.Width {
		for i := range column {
			column[i] = float64(f.Values[i*f.Width+j])
		}
		mean, deviation := stat.PopMeanStdDev(column, nil)
		if !(deviation > 0) || math.IsInf(deviation, 0) {
			return fmt.Errorf("lab: feature %d: got the standard deviation %v over %d training pictures, want it finite and above 0", j, deviation, rows)
		}
		for i := j; i < len(f.Values); i += f.Width {
			f.Values[i] = float32((float64(f.Values[i]) - mean) / deviation)
		}
	}
	return nil
}

// Write writes the features as safetensors in half precision, whole or not at all.
func (f *Features) Write(path string) error {
	half := float16.FromFloat32s(f.Values...)
	file := weights.File{Meta: f.Meta, Tensors: map[string]*tensors.Tensor{
		tensorName: tensors.FromFlatDataAndDimensions(half, len(half)/f.Width, f.Width)}}
	return file.Write(path)
}

// ReadFeatures reads what Write wrote.
func ReadFeatures(path string) (*Features, error) {
	file, err := weights.Read(path)
	if err != nil {
		return nil, err
	}
	t := file.Tensors[tensorName]
	if t == nil || t.Rank() != 2 {
		return nil, fmt.Errorf("lab: %s: got no tensor %q of two dimensions, want the features of pictures as `kd lab features` writes them", path, tensorName)
	}
	half, err := tensors.CopyFlatData[float16.Float16](t)
	if err != nil {
		return nil, fmt.Errorf("lab: %s: tensor %s: %w", path, tensorName, err)
	}
	f := &Features{Width: t.Shape().Dimensions[1], Values: make([]float32, len(half)), Meta: file.Meta}
	for i, v := range half {
		if f.Values[i] = v.Float32(); f.Values[i]-f.Values[i] != 0 {
			return nil, fmt.Errorf("lab: %s: picture %d, feature %d: got %v, want a finite number", path, i/f.Width, i%f.Width, f.Values[i])
		}
	}
	return f, nil
}

// of refuses features of another split.
func (f *Features) of(manifest images.Manifest) error {
	if got, want := f.Meta[metaManifest], manifestSum(manifest); got != want {
		return fmt.Errorf("got features of the split %.12s, want those of %.12s, the manifest of", got, want)
	}
	return nil
}

// manifestSum is the SHA-256 of a split: ids, sets and labels in their order.
func manifestSum(m images.Manifest) string {
	var text strings.Builder
	for _, e := range m {
		fmt.Fprintf(&text, "%s,%s,%d\n", e.ID, e.Split, e.Label)
	}
	return sum([]byte(text.String()))
}

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

// sixDigits rounds a probability to six digits that count.
func sixDigits(p float64) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(p, 'g', 6, 64), 64) // its own text is a number
	return v
}
