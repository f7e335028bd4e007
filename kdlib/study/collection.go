package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
)

// Collection is a set of pictures ready for training: where they lie, their decoded pixels, their split.
type Collection struct {
	Source   *images.Source
	Cache    *images.Cache
	Others   map[int]*images.Cache // the same pictures at each of CollectionOptions.Sizes
	Manifest images.Manifest
	isNew    bool // the split is new: no manifest was there to read
	readOnly bool // nothing is noted beside it
	data     recipe.Data
}

// CollectionOptions say which pictures take part, and where to keep what is made of them.
type CollectionOptions struct {
	Pictures string // folder, zip or tar
	CacheDir string // of decoded pictures
	Manifest string // file of the split
	Data     recipe.Data
	Report   Reporter // nil: none
	Sizes    []int    // further ones than Data.Size, of a training's early stages
	ReadOnly bool     // write nothing beside a manifest that is there, such as one of a study that others work on
}

// OpenCollection opens the pictures of a folder, zip or tar. It makes what is missing: the decoded pictures of o.Data.Size
// below o.CacheDir, and the split at o.Manifest. It reports broken pictures and leaves them out. It is an error if the pictures
// are no longer those of the split.
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

// Introduce reports the classes, what told them apart, and what was left out.
func (c *Collection) Introduce(report Reporter) {
	classes := c.Source.Classes()
	report.Say("0 = %s, 1 = %s (%s)", classes[0], classes[1], c.Source.Layout())
	for _, note := range c.Source.Notes() {
		report.Say("%s", note)
	}
}

// openDecoded is OpenCollection without what it writes beside the manifest.
func openDecoded(ctx context.Context, o CollectionOptions) (*Collection, error) {
	o.Report = orQuiet(o.Report)
	source, err := images.OpenAs(o.Pictures, o.Data.Layout)
	if err != nil {
		return nil, err
	}
	c := &Collection{Source: source, Others: map[int]*images.Cache{}, data: o.Data}
	if c.Cache, err = openCache(ctx, source, o, o.Data.Size); err != nil {
		source.Close()
		return nil, err
	}
	err = c.openOthers(ctx, o)
	if err == nil {
		err = c.split(ctx, o)
	}
	c.readOnly = o.ReadOnly && !c.isNew
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// openOthers opens the pictures at further sizes.
func (c *Collection) openOthers(ctx context.Context, o CollectionOptions) error {
	for _, size := range o.Sizes {
		if size == o.Data.Size || c.Others[size] != nil {
			continue
		}
		cache, err := openCache(ctx, c.Source, o, size)
		if err != nil {
			return err
		}
		c.Others[size] = cache
	}
	return nil
}

// Sizes are the pictures at further sizes, for train.Run.
func (c *Collection) Sizes() map[int]dataset.Pictures {
	sizes := map[int]dataset.Pictures{}
	for size, cache := range c.Others {
		sizes[size] = cache
	}
	return sizes
}

// keep writes a split that is new and compares its pictures with those of the first time.
func (c *Collection) keep(manifestPath string) error {
	if c.isNew {
		if err := c.Manifest.Write(manifestPath); err != nil {
			return err
		}
	}
	for _, cache := range c.caches() {
		if err := c.unchanged(manifestPath, cache); err != nil {
			return err
		}
	}
	return nil
}

// caches are the pictures at all sizes.
func (c *Collection) caches() []*images.Cache {
	return slices.AppendSeq([]*images.Cache{c.Cache}, maps.Values(c.Others))
}

// Close releases the pictures and their caches.
func (c *Collection) Close() error {
	var errs []error
	for _, cache := range c.caches() {
		errs = append(errs, cache.Close())
	}
	return errors.Join(append(errs, c.Source.Close())...)
}

// ErrNotDecoded is the error of a manifest with a picture that is not there: it belongs to other pictures or was named by
// another layout.
var ErrNotDecoded = errors.New("is not among the decoded pictures")

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
		for _, cache := range c.caches() {
			if _, ok := cache.Image(e.ID); !ok {
				return fmt.Errorf("study: %s: picture %s %w of %s (%s)", o.Manifest, e.ID, ErrNotDecoded, o.Pictures, c.Source.Layout())
			}
		}
	}
	c.Manifest = manifest
	return nil
}

