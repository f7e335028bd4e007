// Package gallery finds the pictures behind a number, and shows them beside what the models say of them: those of a bin of the
// histogram, of a field of the confusion table, those that two models dispute, the most doubtful ones, those that all models
// get right or wrong.
//
//	all, err := gallery.New(study, gallery.Options{Split: predictions.Test, Models: []string{"teacher", "soft"}, CacheDir: "datasets/cache"})
//	chosen, err := all.Disputed("teacher", "soft", 0.5)
//	fragment, err := chosen.HTML()
//
// Every choice keeps the predictions of all models, and is in the order of one model's p.
package gallery

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
)

// Options say which pictures a gallery begins with.
type Options struct {
	Split    predictions.Split
	Models   []string // whose predictions are shown; all that are asked by name later
	CacheDir string   // folder of decoded pictures, see folder.Study.OpenPictures; "": names and predictions alone
}

// Gallery is some pictures of a set, and what models say of them.
type Gallery struct {
	Title     string    // which pictures these are
	Models    []string  // whose predictions are shown
	Classes   [2]string // the names of the labels 0 and 1
	Threshold float64   // at which predictions are right or wrong
	Pictures  []Picture
	Cache     *images.Cache // where the pixels are; nil: nowhere
}

// Picture is a picture with its hand label and the models' predictions.
type Picture struct {
	ID    string
	Label float64   // the hand label (ground truth), in [0, 1]
	P     []float64 // each model's probability of class 1
}

// New is a gallery of all pictures of a set, in the order of the first model's file of predictions, with the predictions of one
// model or more at the threshold 0.5. If CacheDir does not hold the study's pictures, it has none.
func New(run *analysis.Study, o Options) (Gallery, error) {
	if len(o.Models) == 0 {
		return Gallery{}, fmt.Errorf("gallery: models: got none, want some of %q", run.Models())
	}
	tables, err := run.Aligned(o.Split, o.Models...)
	if err != nil {
		return Gallery{}, err
	}
	g := Of(fmt.Sprintf("%s set", o.Split), o.Models, tables...)
	if g.Classes, err = run.Classes(tables[0]); err != nil {
		return Gallery{}, err
	}
	if o.CacheDir != "" {
		if g.Cache, err = run.OpenPictures(o.CacheDir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Gallery{}, err
		}
	}
	return g, nil
}

// Of is a gallery of predictions from anywhere, at the threshold 0.5: a table for each model, all with the same pictures in the same
// order. It has no pictures, until its Cache is set, and the classes cat and dog.
func Of(title string, models []string, tables ...predictions.Table) Gallery {
	g := Gallery{Title: title, Models: models, Classes: predictions.CatDog, Threshold: distill.Threshold}
	for i, row := range tables[0] {
		p := make([]float64, len(tables))
		for k := range tables {
			p[k] = tables[k][i].P
		}
		g.Pictures = append(g.Pictures, Picture{row.ID, row.Label, p})
	}
	return g
}

// class is the class of the hand label: 1 above one half.
func (p Picture) class() int { return distill.Class(p.Label, distill.Threshold) }

// right tells whether model number k gives the picture its hand label at a threshold.
func (p Picture) right(k int, threshold float64) bool {
	return distill.Class(p.P[k], threshold) == p.class()
}

// model is the place of a model's predictions.
func (g Gallery) model(name string) (int, error) {
	k := slices.Index(g.Models, name)
	if k < 0 {
		return 0, fmt.Errorf("gallery: model: got %q, want one of %q", name, g.Models)
	}
	return k, nil
}
