// Package teststudy makes small studies on disk for the tests of what reads them.
package teststudy

import (
	"os"
	"path/filepath"
	"testing"

	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// Small is a study of four models that predicted four pictures of each set; the numbers below are worked out by hand.
func Small(t *testing.T) *folder.Study {
	t.Helper()
	r := &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}
	for model, p := range map[string][]float64{
		"teacher":   {0, 0.05, 0.5, 1}, // all right
		"classical": {0.9, 0.05, 0.5, 1},
		"hard":      {0.2, 0.4, 0.6, 0.3},
		"soft":      {0.1, 0.45, 0.7, 0.96},
	} {
		for _, split := range folder.Splits {
			rows := predictions.Table{{ID: "cat.0"}, {ID: "cat.1"}, {ID: "cat.2"}, {ID: "dog.0", Label: 1}}
			for i := range rows {
				rows[i].Split, rows[i].P = split, p[i]
			}
			Write(t, folder.PredictionPath(r.Dir, model, split), rows)
			if split == predictions.Test {
				Write(t, folder.AugmentedPath(r.Dir, model, 0), rows)
			}
		}
	}
	return r
}

// Write writes a file of a model's predictions, whose folder need not be there.
func Write(t *testing.T, path string, rows predictions.Table) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := predictions.Write(path, rows); err != nil {
		t.Fatal(err)
	}
}
