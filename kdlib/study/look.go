package study

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"distillation/kdlib/dataset"
	"distillation/kdlib/explain"
	"distillation/kdlib/explain/attribution"
	"distillation/kdlib/images"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train"

	"github.com/gomlx/compute"
)

// Names of the methods of attribution.
const (
	GradCAM   = "gradcam"
	Occlusion = "occlusion"
)

// Looking says which networks are explained on which pictures, and how.
type Looking struct {
	Networks []string    // each the folder of a study (its main models and their repetitions), that of a training run, or an ONNX file
	ONNX     recipe.ONNX // what ONNX files do not say of themselves

	Pictures string // folder or archive
	Layout   images.Layout
	CacheDir string // of decoded pictures; "": nothing is kept
	Manifest string // split, whose labels are taken; "": all pictures, without labels
	Split    predictions.Split
	IDs      []string // of these pictures; none: of all
	First    int      // no more than so many of each class; 0: all

	Method    string  // GradCAM or Occlusion
	Stage     string  // of networks of this library; "": the last
	ONNXStage string  // of ONNX files
	Window    float64 // of Occlusion: side of the cover beside the picture's; 0: a quarter
	Stride    float64 // of Occlusion; 0: half of the cover
	Batch     int     // pictures at a time
	Random    bool    // adds a network with random weights for each kind of network of this library

	Report Reporter
}

// Look explains the networks: each sees the pictures at its own size. Of a study, teachers that were given as predictions, and models whose
// weights are gone, are left out with a note.
func Look(ctx context.Context, backend compute.Backend, how Looking) (*explain.Looks, error) {
	if how.Method != GradCAM && how.Method != Occlusion {
		return nil, fmt.Errorf("study: method: got %q, want %s or %s", how.Method, GradCAM, Occlusion)
	}
	l := &looking{how: how, backend: backend, looks: explain.Looks{Classes: predictions.CatDog, How: how.title()}}
	for _, path := range how.Networks {
		if err := l.path(ctx, path); err != nil {
			return nil, err
		}
	}
	for _, t := range l.twins {
		if err := l.look(ctx, explain.RandomName(t.of), t.Model, t.Size); err != nil {
			return nil, err
		}
	}
	if len(l.looks.Networks) == 0 {
		return nil, fmt.Errorf("study: %q: no network can be explained: %s", how.Networks, strings.Join(l.looks.Notes, " "))
	}
	return &l.looks, nil
}

func (how Looking) title() string {
	if how.Method == GradCAM && how.Stage != "" {
		return "Grad-CAM of " + how.Stage
	}
	return map[string]string{GradCAM: "Grad-CAM", Occlusion: "occlusion"}[how.Method]
}

// looking is a Look under way.
type looking struct {
	how     Looking
	backend compute.Backend
	looks   explain.Looks
	chosen  []dataset.Example // the pictures, known from the first network on
	twins   []twin
}

// twin has the network of a model and random weights.
type twin struct {
	of string
	*train.Model
}

// explainable is a network that can be asked, explained and closed.
type explainable interface {
	closing
	attribution.Network
}

// IsONNX tells whether a path is taken for an ONNX file, by its ending.
func IsONNX(path string) bool { return strings.EqualFold(filepath.Ext(path), ".onnx") }

// path explains what lies there.
func (l *looking) path(ctx context.Context, path string) error {
	if IsONNX(path) {
		is := l.how.ONNX
		is.File = path
		m, err := onnx.Open(l.backend, is)
		if err != nil {
			return err
		}
		name, _, _ := strings.Cut(filepath.Base(path), ".")
		return l.look(ctx, name, m, m.Is.Size)
	}
	if _, err := os.Stat(filepath.Join(path, folder.StudyFile)); err == nil {
		return l.study(ctx, path)
	}
	m, err := train.Best(l.backend, path)
	if err != nil {
		return err
	}
	return l.trained(ctx, filepath.Base(filepath.Clean(path)), m, m.Size)
}

// study explains the main models of a study, and their repetitions.
func (l *looking) study(ctx context.Context, dir string) error {
	run, err := folder.Open(dir)
	if err != nil {
		return err
	}
	a := &asking{run: run, backend: l.backend}
	if err := a.classes(); err != nil {
		return err
	}
	l.looks.Classes = a.Classes
	for _, name := range withRepetitions(run) {
		model, size, err := a.model(name)
		if errors.Is(err, os.ErrNotExist) {
			l.looks.Notes = append(l.looks.Notes, fmt.Sprintf("The %s cannot be explained without its weights: %v.", name, err))
			continue
		}
		if err != nil {
			return err
		}
		switch m := model.(type) {
		case nil:
		case *train.Model:
			err = l.trained(ctx, name, m, size)
		case explainable:
			err = l.look(ctx, name, m, size)
		}
		if err != nil {
			return err
		}
	}
	l.looks.Notes = append(l.looks.Notes, a.Notes...)
	return nil
}

