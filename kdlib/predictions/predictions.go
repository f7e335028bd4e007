// Package predictions keeps predictions on disk, one file per model and set. Every
// table and every plot is a function of these files.
//
// The format is CSV with a header and the columns
//
//	id     name of the picture, unique in the file, such as cat.17
//	set    train, validation or test
//	label  ground-truth label (the paper: hand label) in [0, 1]: 0 is cat, 1 is dog
//	p      the model's probability of "dog", in [0, 1]
//	logit  the finite number that p is the sigmoid of; networks write it, files without the column are as good
//
// In float64 a p of 1 - 1e-17 is 1, and what it costs a cat is lost; the logit keeps it. A model that looks at the mirror image of
// each picture, too, has
//
//	p_mirrored  the mean of p and of its probability on the mirror image, in [0, 1]
//
// Of other classes than cats and dogs, classes.json in the folder names the labels (see ReadClasses).
package predictions

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Split names a part of the data.
type Split string

// The parts of the paper's 70/15/15 split.
const (
	Train      Split = "train"
	Validation Split = "validation"
	Test       Split = "test"
)

// ParseSplit returns the set with that name.
func ParseSplit(name string) (Split, error) {
	switch s := Split(name); s {
	case Train, Validation, Test:
		return s, nil
	}
	return "", fmt.Errorf("predictions: set: got %q, want %q, %q or %q", name, Train, Validation, Test)
}

// CheckID returns an error unless id can name a picture: it is not empty, is UTF-8, and has no control characters, because CSV
// does not keep every line break.
func CheckID(id string) error {
	if !utf8.ValidString(id) {
		return fmt.Errorf("got %q, want UTF-8", id)
	}
	if id == "" || strings.ContainsFunc(id, unicode.IsControl) {
		return fmt.Errorf("got %q, want a name without control characters", id)
	}
	return nil
}

// Row is the prediction for one picture.
type Row struct {
	ID    string  // name of the picture, see CheckID
	Split Split   // the part of the data that it belongs to
	Label float64 // ground-truth label in [0, 1]: 0 is cat, 1 is dog
	P     float64 // the model's probability of "dog", in [0, 1]

	Logit    float64 // the finite number that P is the sigmoid of, if that is known
	HasLogit bool    // whether it is: of all rows of a file or of none
}

// Table is a file of predictions, in the order of its lines.
type Table []Row

// P are the predictions, in order.
func (t Table) P() []float64 {
	p := make([]float64, len(t))
	for i, row := range t {
		p[i] = row.P
	}
	return p
}

// Logits are the logits of the predictions, in order; nil where they are not known.
func (t Table) Logits() []float64 {
	if !t.hasLogits() {
		return nil
	}
	z := make([]float64, len(t))
	for i, row := range t {
		z[i] = row.Logit
	}
	return z
}

func (t Table) hasLogits() bool { return len(t) > 0 && t[0].HasLogit }

// Labels are the ground-truth labels, in order.
func (t Table) Labels() []float64 {
	y := make([]float64, len(t))
	for i, row := range t {
		y[i] = row.Label
	}
	return y
}

// IDs are the names of the pictures, in order.
func (t Table) IDs() []string {
	ids := make([]string, len(t))
	for i, row := range t {
		ids[i] = row.ID
	}
	return ids
}
