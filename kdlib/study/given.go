package study

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// given writes the predictions of a teacher that is not trained here, if they are not there yet. From a file of its
// predictions there are none on the augmented test set.
func (w *work) given(ctx context.Context) (err error) {
	g := w.Recipe.Given
	if !w.wanted(paper.Teacher) {
		return nil
	}
	if w.done(paper.Teacher) {
		w.Report.Say("%s: given before", paper.Teacher)
		return w.trustWritten()
	}
	held, err := w.hold(paper.Teacher)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.Release()) }()
	if w.finished(paper.Teacher) { // meanwhile, by another process
		return w.trustWritten()
	}
	if g.Predictions != "" {
		err = w.copyPredictions(g.Predictions)
	} else {
		err = w.predictONNX(ctx, g)
	}
	if err != nil {
		return err
	}
	return w.session.note(paper.Teacher, w.folder().Files(paper.Teacher)...)
}

// ErrWrongTeacher is the error of a teacher that is wrong on most training pictures.
var ErrWrongTeacher = errors.New("study: the teacher is wrong on most training pictures")

// Trust reports on how many training pictures a teacher's predictions are right by ground-truth labels. It returns an error if
// the teacher is wrong on most, unless anyway is true: guessing would be better, so the classes are swapped or the pictures are
// others.
func (c *Collection) Trust(predicted predictions.Table, anyway bool, report Reporter) error {
	p := make(map[string]float64, len(predicted))
	for _, row := range predicted {
		p[row.ID] = row.P
	}
	entries := c.Manifest.Of(predictions.Train)
	right := 0
	for _, e := range entries {
		if distill.Class(p[e.ID], distill.Threshold) == e.Label {
			right++
		}
	}
	accuracy := float64(right) / float64(len(entries))
	report.Say("the teacher is right on %.4f of %d training pictures, by their ground truth", accuracy, len(entries))
	if accuracy >= 0.5 || anyway {
		return nil
	}
	classes := c.Source.Classes()
	return fmt.Errorf("%w: right on %.4f of %d, want at least 0.5; its classes may be swapped: p is the probability of %s (1), not of %s (0); "+
		"AnyTeacher (--any-teacher) goes on with it as it is", ErrWrongTeacher, accuracy, len(entries), classes[1], classes[0])
}

// trustWritten is Trust in the predictions that are there.
func (w *work) trustWritten() error {
	path := folder.PredictionPath(w.Dir, paper.Teacher, predictions.Train)
	predicted, err := predictions.Read(path)
	if err != nil {
		return err
	}
	if err := w.pictures.Trust(predicted, w.AnyTeacher, w.Report); err != nil {
		return fmt.Errorf("%s: %w", filepath.Dir(path), err)
	}
	return nil
}

// remember keeps which file the teacher came from.
func (w *work) remember(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("study: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(w.Dir, paper.Teacher), 0o755); err != nil {
		return fmt.Errorf("study: %w", err)
	}
	sum := sha256.Sum256(text)
	return recipe.WriteJSON(filepath.Join(w.Dir, paper.Teacher, folder.GivenFile),
		folder.Source{File: filepath.Base(path), Sum: hex.EncodeToString(sum[:])})
}

// checkGiven refuses a given teacher that cannot predict. Of a network it is seen that the file is one, not what it predicts.
func (w *work) checkGiven() error {
	g := w.Recipe.Given
	if g == (recipe.Given{}) || !w.wanted(paper.Teacher) || w.finished(paper.Teacher) {
		return nil
	}
	if g.Predictions != "" {
		_, _, err := w.readPredictions(g.Predictions)
		return err
	}
	model, err := onnx.Open(w.backend, g.ONNX)
	if err != nil {
		return err
	}
	model.Finalize()
	return nil
}

// readPredictions returns the predictions in a file, one for each picture of the split, and the same by id.
func (w *work) readPredictions(path string) (predictions.Table, map[string]predictions.Row, error) {
	predicted, err := predictions.ReadProbabilities(path)
	if err != nil {
		return nil, nil, err
	}
	of, err := onSplit(path, predicted, w.pictures.Manifest)
	return predicted, of, err
}

// copyPredictions spreads a file of predictions over the sets of the split.
func (w *work) copyPredictions(path string) error {
	predicted, of, err := w.readPredictions(path)
	if err != nil {
		return err
	}
	if err := w.pictures.Trust(predicted, w.AnyTeacher, w.Report); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := w.remember(path); err != nil {
		return err
	}
	for _, split := range folder.Splits {
		var rows predictions.Table
		for _, e := range w.pictures.Manifest.Of(split) {
			row := of[e.ID]
			row.Split, row.Label = split, float64(e.Label)
			rows = append(rows, row)
		}
		if err := predictions.Write(folder.PredictionPath(w.Dir, paper.Teacher, split), rows); err != nil {
			return err
		}
	}
	return nil
}

// onSplit returns the predictions by id, or an error that counts the pictures of the split without a prediction and the predictions
// without a picture.
func onSplit(path string, predicted predictions.Table, split images.Manifest) (map[string]predictions.Row, error) {
	of := make(map[string]predictions.Row, len(predicted))
	for _, row := range predicted {
		of[row.ID] = row
	}
	known := make(map[string]bool, len(split))
	var missing, extra []string
	for _, id := range split.IDs() {
		known[id] = true
		if _, ok := of[id]; !ok {
			missing = append(missing, id)
		}
	}
	for _, id := range predicted.IDs() {
		if !known[id] {
			extra = append(extra, id)
		}
	}
	var faults []string
	if len(missing) > 0 {
		faults = append(faults, fmt.Sprintf("got no prediction on %d of the split's %d pictures, the first %s", len(missing), len(split), missing[0]))
	}
	if len(extra) > 0 {
		faults = append(faults, fmt.Sprintf("got predictions on what is no picture of the split: %d of %d, the first %s", len(extra), len(predicted), extra[0]))
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("study: %s: %s; want one prediction on each picture, whose id is its class and name, cat.7 or left.IMG_7, as kd data split lists them",
			path, strings.Join(faults, "; "))
	}
	return of, nil
}

// predictONNX lets a network from an ONNX file predict, on pictures of the size that it takes.
func (w *work) predictONNX(ctx context.Context, g recipe.Given) error {
	if err := w.remember(g.ONNX.File); err != nil {
		return err
	}
	model, err := onnx.Open(w.backend, g.ONNX)
	if err != nil {
		return err
	}
	defer model.Finalize()
	pictures := w.pictures
	if size := model.Is.Size; size != pictures.Cache.Size() {
		data := w.Recipe.Data
		data.Size = size
		manifest := filepath.Join(w.Dir, folder.ManifestFile)
		if pictures, err = openDecoded(ctx, CollectionOptions{Pictures: w.Pictures, CacheDir: w.CacheDir, Manifest: manifest, Data: data, Report: w.Report}); err != nil {
			return err
		}
		defer pictures.Close()
		if err := pictures.keep(manifest); err != nil {
			return err
		}
	}
	evaluation := dataset.Augmentation{Augment: g.Augment, Seed: EvaluationSeed(w.Recipe.Student.Seed)}
	if err := w.predict(ctx, paper.Teacher, Predictor{Pictures: pictures, Model: model}, dataset.PredictOptions{Batch: w.Recipe.Student.Batch, Augmentation: evaluation}); err != nil {
		return err
	}
	return w.trustWritten()
}
