package train

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// unfinished are the names under which renameio writes the files of a run until they are whole.
var unfinished = regexp.MustCompile(`^\.(config\.json|history\.csv|best\.safetensors|average\.safetensors|last\.safetensors)[0-9]+$`)

// removeUnfinished removes what a killed process had begun to write: the folder is ours alone, and a checkpoint is large.
func (r Run) removeUnfinished() error {
	entries, err := os.ReadDir(r.Dir)
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	for _, e := range entries {
		if !unfinished.MatchString(e.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(r.Dir, e.Name())); err != nil {
			return fmt.Errorf("train: %w", err)
		}
	}
	return nil
}
