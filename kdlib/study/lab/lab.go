// Package lab decides questions about labels in minutes. Its students are small: a dense layer on features of the pictures that are
// computed once, so that twenty of them, each from a seed of its own, train together as one program while a ResNet makes a few steps.
//
// All kinds of students of one seed start from the same weights and see the pictures in the same order: they differ in their labels
// alone, so that differences within a seed say what labels do, and package paired says how sure they are.
//
// Features come from any network in an ONNX file, see Extraction. The experiments are listed by Experiments.
package lab

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"

	"distillation/kdlib/images"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/folder"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// Lab holds pictures as features, their ground truth, and a teacher's predictions on them.
type Lab struct {
	Manifest images.Manifest // train, validation and test set, in this order
	Teacher  []float64       // P(dog) of each picture of the manifest
	Width    int             // features of a picture

	backend  compute.Backend
	sets     map[predictions.Split]set
	programs map[shape]*program
	known    map[[sha256.Size]byte][]Student // of fits that were made, see Fit
}

// set is a part of the pictures.
type set struct {
	from, n  int             // places in the manifest
	features *tensors.Tensor // float32 [n, Width]
}

// Open reads features and, from the folder of a study, the split and the teacher's predictions. It is an error if the features are
// of another split, or if the teacher has not predicted each of its pictures.
func Open(backend compute.Backend, features, study string) (*Lab, error) {
	manifest, err := images.ReadManifest(filepath.Join(study, folder.ManifestFile))
	if err != nil {
		return nil, err
	}
	found, err := ReadFeatures(features)
	if err != nil {
		return nil, err
	}
	if err := found.of(manifest); err != nil {
		return nil, fmt.Errorf("lab: %s: %w %s", features, err, study)
	}
	teacher, err := readTeacher(study, manifest)
	if err != nil {
		return nil, err
	}
	return New(backend, manifest, found, teacher)
}

// New makes a lab of what Open reads.
func New(backend compute.Backend, manifest images.Manifest, features *Features, teacher []float64) (*Lab, error) {
	if len(teacher) != len(manifest) || len(features.Values) != len(manifest)*features.Width || features.Width < 1 {
		return nil, fmt.Errorf("lab: got %d pictures, %d numbers as %d features each and %d predictions of the teacher, want one of each for each picture",
			len(manifest), len(features.Values), features.Width, len(teacher))
	}
	l := &Lab{Manifest: manifest, Teacher: teacher, Width: features.Width, backend: backend, sets: map[predictions.Split]set{}, programs: map[shape]*program{}, known: map[[sha256.Size]byte][]Student{}}
	at := 0
	for _, split := range folder.Splits {
		from := at
		for at < len(manifest) && manifest[at].Split == split {
			at++
		}
		if at == from {
			return nil, fmt.Errorf("lab: the %s set is empty, or not in its place: want train, validation and test set, in this order", split)
		}
		l.sets[split] = set{from, at - from, tensors.FromFlatDataAndDimensions(features.Values[from*l.Width:at*l.Width], at-from, l.Width)}
	}
	if at != len(manifest) {
		return nil, fmt.Errorf("lab: picture %s of the %s set stands after the test set, want train, validation and test set, in this order", manifest[at].ID, manifest[at].Split)
	}
	return l, nil
}

// Close frees the features and the compiled programs.
func (l *Lab) Close() error {
	var errs []error
	for _, s := range l.sets {
		errs = append(errs, s.features.FinalizeAll())
	}
	for _, p := range l.programs {
		p.finalize()
	}
	return errors.Join(errs...)
}

// readTeacher reads a teacher's predictions on all sets of a study, in the order of its manifest.
func readTeacher(study string, manifest images.Manifest) ([]float64, error) {
	var all []float64
	for _, split := range folder.Splits {
		path := folder.PredictionPath(study, paper.Teacher, split)
		predicted, err := predictions.Read(path)
		if err != nil {
			return nil, err
		}
		for i, row := range predicted {
			at := len(all)
			if at >= len(manifest) || manifest[at].ID != row.ID {
				return nil, fmt.Errorf("lab: %s: row %d: got %s, want the pictures of the manifest in its order", path, i+1, row.ID)
			}
			all = append(all, row.P)
		}
	}
	if len(all) != len(manifest) {
		return nil, fmt.Errorf("lab: %s: got the teacher's predictions on %d pictures, want %d", study, len(all), len(manifest))
	}
	return all, nil
}

// Truth are the ground-truth labels of all pictures, 0 or 1.
func (l *Lab) Truth() []float64 { return truthOf(l.Manifest) }

func truthOf(m images.Manifest) []float64 {
	y := make([]float64, len(m))
	for i, e := range m {
		y[i] = float64(e.Label)
	}
	return y
}

// Train is the number of training pictures, which stand first.
func (l *Lab) Train() int { return l.sets[predictions.Train].n }

// Table are predictions P(dog) on all pictures as rows of a set. Digits behind the sixth that counts are left out: they make a file
// twice as long.
func (l *Lab) Table(p []float64, split predictions.Split) predictions.Table {
	s := l.sets[split]
	rows := make(predictions.Table, s.n)
	for i := range rows {
		e := l.Manifest[s.from+i]
		rows[i] = predictions.Row{ID: e.ID, Split: split, Label: float64(e.Label), P: sixDigits(p[s.from+i])}
	}
	return rows
}
