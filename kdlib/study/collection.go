package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
)

// Collection is a set of pictures ready for training: where they are, their decoded pixels, their split.
type Collection struct {
	Source   *images.Source
	Cache    *images.Cache
	Manifest images.Manifest
	drawn    bool // the split is new: no manifest was there to read
}

// OpenCollection opens the pictures of a folder, zip or tar. What is missing is made: the decoded
// pictures of data.Size below cacheDir, and the split at manifestPath. Broken pictures are said and left out.
// Pictures that are not those of the split any more are an error.
func OpenCollection(ctx context.Context, pictures, cacheDir, manifestPath string, data recipe.Data, report Reporter) (*Collection, error) {
	c, err := openDecoded(ctx, pictures, cacheDir, manifestPath, data, report)
	if err != nil {
		return nil, err
	}
	if err := c.keep(manifestPath); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// openDecoded is OpenCollection without what it writes beside the manifest.
func openDecoded(ctx context.Context, pictures, cacheDir, manifestPath string, data recipe.Data, report Reporter) (*Collection, error) {
	source, err := images.Open(pictures)
	if err != nil {
		return nil, err
	}
	c := &Collection{Source: source}
	if c.Cache, err = openCache(ctx, source, pictures, cacheDir, data.Size, report); err != nil {
		source.Close()
		return nil, err
	}
	if err := c.split(pictures, manifestPath, data, report); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// keep writes a split that is new and compares its pictures with those of the first time.
func (c *Collection) keep(manifestPath string) error {
	if c.drawn {
		if err := c.Manifest.Write(manifestPath); err != nil {
			return err
		}
	}
	return c.unchanged(manifestPath)
}

// Close releases the pictures and their cache.
func (c *Collection) Close() error { return errors.Join(c.Cache.Close(), c.Source.Close()) }

// split reads the manifest of an earlier run at path, or draws it of all pictures, of which those that could not be decoded
// are then left out.
func (c *Collection) split(pictures, path string, data recipe.Data, report Reporter) error {
	manifest, err := images.ReadManifest(path)
	if c.drawn = errors.Is(err, fs.ErrNotExist); c.drawn {
		var leftOut int
		if manifest, leftOut, err = images.SplitReadable(c.Source.Pictures(), c.readable, data.Pictures, data.Seed); err != nil {
			classes := c.Source.Classes()
			return fmt.Errorf("study: %s: of the classes %s (0) and %s (1): %w", pictures, classes[0], classes[1], err)
		}
		if leftOut > 0 {
			report.Say("%s: %d pictures of the split cannot be read: it has %d", path, leftOut, len(manifest))
		}
	}
	if err != nil {
		return err
	}
	for _, e := range manifest {
		if _, ok := c.Cache.Image(e.ID); !ok {
			return fmt.Errorf("study: %s: picture %s is not among the decoded pictures", path, e.ID)
		}
	}
	c.Manifest = manifest
	return nil
}

func (c *Collection) readable(p images.Picture) bool {
	_, ok := c.Cache.Image(p.ID)
	return ok
}

// ByHand returns a set with its hand labels.
func (c *Collection) ByHand(set predictions.Set) dataset.Data {
	entries := c.Manifest.Of(set)
	examples := make([]dataset.Example, len(entries))
	for i, e := range entries {
		examples[i] = dataset.Example{ID: e.ID, Label: float32(e.Label)}
	}
	return dataset.Data{Pictures: c.Cache, Examples: examples}
}

// Lessons returns what a network is trained and chosen by: the train and the validation set, both with the
// labels of the lesson (section 3.2).
func (c *Collection) Lessons(from *Lesson) (train, validation dataset.Data, err error) {
	if train, err = c.Taught(predictions.Train, from); err != nil {
		return train, validation, err
	}
	validation, err = c.Taught(predictions.Validation, from)
	return train, validation, err
}

// Taught returns a set with the labels that a lesson makes of a teacher's answers on it. A nil lesson
// means hand labels.
func (c *Collection) Taught(set predictions.Set, from *Lesson) (dataset.Data, error) {
	data := c.ByHand(set)
	if from == nil {
		return data, nil
	}
	if from.Rule != nil && !from.Rule.NeedsTeacher() {
		return dataset.Relabel(data, from.Rule, nil)
	}
	path := from.Answers(set)
	answers, err := predictions.Read(path)
	if err != nil {
		return dataset.Data{}, err
	}
	if from.Rule == nil {
		data, err = dataset.WithTeacher(data, answers)
	} else {
		data, err = dataset.Relabel(data, from.Rule, answers)
	}
	if err != nil {
		return data, fmt.Errorf("study: %s: %s set: %w", path, set, err)
	}
	return data, nil
}

// Model answers with the probability of "dog" for every example. *train.Model and *onnx.Model do.
type Model interface {
	Predict(ctx context.Context, data dataset.Data, batch int, draw dataset.Draw, progress dataset.Progress) ([]float64, error)
}

// Answers returns a model's answers on a set, in the order of the manifest.
func (c *Collection) Answers(ctx context.Context, model Model, set predictions.Set, batch int, draw dataset.Draw, progress dataset.Progress) (predictions.Table, error) {
	data := c.ByHand(set)
	p, err := model.Predict(ctx, data, batch, draw, progress)
	if err != nil {
		return nil, err
	}
	rows := make(predictions.Table, len(p))
	for i, e := range data.Examples {
		rows[i] = predictions.Row{ID: e.ID, Set: set, Label: float64(e.Label), P: p[i]}
	}
	return rows, nil
}

// Answer writes a model's answers on a set to path.
func (c *Collection) Answer(ctx context.Context, model Model, set predictions.Set, batch int, draw dataset.Draw, path string, progress dataset.Progress) error {
	rows, err := c.Answers(ctx, model, set, batch, draw, progress)
	if err != nil {
		return err
	}
	return predictions.Write(path, rows)
}
