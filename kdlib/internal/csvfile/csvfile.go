// Package csvfile writes and reads CSV files. They are written whole: a reader sees the old file or the new one, never a part.
// They are read strictly: what is wrong is an error that names the line.
package csvfile

import (
	"encoding/csv"
	"fmt"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Write writes a header and n rows to path: to a temporary file beside it, then by a rename. Errors name
// the path; the caller adds its package.
func Write(path string, header []string, n int, row func(i int) []string) error {
	file, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer file.Cleanup()
	w := csv.NewWriter(file)
	_ = w.Write(header) // w keeps its first error for Error
	for i := range n {
		_ = w.Write(row(i))
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
