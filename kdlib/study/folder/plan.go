package folder

import (
	"path"
	"path/filepath"
	"slices"

	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train/history"
)

// Timing is the part of a study that is no model: section 4.1. No model needs it.
const Timing = "timing"

// Plan says what a study consists of, for whoever makes its parts in several processes.
type Plan struct {
	Sizes []int  `json:"sizes"` // of the decoded pictures; a teacher that is given may want another one
	Parts []Part `json:"parts"`
}

// Part is one model or Timing. Its files are named by their path below the study's folder, with slashes.
type Part struct {
	Name  string   `json:"name"`
	Needs []string `json:"needs"` // files of other parts
	Makes []string `json:"makes"` // all of them are there when it is finished; never the checkpoint, with which it goes on
}

// Plan lists the parts, each after those that it needs.
func (r *Study) Plan() Plan {
	p := Plan{Sizes: r.sizes()}
	for _, model := range r.Models() {
		part := Part{Name: model, Needs: []string{}}
		for _, file := range r.Files(model) {
			part.Makes = append(part.Makes, below(file))
		}
		if teacher, rule, ok := r.LabelSource(model); ok && rule.NeedsTeacher() {
			for _, split := range []predictions.Split{predictions.Train, predictions.Validation} {
				part.Needs = append(part.Needs, below(PredictionPath(r.Dir, teacher, split)))
			}
		}
		p.Parts = append(p.Parts, part)
	}
	if r.Recipe.Timing != (recipe.Timing{}) {
		p.Parts = append(p.Parts, Part{Timing, []string{}, []string{TimingFile}})
	}
	return p
}

// sizes are those at which the pictures are decoded.
func (r *Study) sizes() []int {
	sizes := append(r.Recipe.EarlySizes(), r.Recipe.Data.Size)
	if r.Recipe.Data.GroupDuplicates {
		sizes = append(sizes, images.DuplicateSize)
	}
	slices.Sort(sizes)
	return slices.Compact(sizes)
}

// Files lists the files that a finished model has: its predictions and, of one that was trained, its history.
func (r *Study) Files(model string) []string {
	files := r.PredictionFiles(model)
	if !r.Given(model) {
		files = append(files, filepath.Join(r.Dir, model, history.File))
	}
	return files
}

// below is the name of a model's file as Part has it.
func below(file string) string {
	return path.Join(filepath.Base(filepath.Dir(file)), filepath.Base(file))
}
