package study

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"
	"distillation/kdlib/train"

	"github.com/gomlx/compute"
)

// Pictures are decoded pictures to ask networks about: with or without classes, and without sets.
type Pictures struct {
	Source *images.Source
	Cache  *images.Cache
	dir    string // of a cache that is this value's own
}

// OpenPictures opens one picture, or a folder or archive of them, as images.OpenAny does, decoded at o.Data.Size. With a layout,
// classes are told by it, and what has none is left out. What is decoded is kept in o.CacheDir for pictures that a study may have:
// those with classes; o.Manifest has no effect. Broken pictures are said and left out.
func OpenPictures(ctx context.Context, o CollectionOptions) (p *Pictures, err error) {
	p = &Pictures{}
	if o.Data.Layout == images.AnyLayout {
		p.Source, err = images.OpenAny(o.Pictures)
	} else {
		p.Source, err = images.OpenAs(o.Pictures, o.Data.Layout)
	}
	if err != nil {
		return nil, err
	}
	if o.CacheDir == "" || p.Source.Classes() == [2]string{} {
		if p.dir, err = os.MkdirTemp("", "kdlib-"); err != nil {
			return nil, errors.Join(fmt.Errorf("study: %w", err), p.Close())
		}
		o.CacheDir = p.dir
	}
	if p.Cache, err = openCache(ctx, p.Source, o, o.Data.Size); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Close releases the pictures and forgets what was decoded for them alone.
func (p *Pictures) Close() error {
	err := p.Source.Close()
	if p.Cache != nil {
		err = errors.Join(err, p.Cache.Close())
	}
	if p.dir != "" {
		err = errors.Join(err, os.RemoveAll(p.dir))
	}
	return err
}

// Predict returns a model's predictions on all pictures that could be decoded; their rows have no set and no label.
func (p *Pictures) Predict(ctx context.Context, model Model, how dataset.PredictOptions) (predictions.Table, error) {
	data := dataset.Data{Pictures: p.Cache}
	for _, picture := range p.Source.Pictures() {
		if _, ok := p.Cache.Image(picture.ID); ok {
			data.Examples = append(data.Examples, dataset.Example{ID: picture.ID})
		}
	}
	predicted, err := model.Predict(ctx, data, how)
	if err != nil {
		return nil, err
	}
	return tableOf(data, "", predicted), nil
}

// Answers are what models of a study say of pictures.
type Answers struct {
	Classes [2]string   // that the study tells apart
	IDs     []string    // of the pictures
	Models  []string    // that were asked
	P       [][]float64 // of each model and picture: the probability of Classes[1]
	Shown   [][]uint8   // each picture as the students see it, [Size, Size, 3] in [0, 255]; notebook.Asked displays them
	Size    int         // width and height of Shown
	Notes   []string    // about models that could not be asked, and broken pictures
}

// Question says which models are asked about which pictures.
type Question struct {
	Study    string   // folder of the study
	Pictures string   // one picture, or a folder or archive of them, as OpenPictures opens them
	Models   []string // of the study; none: all main ones
}

// Ask asks models of a study about pictures. A teacher that was given as a file of predictions cannot be asked, nor can a network
// whose file is gone: a note says so.
func Ask(ctx context.Context, backend compute.Backend, q Question) (*Answers, error) {
	run, err := folder.Open(q.Study)
	if err != nil {
		return nil, err
	}
	models := q.Models
	if len(models) == 0 {
		models = run.MainModels()
	}
	a := &asking{run: run, backend: backend, pictures: q.Pictures}
	for _, name := range models {
		if err := a.ask(ctx, name); err != nil {
			return nil, err
		}
	}
	if err := a.show(ctx); err != nil {
		return nil, err
	}
	return &a.Answers, a.classes()
}

// asking is an Ask under way.
type asking struct {
	Answers
	run      *folder.Study
	backend  compute.Backend
	pictures string
}

// noting is a reporter that keeps what is said once: pictures are opened at several sizes.
type noting struct {
	Reporter
	answers *Answers
}

func (n noting) Say(format string, args ...any) {
	if line := fmt.Sprintf(format, args...); !slices.Contains(n.answers.Notes, line) {
		n.answers.Notes = append(n.answers.Notes, line)
	}
}

func (noting) Progress(string, int, int) {}

func (a *asking) open(ctx context.Context, size int) (*Pictures, error) {
	return OpenPictures(ctx, CollectionOptions{Pictures: a.pictures, Data: recipe.Data{Size: size}, Report: noting{answers: &a.Answers}})
}

// ask adds the answers of one model, or a note.
func (a *asking) ask(ctx context.Context, name string) error {
	model, size, err := a.model(name)
	if err != nil || model == nil {
		return err
	}
	defer model.Finalize()
	pictures, err := a.open(ctx, size)
	if err != nil {
		return err
	}
	defer pictures.Close()
	rows, err := pictures.Predict(ctx, model, dataset.PredictOptions{Batch: a.run.Recipe.Student.Batch})
	if err != nil {
		return fmt.Errorf("study: %s: %w", name, err)
	}
	a.Models, a.P, a.IDs = append(a.Models, name), append(a.P, rows.P()), rows.IDs()
	return nil
}

// closing is a model that can be closed.
type closing interface {
	Model
	Finalize()
}

// model opens a model of the study and says at which size it sees pictures. One that cannot be asked is nil, with a note.
func (a *asking) model(name string) (closing, int, error) {
	size := a.run.Recipe.Data.Size
	if err := a.run.CheckModel(name); err != nil {
		return nil, 0, err
	}
	switch {
	case !a.run.Given(name):
		m, err := train.Best(a.backend, filepath.Join(a.run.Dir, name))
		if err != nil {
			return nil, 0, err
		}
		return m, size, nil
	case a.run.Recipe.Given.Predictions != "":
		a.Notes = append(a.Notes, "The "+name+" was given as a file of predictions: it cannot be asked about other pictures.")
		return nil, 0, nil
	}
	is := a.run.Recipe.Given.ONNX
	file, err := a.file(is.File)
	if err != nil {
		a.Notes = append(a.Notes, fmt.Sprintf("The %s cannot be asked: %v.", name, err))
		return nil, 0, nil
	}
	is.File = file
	m, err := onnx.Open(a.backend, is)
	if err != nil {
		return nil, 0, err
	}
	if m.Is.Size != 0 {
		size = m.Is.Size
	}
	return m, size, nil
}

// file finds the file of a given teacher: where the recipe says, or below a folder that the study lies in, as after a run from the
// checkout's root. It must be the one that taught.
func (a *asking) file(name string) (string, error) {
	source, err := a.run.GivenSource()
	if err != nil {
		return "", err
	}
	dir, err := filepath.Abs(a.run.Dir)
	if err != nil {
		return "", err
	}
	places := []string{name}
	for ; !filepath.IsAbs(name) && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		places = append(places, filepath.Join(dir, name))
	}
	for _, place := range places {
		content, err := os.ReadFile(place)
		if err != nil {
			continue
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != source.Sum {
			return "", fmt.Errorf("%s is not the file that taught", place)
		}
		return place, nil
	}
	return "", fmt.Errorf("%s is not there any more", name)
}

// show keeps the pictures as the students see them.
func (a *asking) show(ctx context.Context) error {
	a.Size = a.run.Recipe.Data.Size
	pictures, err := a.open(ctx, a.Size)
	if err != nil {
		return err
	}
	defer pictures.Close()
	if a.IDs == nil { // no model could be asked
		for _, p := range pictures.Source.Pictures() {
			if _, ok := pictures.Cache.Image(p.ID); ok {
				a.IDs = append(a.IDs, p.ID)
			}
		}
	}
	for _, id := range a.IDs {
		pixels, _ := pictures.Cache.Image(id) // decoded at every size or at none
		a.Shown = append(a.Shown, slices.Clone(pixels))
	}
	return nil
}

func (a *asking) classes() (err error) {
	a.Classes, err = predictions.ReadClasses(a.run.Dir)
	if errors.Is(err, os.ErrNotExist) {
		a.Classes, err = predictions.CatDog, nil
	}
	return err
}

// Pictures are the pictures as the students see them, and their captions.
func (a *Answers) Pictures() (shown [][]uint8, size int, captions []string) {
	return a.Shown, a.Size, a.IDs
}

// Table has a row for each picture and a column for each model: the probability of the second class.
func (a *Answers) Table() table.Table {
	t := table.Table{Title: fmt.Sprintf("Probability of “%s” (else it is “%s”)", a.Classes[1], a.Classes[0]),
		Columns: []table.Column{table.Text("picture")}, Notes: a.Notes}
	for _, model := range a.Models {
		t.Columns = append(t.Columns, table.Number(model))
	}
	for i, id := range a.IDs {
		cells := []string{id}
		for k := range a.Models {
			cells = append(cells, table.Fixed(a.P[k][i], 3))
		}
		t.Add(cells...)
	}
	return t
}
