package train

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"distillation/kdlib/dataset"
	"distillation/kdlib/recipe"
)

// checkOrigin refuses a checkpoint that another run left: with another recipe, or on other examples. Checkpoints that do not
// say so are as old as this check.
func (r Run) checkOrigin(meta map[string]string, path string) error {
	if text, ok := meta[metaRecipe]; ok {
		var stored recipe.Training
		if err := json.Unmarshal([]byte(text), &stored); err != nil {
			return fmt.Errorf("train: %s: its recipe: %w", path, err)
		}
		if err := r.goesOn(stored, path); err != nil {
			return err
		}
	}
	epoch, err := strconv.Atoi(meta[metaEpoch])
	if err != nil { // older than stages
		epoch = r.Recipe.Epochs
	}
	training, _, _ := r.on(epoch)
	if size := strconv.Itoa(training.Pictures.Size()); meta[metaSize] != "" && meta[metaSize] != size {
		return fmt.Errorf("train: %s learned from pictures of %[2]s x %[2]s: got %[3]s x %[3]s; use another folder or remove it", path, meta[metaSize], size)
	}
	if stored, ok := meta[metaExamples]; ok && stored != r.examplesHash() {
		return fmt.Errorf("train: %s learned from other pictures or labels (a changed manifest, other predictions of a teacher): "+
			"got SHA-256 %.12s, want %.12s; bring them back, or remove the folder", path, stored, r.examplesHash())
	}
	return nil
}

// examplesHash is the SHA-256 of the examples' names and labels, in order, and of a teacher's probabilities beside them.
func (r Run) examplesHash() string {
	sum := sha256.New()
	for _, data := range []dataset.Data{r.Train, r.Validation} {
		fmt.Fprintln(sum, len(data.Examples))
		for _, e := range data.Examples {
			fmt.Fprintf(sum, "%q %b\n", e.ID, e.Label)
		}
		for _, p := range data.Teacher {
			fmt.Fprintf(sum, "teacher %b\n", p)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}
