package results

import (
	"os"
	"path/filepath"
	"testing"

	"distillation/kdlib/pred"
	"distillation/kdlib/recipe"
)

// small is a study of four models that answered four pictures of each set; the numbers below are worked out by hand.
func small(t *testing.T) *Run {
	t.Helper()
	r := &Run{Dir: t.TempDir(), Recipe: recipe.Demo}
	for model, p := range map[string][]float64{
		"teacher":   {0, 0.05, 0.5, 1}, // all right
		"classical": {0.9, 0.05, 0.5, 1},
		"hard":      {0.2, 0.4, 0.6, 0.3},
		"soft":      {0.1, 0.45, 0.7, 0.96},
	} {
		for _, set := range Sets {
			rows := pred.Table{{ID: "cat.0"}, {ID: "cat.1"}, {ID: "cat.2"}, {ID: "dog.0", Label: 1}}
			for i := range rows {
				rows[i].Set, rows[i].P = set, p[i]
			}
			write(t, r.Dir, model, string(set)+".csv", rows)
			if set == pred.Test {
				write(t, r.Dir, model, "test-augmented-0.csv", rows)
			}
		}
	}
	return r
}

func write(t *testing.T, dir, model, file string, rows pred.Table) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, model), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := pred.Write(filepath.Join(dir, model, file), rows); err != nil {
		t.Fatal(err)
	}
}
