package study

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// given writes the predictions of a teacher that is not trained here, if they are not there yet. From a file of its
// predictions there are none on the augmented test set.
func (w *work) given(ctx context.Context) error {
	g := w.Recipe.Given
	if w.finished(paper.Teacher) {
		w.Report.Say("%s: given before", paper.Teacher)
		return nil
	}
	err := w.remember(cmp.Or(g.Predictions, g.ONNX.File))
	if err != nil {
		return err
	}
	if g.Predictions != "" {
		err = w.copyPredictions(g.Predictions)
	} else {
		err = w.predictONNX(ctx, g)
	}
	if err != nil {
		return err
	}
	return w.session.note(paper.Teacher)
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
	if g == (recipe.Given{}) || w.finished(paper.Teacher) {
		return nil
	}
	if g.Predictions != "" {
		_, err := w.readPredictions(g.Predictions)
		return err
	}
	model, err := onnx.Open(w.backend, g.ONNX)
	if err != nil {
		return err
	}
	model.Finalize()
	return nil
}

// readPredictions returns the predictions in a file by id, one for each picture of the split.
func (w *work) readPredictions(path string) (map[string]float64, error) {
	predicted, err := predictions.ReadProbabilities(path)
	if err != nil {
		return nil, err
	}
	return onSplit(path, predicted, w.pictures.Manifest)
}

// copyPredictions spreads a file of predictions over the sets of the split.
func (w *work) copyPredictions(path string) error {
	p, err := w.readPredictions(path)
	if err != nil {
		return err
	}
	for _, split := range folder.Splits {
		var rows predictions.Table
		for _, e := range w.pictures.Manifest.Of(split) {
			rows = append(rows, predictions.Row{ID: e.ID, Split: split, Label: float64(e.Label), P: p[e.ID]})
		}
		if err := predictions.Write(folder.PredictionPath(w.Dir, paper.Teacher, split), rows); err != nil {
			return err
		}
	}
	return nil
}

// onSplit returns the predictions by id, or an error that counts the pictures of the split without a prediction and the predictions
// without a picture.
func onSplit(path string, predicted predictions.Table, split images.Manifest) (map[string]float64, error) {
	p := make(map[string]float64, len(predicted))
	for _, row := range predicted {
		p[row.ID] = row.P
	}
	known := make(map[string]bool, len(split))
	var missing, extra []string
	for _, id := range split.IDs() {
		known[id] = true
		if _, ok := p[id]; !ok {
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
		return nil, fmt.Errorf("study: %s: %s; want one prediction on each picture", path, strings.Join(faults, "; "))
	}
	return p, nil
}

// predictONNX lets a network from an ONNX file predict, on pictures of the size that it takes.
func (w *work) predictONNX(ctx context.Context, g recipe.Given) error {
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
		if pictures, err = openDecoded(ctx, CollectionOptions{w.Pictures, w.CacheDir, manifest, data, w.Report}); err != nil {
			return err
		}
		defer pictures.Close()
		if err := pictures.keep(manifest); err != nil {
			return err
		}
	}
	evaluation := dataset.Augmentation{Augment: g.Augment, Seed: EvaluationSeed(w.Recipe.Student.Seed)}
	return w.predict(ctx, paper.Teacher, model, pictures, dataset.PredictOptions{Batch: w.Recipe.Student.Batch, Augmentation: evaluation})
}
