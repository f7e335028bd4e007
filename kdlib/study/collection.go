package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
)

// Collection is a set of pictures ready for training: where they are, their decoded pixels, their split.
type Collection struct {
	Source   *images.Source
	Cache    *images.Cache
	Manifest images.Manifest
	isNew    bool // the split is new: no manifest was there to read
}

// CollectionOptions say which pictures take part and where what is made of them lies.
type CollectionOptions struct {
	Pictures string // folder, zip or tar
	CacheDir string // of decoded pictures
	Manifest string // file of the split
	Data     recipe.Data
	Report   Reporter
}

// OpenCollection opens the pictures of a folder, zip or tar. What is missing is made: the decoded
// pictures of o.Data.Size below o.CacheDir, and the split at o.Manifest. Broken pictures are said and left out.
// Pictures that are not those of the split any more are an error.
func OpenCollection(ctx context.Context, o CollectionOptions) (*Collection, error) {
	c, err := openDecoded(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := c.keep(o.Manifest); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Introduce says how the classes were told, which they are, and what was left out.
func (c *Collection) Introduce(report Reporter) {
	classes := c.Source.Classes()
	report.Say("0 = %s, 1 = %s (%s)", classes[0], classes[1], c.Source.Layout())
	for _, note := range c.Source.Notes() {
		report.Say("%s", note)
	}
}

// openDecoded is OpenCollection without what it writes beside the manifest.
func openDecoded(ctx context.Context, o CollectionOptions) (*Collection, error) {
	source, err := images.OpenAs(o.Pictures, o.Data.Layout)
	if err != nil {
		return nil, err
	}
	c := &Collection{Source: source}
	if c.Cache, err = openCache(ctx, source, o.Pictures, o.CacheDir, o.Data.Size, o.Report); err != nil {
		source.Close()
		return nil, err
	}
	if err := c.split(ctx, o); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// keep writes a split that is new and compares its pictures with those of the first time.
func (c *Collection) keep(manifestPath string) error {
	if c.isNew {
		if err := c.Manifest.Write(manifestPath); err != nil {
			return err
		}
	}
	return c.unchanged(manifestPath)
}

// Close releases the pictures and their cache.
func (c *Collection) Close() error { return errors.Join(c.Cache.Close(), c.Source.Close()) }

// split reads the manifest of an earlier run, or draws it.
func (c *Collection) split(ctx context.Context, o CollectionOptions) error {
	manifest, err := images.ReadManifest(o.Manifest)
	if c.isNew = errors.Is(err, fs.ErrNotExist); c.isNew {
		var leftOut int
		if manifest, leftOut, err = c.Draw(ctx, o); leftOut > 0 {
			o.Report.Say("%s: %d pictures of the split cannot be read: it has %d", o.Manifest, leftOut, len(manifest))
		}
	}
	if err != nil {
		return err
	}
	if err := c.sameClasses(manifest, o.Manifest); err != nil {
		return err
	}
	for _, e := range manifest {
		if _, ok := c.Cache.Image(e.ID); !ok {
			return fmt.Errorf("study: %s: picture %s is not among the decoded pictures", o.Manifest, e.ID)
		}
	}
	c.Manifest = manifest
	return nil
}

// Draw returns the split that o.Data draws of all pictures, whatever the manifest says; those that could not be decoded are then left
// out.
func (c *Collection) Draw(ctx context.Context, o CollectionOptions) (m images.Manifest, leftOut int, err error) {
	groups, err := c.duplicates(ctx, o)
	if err != nil {
		return nil, 0, err
	}
	m, leftOut, err = images.SplitReadable(c.Source.Pictures(), c.readable, o.Data.Pictures, o.Data.Seed, groups...)
	if err != nil {
		classes := c.Source.Classes()
		return nil, 0, fmt.Errorf("study: %s: of the classes %s (0) and %s (1): %w", o.Pictures, classes[0], classes[1], err)
	}
	return m, leftOut, nil
}

// duplicates returns the groups of identical pictures that are to stay together.
func (c *Collection) duplicates(ctx context.Context, o CollectionOptions) ([][]string, error) {
	if !o.Data.GroupDuplicates {
		return nil, nil
	}
	cache := c.Cache
	if cache.Size() != images.DuplicateSize {
		var err error
		if cache, err = openCache(ctx, c.Source, o.Pictures, o.CacheDir, images.DuplicateSize, o.Report); err != nil {
			return nil, err
		}
		defer cache.Close()
	}
	groups := cache.Duplicates()
	if len(groups) > 0 {
		o.Report.Say("%d groups of identical pictures, each in one set", len(groups))
	}
	return groups, nil
}

// sameClasses refuses a manifest of other classes, or of the same ones the other way round: it may come from another machine.
func (c *Collection) sameClasses(manifest images.Manifest, path string) error {
	ours := c.Source.Classes()
	for label, class := range manifest.Classes() {
		if class != "" && class != ours[label] {
			return fmt.Errorf("study: %s: its label %d is %s, that of the pictures %s", path, label, class, ours[label])
		}
	}
	return nil
}

// OtherLabels counts the pictures whose labels are others than in the manifest, and names the first.
func (c *Collection) OtherLabels() (first string, differ int) {
	labels := map[string]int{}
	for _, p := range c.Source.Pictures() {
		labels[p.ID] = p.Label
	}
	for _, e := range c.Manifest {
		if labels[e.ID] == e.Label {
			continue
		}
		if differ++; differ == 1 {
			first = e.ID
		}
	}
	return first, differ
}

func (c *Collection) readable(p images.Picture) bool {
	_, ok := c.Cache.Image(p.ID)
	return ok
}

// GroundTruth returns a set with its ground-truth labels.
func (c *Collection) GroundTruth(split predictions.Split) dataset.Data {
	entries := c.Manifest.Of(split)
	examples := make([]dataset.Example, len(entries))
	for i, e := range entries {
		examples[i] = dataset.Example{ID: e.ID, Label: float32(e.Label)}
	}
	return dataset.Data{Pictures: c.Cache, Examples: examples}
}

// TrainingData returns what a network is trained and chosen by: the train and the validation set, both with the
// labels of their source (section 3.2).
func (c *Collection) TrainingData(from *LabelSource) (train, validation dataset.Data, err error) {
	if err := c.trainable(); err != nil {
		return train, validation, err
	}
	if train, err = c.Relabelled(predictions.Train, from); err != nil {
		return train, validation, err
	}
	validation, err = c.Relabelled(predictions.Validation, from)
	return train, validation, err
}

// trainable refuses a manifest without both classes in the sets that a network is trained and chosen by.
func (c *Collection) trainable() error {
	for _, split := range []predictions.Split{predictions.Train, predictions.Validation} {
		if n := c.Manifest.Count(split); n[0] == 0 || n[1] == 0 {
			return fmt.Errorf("study: the %s set of the manifest has %d pictures of label 0 and %d of label 1, want at least 1 of each", split, n[0], n[1])
		}
	}
	return nil
}

// Relabelled returns a set with the labels that their source makes of a teacher's predictions on it. Without a
// source (nil) they are the ground truth.
func (c *Collection) Relabelled(split predictions.Split, from *LabelSource) (dataset.Data, error) {
	data := c.GroundTruth(split)
	if from == nil {
		return data, nil
	}
	if from.Rule != nil && !from.Rule.NeedsTeacher() {
		return dataset.Relabel(data, from.Rule, nil)
	}
	path := from.Path(split)
	predicted, err := predictions.Read(path)
	if err != nil {
		return dataset.Data{}, err
	}
	if from.Rule == nil {
		data, err = dataset.WithTeacher(data, predicted)
	} else {
		data, err = dataset.Relabel(data, from.Rule, predicted)
	}
	if err != nil {
		return data, fmt.Errorf("study: %s: %s set: %w", path, split, err)
	}
	return data, nil
}

// Model predicts the probability of "dog" for every example, and its logit if it can. *train.Model and *onnx.Model do.
type Model interface {
	Predict(ctx context.Context, data dataset.Data, how dataset.PredictOptions) (metrics.Predicted, error)
}

// Predict returns a model's predictions on a set, in the order of the manifest.
func (c *Collection) Predict(ctx context.Context, model Model, split predictions.Split, how dataset.PredictOptions) (predictions.Table, error) {
	data := c.GroundTruth(split)
	predicted, err := model.Predict(ctx, data, how)
	if err != nil {
		return nil, err
	}
	rows := make(predictions.Table, len(predicted.P))
	for i, e := range data.Examples {
		rows[i] = predictions.Row{ID: e.ID, Split: split, Label: float64(e.Label), P: predicted.P[i]}
		if predicted.Logits != nil {
			rows[i].Logit, rows[i].HasLogit = predicted.Logits[i], true
		}
	}
	return rows, nil
}

// WritePredictions writes a model's predictions on a set to path.
func (c *Collection) WritePredictions(ctx context.Context, model Model, split predictions.Split, path string, how dataset.PredictOptions) error {
	rows, err := c.Predict(ctx, model, split, how)
	if err != nil {
		return err
	}
	return predictions.Write(path, rows)
}
