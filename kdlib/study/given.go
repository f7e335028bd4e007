package study

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"distillation/kdlib/catdog"
	"distillation/kdlib/fit"
	"distillation/kdlib/foreign"
	"distillation/kdlib/paper"
	"distillation/kdlib/pred"
	"distillation/kdlib/recipe"
	"distillation/kdlib/results"
)

// given writes the predictions of a teacher that is not trained here, if they are not there yet. From a file of its
// answers there are none on the moved test set.
func (w *work) given(ctx context.Context) error {
	g := w.Recipe.Given
	if w.finished(paper.Teacher) {
		w.Report.Say("%s: given before", paper.Teacher)
		return nil
	}
	if err := w.remember(cmp.Or(g.Answers, g.ONNX.File)); err != nil {
		return err
	}
	if g.Answers != "" {
		return w.copyAnswers(g.Answers)
	}
	return w.askForeign(ctx, g)
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
	return recipe.WriteJSON(filepath.Join(w.Dir, paper.Teacher, results.GivenFile),
		results.Source{File: filepath.Base(path), Sum: hex.EncodeToString(sum[:])})
}

// copyAnswers spreads a file of answers over the sets of the split.
func (w *work) copyAnswers(path string) error {
	answers, err := pred.ReadAnswers(path)
	if err != nil {
		return err
	}
	p, err := onSplit(path, answers, w.pictures.Manifest)
	if err != nil {
		return err
	}
	for _, set := range results.Sets {
		var rows pred.Table
		for _, e := range w.pictures.Manifest.Of(set) {
			rows = append(rows, pred.Row{ID: e.ID, Set: set, Label: float64(e.Label), P: p[e.ID]})
		}
		if err := pred.Write(results.PredictionPath(w.Dir, paper.Teacher, set), rows); err != nil {
			return err
		}
	}
	return nil
}

// onSplit returns the answers by id, or an error that names the pictures of the split without an answer and the answers
// without a picture.
func onSplit(path string, answers pred.Table, split catdog.Manifest) (map[string]float64, error) {
	p := make(map[string]float64, len(answers))
	for _, row := range answers {
		p[row.ID] = row.P
	}
	var missing, extra []string
	known := make(map[string]bool, len(split))
	for _, e := range split {
		known[e.ID] = true
		if _, ok := p[e.ID]; !ok {
			missing = append(missing, e.ID)
		}
	}
	for _, row := range answers {
		if !known[row.ID] {
			extra = append(extra, row.ID)
		}
	}
	if len(missing)+len(extra) > 0 {
		return nil, fmt.Errorf("study: %s: got %d answers on other pictures than the split's%s%s, want one on each of its %d pictures",
			path, len(answers), some("; missing", missing), some("; not in the split", extra), len(split))
	}
	return p, nil
}

// some names the first of ids.
func some(what string, ids []string) string {
	const named = 5
	switch n := len(ids); {
	case n == 0:
		return ""
	case n > named:
		return fmt.Sprintf("%s: %d, such as %v", what, n, ids[:named])
	}
	return fmt.Sprintf("%s: %v", what, ids)
}

// askForeign lets a network from an ONNX file answer, on pictures of the size that it takes.
func (w *work) askForeign(ctx context.Context, g recipe.Given) error {
	model, err := foreign.Open(w.backend, g.ONNX)
	if err != nil {
		return err
	}
	defer model.Finalize()
	pictures := w.pictures
	if size := model.Is.Size; size != 0 && size != pictures.Cache.Size() {
		data := w.Recipe.Data
		data.Size = size
		pictures, err = OpenCollection(ctx, w.Pictures, w.CacheDir, filepath.Join(w.Dir, results.ManifestFile), data, w.Report)
		if err != nil {
			return err
		}
		defer pictures.Close()
	}
	evaluation := fit.Draw{Augment: g.Augment, Seed: EvaluationSeed(w.Recipe.Student.Seed)}
	return w.answers(ctx, paper.Teacher, model, pictures, w.Recipe.Student.Batch, evaluation)
}