// Draw returns the split that o.Data draws of all pictures, whatever the manifest says. It leaves out pictures that could not
// be decoded.
func (c *Collection) Draw(ctx context.Context, o CollectionOptions) (m images.Manifest, leftOut int, err error) {
	groups, err := c.duplicates(ctx, o)
	if err != nil {
		return nil, 0, err
	}
	m, leftOut, err = images.SplitReadable(c.Source.Pictures(), c.readable, images.SplitOptions{N: o.Data.Pictures, Seed: o.Data.Seed, Groups: groups})
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
		if cache, err = openCache(ctx, c.Source, o, images.DuplicateSize); err != nil {
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

// TrainingData returns the data that a network learns from and the data that chooses its best epoch: the train and the
// validation set, both with the labels of their source (section 3.2). Where only some training pictures have hand labels, what learns from
// the ground truth gets these alone, as often as makes the train set.
func (c *Collection) TrainingData(from *LabelSource) (train, validation dataset.Data, err error) {
	if err := c.trainable(); err != nil {
		return train, validation, err
	}
	if train, err = c.Relabelled(predictions.Train, from); err != nil {
		return train, validation, err
	}
	if from == nil || from.Rule != nil && !from.Rule.NeedsTeacher() {
		train.Examples = c.withHandLabels(train.Examples)
	}
	validation, err = c.Relabelled(predictions.Validation, from)
	return train, validation, err
}

// withHandLabels are the training pictures that have hand labels, in turn until they are as many as all. They are drawn by the seed of the
// split, so that fewer ones are among more.
func (c *Collection) withHandLabels(all []dataset.Example) []dataset.Example {
	n := c.data.HandLabels
	if n == 0 {
		return all
	}
	of := [2][]dataset.Example{}
	for i, e := range c.Manifest.Of(predictions.Train) {
		of[e.Label] = append(of[e.Label], all[i])
	}
	rng := rand.New(rand.NewPCG(c.data.Seed, 0))
	var known []dataset.Example
	for class := range of {
		rng.Shuffle(len(of[class]), func(i, j int) { of[class][i], of[class][j] = of[class][j], of[class][i] })
		known = append(known, of[class][:n/2]...)
	}
	repeated := make([]dataset.Example, len(all))
	for i := range repeated {
		repeated[i] = known[i%n]
	}
	return repeated
}

// trainable refuses a manifest without both classes in the sets that a network is trained and chosen by, or with fewer training pictures
// than are to have hand labels.
func (c *Collection) trainable() error {
	for _, split := range []predictions.Split{predictions.Train, predictions.Validation} {
		if n := c.Manifest.Count(split); n[0] == 0 || n[1] == 0 {
			return fmt.Errorf("study: the %s set of the manifest has %d pictures of label 0 and %d of label 1, want at least 1 of each", split, n[0], n[1])
		}
	}
	if n, of := c.data.HandLabels, c.Manifest.Count(predictions.Train); n/2 > min(of[0], of[1]) {
		return fmt.Errorf("study: data.hand_labels: got %d, want at most %d: half of them are of each class, and the train set has %d and %d", n, 2*min(of[0], of[1]), of[0], of[1])
	}
	return nil
}

// Relabelled returns a set with the labels that a source makes of its teacher's predictions. Without a source (nil) the labels
// are the ground truth.
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
	return tableOf(data, split, predicted), nil
}

// tableOf are a model's predictions on examples as rows.
func tableOf(data dataset.Data, split predictions.Split, predicted metrics.Predicted) predictions.Table {
	rows := make(predictions.Table, len(predicted.P))
	for i, e := range data.Examples {
		rows[i] = predictions.Row{ID: e.ID, Split: split, Label: float64(e.Label), P: predicted.P[i]}
		if predicted.Logits != nil {
			rows[i].Logit, rows[i].HasLogit = predicted.Logits[i], true
		}
	}
	return rows
}

// A Predictor is a model with the pictures that it predicts.
type Predictor struct {
	Pictures *Collection
	Model    Model
	Mirror   bool // write the column p_mirrored, too: the mean of the predictions on each picture and on its mirror image
}

// Write writes the predictions on a set to path.
func (p Predictor) Write(ctx context.Context, split predictions.Split, path string, how dataset.PredictOptions) error {
	rows, err := p.Pictures.Predict(ctx, p.Model, split, how)
	if err != nil {
		return err
	}
	if !p.Mirror {
		return predictions.Write(path, rows)
	}
	how.Augmentation.Mirror = !how.Augmentation.Mirror
	other, err := p.Pictures.Predict(ctx, p.Model, split, how)
	if err != nil {
		return err
	}
	mean := make([]float64, len(rows))
	for i := range rows {
		mean[i] = (rows[i].P + other[i].P) / 2
	}
	return predictions.WriteMirrored(path, rows, mean)
}