// withRepetitions are the main models of a study, each student with those from other seeds.
func withRepetitions(run *folder.Study) []string {
	names := []string{paper.Teacher}
	for _, student := range run.MainModels()[1:] {
		names = append(names, run.Seeds(student)...)
	}
	return names
}

// trained explains a network of this library. If it is asked for, and there is none yet, the same one with random weights comes last.
func (l *looking) trained(ctx context.Context, name string, m *train.Model, size int) error {
	n := m.Network
	has := slices.ContainsFunc(l.twins, func(t twin) bool { return t.Network == n })
	if err := l.look(ctx, name, m, size); err != nil || !l.how.Random || has {
		return err
	}
	random, err := train.New(l.backend, n, train.Start{Size: size, Seed: 1})
	if err != nil {
		return err
	}
	l.twins = append(l.twins, twin{name, random})
	return nil
}

// look adds what a network sees, and closes it.
func (l *looking) look(ctx context.Context, name string, m explainable, size int) error {
	defer m.Finalize()
	pictures, err := OpenPictures(ctx, CollectionOptions{Pictures: l.how.Pictures, CacheDir: l.how.CacheDir, Data: recipe.Data{Size: size, Layout: l.how.Layout}, Report: l.how.Report})
	if err != nil {
		return err
	}
	defer pictures.Close()
	data, err := l.data(pictures)
	if err != nil {
		return err
	}
	predicted, err := m.Predict(ctx, data, dataset.PredictOptions{Batch: l.how.Batch})
	if err != nil {
		return fmt.Errorf("study: %s: %w", name, err)
	}
	method, free := l.method(m, size)
	defer free()
	maps, err := attribution.Of(ctx, method, data, dataset.PredictOptions{Batch: l.how.Batch, Progress: func(done, total int) { l.how.Report.Progress("maps of "+name, done, total) }})
	if err != nil {
		return fmt.Errorf("study: %s: %w", name, err)
	}
	l.looks.Networks = append(l.looks.Networks, explain.Look{Name: name, P: predicted.P, Maps: maps})
	l.show(data, size)
	return nil
}

func (l *looking) method(m explainable, size int) (method attribution.Method, free func()) {
	if l.how.Method == Occlusion {
		pixels := func(part float64) int { return int(part*float64(size) + 0.5) }
		return attribution.Occlusion{Network: m, Window: pixels(l.how.Window), Stride: pixels(l.how.Stride)}, func() {}
	}
	stage := l.how.Stage
	if _, elsewhere := m.(*onnx.Model); elsewhere {
		stage = l.how.ONNXStage
	}
	g := attribution.NewGradCAM(m, stage)
	return g, g.Finalize
}

// data are the chosen pictures as a network sees them.
func (l *looking) data(pictures *Pictures) (dataset.Data, error) {
	if l.chosen == nil {
		all, err := l.examples(pictures)
		if err != nil {
			return dataset.Data{}, err
		}
		if l.chosen, err = l.how.choose(all); err != nil {
			return dataset.Data{}, err
		}
		for _, e := range l.chosen {
			l.looks.IDs, l.looks.Labels = append(l.looks.IDs, e.ID), append(l.looks.Labels, int(e.Label))
		}
	}
	return dataset.Data{Pictures: pictures.Cache, Examples: l.chosen}, nil
}

// choose takes the pictures that are asked for.
func (how Looking) choose(all []dataset.Example) (chosen []dataset.Example, err error) {
	for _, id := range how.IDs {
		i := slices.IndexFunc(all, func(e dataset.Example) bool { return e.ID == id })
		if i < 0 {
			return nil, fmt.Errorf("study: %s: got picture %q, which is not among the %d pictures", how.Pictures, id, len(all))
		}
		chosen = append(chosen, all[i])
	}
	if how.IDs != nil {
		return chosen, nil
	}
	var taken [2]int
	for _, e := range all {
		if class := int(e.Label); how.First == 0 || taken[class] < how.First {
			taken[class]++
			chosen = append(chosen, e)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("study: %s: got no picture to explain", how.Pictures)
	}
	return chosen, nil
}

// examples are the pictures of the split, or all.
func (l *looking) examples(pictures *Pictures) (all []dataset.Example, err error) {
	if l.how.Manifest == "" {
		for _, p := range pictures.Source.Pictures() {
			if _, ok := pictures.Cache.Image(p.ID); ok {
				all = append(all, dataset.Example{ID: p.ID})
			}
		}
		return all, nil
	}
	manifest, err := images.ReadManifest(l.how.Manifest)
	if err != nil {
		return nil, err
	}
	for _, e := range manifest.Of(l.how.Split) {
		all = append(all, dataset.Example{ID: e.ID, Label: float32(e.Label)})
	}
	return all, nil
}

// show keeps the pictures as the largest network sees them.
func (l *looking) show(data dataset.Data, size int) {
	if size <= l.looks.Size {
		return
	}
	l.looks.Size, l.looks.Shown = size, nil
	for _, e := range data.Examples {
		pixels, _ := data.Pictures.Image(e.ID) // there: it was explained
		l.looks.Shown = append(l.looks.Shown, slices.Clone(pixels))
	}
}
