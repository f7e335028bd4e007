package recipe

import (
	"errors"
	"fmt"
	"slices"

	"distillation/kdlib/images"
)

// Given is a teacher that comes from elsewhere instead of being trained: a file of its predictions, or a network of any kind in
// an ONNX file. The zero value means that there is none.
type Given struct {
	// Predictions is a CSV file with the columns id and p: the probability of "dog" for each picture of the split and no
	// others. Further columns are ignored; labels and sets are the split's.
	Predictions string `json:"answers,omitzero"`
	ONNX        ONNX   `json:"onnx,omitzero"`
	// Augment moves the test set for the evaluation with augmentation, which a file of predictions cannot give.
	Augment images.Augment `json:"augment,omitzero"`
}

// What an ONNX network takes and gives.
const (
	NHWC = "nhwc" // layout [n, height, width, 3]
	NCHW = "nchw" // layout [n, 3, height, width]

	Bytes    = "0..255"
	Unit     = "0..1"
	Centred  = "-1..1"
	ImageNet = "imagenet" // 0..1, minus the mean and over the standard deviation of ImageNet's colours

	Logit       = "logit"       // P(dog) is its sigmoid; of two columns, cat and dog, their softmax
	Probability = "probability" // P(dog); of two columns the second one
)

// ONNX names a network in an ONNX file and says what the file does not. Every field but the first may be left out if package
// onnx can read it from the file.
type ONNX struct {
	File   string `json:"file"`
	Size   int    `json:"size,omitzero"`   // width and height of the pictures that it takes
	Layout string `json:"layout,omitzero"` // NHWC or NCHW
	Values string `json:"values,omitzero"` // Bytes, Unit, Centred or ImageNet
	Output string `json:"output,omitzero"` // Logit or Probability
}

// Validate returns every fault of a given teacher.
func (g Given) Validate() error {
	errs := []error{g.Augment.Validate()}
	if g.Predictions != "" && g.ONNX != (ONNX{}) {
		errs = append(errs, fmt.Errorf("got both answers %q and onnx %+v, want one of them", g.Predictions, g.ONNX))
	}
	if g.Predictions != "" && g.Augment != (images.Augment{}) {
		errs = append(errs, fmt.Errorf("augment: got %+v, want none: a file of predictions has none on augmented pictures", g.Augment))
	}
	if g.Predictions == "" {
		errs = append(errs, prefixed("onnx", g.ONNX.Validate()))
	}
	return errors.Join(errs...)
}

// Validate returns every fault of the description of a network.
func (o ONNX) Validate() error {
	var errs []error
	if o.File == "" {
		errs = append(errs, errors.New("file: got an empty name"))
	}
	if o.Size < 0 || o.Size > MaxSize {
		errs = append(errs, fmt.Errorf("size: got %d, want 0 (as the model has it) or at most %d", o.Size, MaxSize))
	}
	for _, field := range []struct {
		name, value string
		allowed     []string
	}{
		{"layout", o.Layout, []string{"", NHWC, NCHW}},
		{"values", o.Values, []string{"", Bytes, Unit, Centred, ImageNet}},
		{"output", o.Output, []string{"", Logit, Probability}},
	} {
		if !slices.Contains(field.allowed, field.value) {
			errs = append(errs, fmt.Errorf("%s: got %q, want one of %q", field.name, field.value, field.allowed))
		}
	}
	return errors.Join(errs...)
}

// validateTeacher wants a teacher in exactly one way: trained by the recipe Teacher, or Given.
func (s Study) validateTeacher() error {
	switch trained, given := !s.Teacher.IsZero(), s.Given != (Given{}); {
	case trained && given:
		return fmt.Errorf("teacher, given: got both, want one: a teacher that is given is not trained")
	case given:
		return prefixed("given", s.Given.Validate())
	}
	return prefixed("teacher", s.Teacher.Validate())
}
